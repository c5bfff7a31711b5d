import { digestOf } from "../../infra/hash.js";
import { isJsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import type { PhotoWords } from "./photo-words.js";
import { countOf } from "./shapes.js";
import { versionOf } from "./to-instance.js";

/** How far back a scan looks again: what Flickr lists late must not be missed. */
const OVERLAP_SECONDS = 600;
/** More than this of the last minutes are not remembered; they are told again, which does no harm. */
const MOST_REMEMBERED = 200;
const FORM = 1;

/** How far changes were read, by Flickr's own clock. */
export interface Cursor {
  /** Unix seconds: the latest change that was seen. */
  readonly at: number;
  /** Digests of what was seen of the overlap, so that it is not told again. */
  readonly seen: ReadonlySet<string>;
}

/** The cursor that the text holds; null for any other text, which means everything. */
export function readCursor(text: string | undefined): Cursor | null {
  const value = text === undefined ? undefined : parseJsonBytes(new TextEncoder().encode(text))?.value;
  if (!isJsonRecord(value) || value["form"] !== FORM) return null;
  const at = countOf(value["at"]);
  const seen = value["seen"];
  if (at === undefined || !Array.isArray(seen)) return null;
  return { at, seen: new Set(seen.filter((one) => typeof one === "string")) };
}

/** From when on changes are asked for. */
export const overlapStart = ({ at }: Pick<Cursor, "at">): number => Math.max(1, at - OVERLAP_SECONDS);

const digest = (words: PhotoWords): string => digestOf(`${words.id}:${versionOf(words)}`).slice(0, 10);

/** True where the cursor's scan saw the photo just as it is. */
export const wasSeen = (cursor: Cursor, words: PhotoWords): boolean => cursor.seen.has(digest(words));

/** Notes what a scan sees, and makes the next cursor of it. */
export class CursorMaker {
  #at: number;
  #recent: { readonly at: number; readonly digest: string }[] = [];

  constructor(before: Cursor | null) {
    this.#at = before?.at ?? 0;
    for (const digest of before?.seen ?? []) this.#recent.push({ at: this.#at, digest });
  }

  note(words: PhotoWords): void {
    const at = Number(words.lastUpdate ?? 0);
    if (!Number.isSafeInteger(at)) return;
    this.#at = Math.max(this.#at, at);
    this.#recent.push({ at, digest: digest(words) });
    if (this.#recent.length > 4 * MOST_REMEMBERED) this.#forget();
  }

  #forget(): void {
    const from = this.#at - OVERLAP_SECONDS;
    this.#recent = this.#recent
      .filter(({ at }) => at >= from)
      .sort((a, b) => b.at - a.at)
      .slice(0, MOST_REMEMBERED);
  }

  /** Null where nothing was ever seen: then there is nothing to go on from. */
  text(): string | null {
    if (this.#at === 0) return null;
    this.#forget();
    const seen = [...new Set(this.#recent.map((one) => one.digest))].sort();
    return JSON.stringify({ form: FORM, at: this.#at, seen });
  }
}
