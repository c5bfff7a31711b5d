import type { FlickrState } from "./state.js";

function next(state: FlickrState, kind: string): number {
  const count = (state.counters.get(kind) ?? 0) + 1;
  state.counters.set(kind, count);
  return count;
}

/** So many hex digits. */
export function hex(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

/** Eleven digits, rising. */
export const photoIdAfter = (state: FlickrState): string => String(52_000_000_000 + 7 * next(state, "photo"));

/** Seventeen digits: more than a JavaScript number can hold. */
export const setIdAfter = (state: FlickrState): string =>
  `72157${String(720_000_000_001 + 1024 * next(state, "set")).padStart(12, "0")}`;

export const ticketIdAfter = (state: FlickrState): string =>
  `${400_000 + next(state, "ticket")}-72157700000001`;

/** The number that ends a tag's id; every spelling of every photo has its own. */
export const tagNumberAfter = (state: FlickrState): string => String(320 + next(state, "tag"));

/** `72157…-<16 hex>`, as tokens look. */
export const tokenAfter = (state: FlickrState, random: () => number): string =>
  `72157${String(720_900_000_000 + next(state, "token"))}-${hex(random, 16)}`;
