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
  /** Unix seconds: changes up to then were seen. */
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

/** How much this computer's clock may be ahead of Flickr's, which refuses signatures long before. */
const CLOCK_SECONDS = 3600;

/**
 * Notes what a scan sees, and makes the next cursor of it. A scan takes its time, and what changed meanwhile may have been listed
 * before it changed: the cursor never lies after the scan's begin, by this computer's clock or by Flickr's.
 */
export class CursorMaker {
  readonly #startedAt: number;
  #latest = 0;
  #firstMissed = Number.POSITIVE_INFINITY;
  #recent: { readonly at: number; readonly digest: string }[] = [];

  /** `startedAt` in unix seconds. */
  constructor(startedAt: number, before: Cursor | null) {
    this.#startedAt = startedAt;
    this.#latest = before?.at ?? 0;
    for (const digest of before?.seen ?? []) this.#recent.push({ at: this.#latest, digest });
  }

  note(words: PhotoWords): void {
    const at = Number(words.lastUpdate ?? 0);
    if (!Number.isSafeInteger(at)) return;
    this.#latest = Math.max(this.#latest, at);
    this.#recent.push({ at, digest: digest(words) });
    if (this.#recent.length > 4 * MOST_REMEMBERED) this.#forget();
  }

  /** Notes what was listed and could not be read: gone by now, or its words are behind its list. The next scan looks from there on. */
  missed({ lastUpdate }: PhotoWords): void {
    const at = Number(lastUpdate ?? 0);
    this.#firstMissed = Math.min(this.#firstMissed, Number.isSafeInteger(at) ? at : 0);
  }

  #at(): number {
    const latest = Math.max(this.#latest, this.#startedAt - CLOCK_SECONDS);
    return Math.max(1, Math.min(latest, this.#startedAt, this.#firstMissed));
  }

  #forget(): void {
    const from = overlapStart({ at: this.#at() });
    this.#recent = this.#recent
      .filter(({ at }) => at >= from)
      .sort((a, b) => b.at - a.at)
      .slice(0, MOST_REMEMBERED);
  }

  text(): string {
    this.#forget();
    const seen = [...new Set(this.#recent.map((one) => one.digest))].sort();
    return JSON.stringify({ form: FORM, at: this.#at(), seen });
  }
}
