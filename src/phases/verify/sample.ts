import { digestOf } from "../../infra/hash.js";

const DRAWN_DIGITS = 12;
const RANGE = 16 ** DRAWN_DIGITS;

/**
 * True for about `percent` of all keys. The same ones for the same seed on every machine; another seed draws anew, so that
 * runs with changing seeds come to every key. 100 takes all, 0 none.
 */
export function inSample(key: string, seed: string, percent: number): boolean {
  const drawn = Number.parseInt(digestOf(`${seed}\n${key}`).slice(0, DRAWN_DIGITS), 16) / RANGE;
  return drawn < percent / 100;
}
