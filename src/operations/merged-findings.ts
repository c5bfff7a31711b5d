import { mergedKey } from "../control/catalog.js";
import { startingWith } from "../control/index-keys.js";
import type { LocalIndex } from "../control/local-index.js";
import type { MergedFinding } from "../phases/discover/seen.js";

/** Findings that one document holds. */
export interface MergedInto {
  readonly path: string;
  readonly merged: readonly MergedFinding[];
}

/** True when the document at the path tells what it told when the finding was seen to be in it. */
export function isMerged(index: LocalIndex, finding: MergedFinding, path: string): boolean {
  const told = index.merged.get(mergedKey(finding));
  return told !== undefined && told === index.told.get(path);
}

/**
 * Remembers that these documents, as they are indexed now, hold these findings; what was remembered of the same bytes while
 * the document told something else is dropped.
 */
export function rememberMerged(index: LocalIndex, found: readonly MergedInto[]): void {
  for (let start = 0; start < found.length; start += BATCH) {
    const batch = found.slice(start, start + BATCH);
    index.root.transactionSync(() => {
      for (const { path, merged } of batch) rememberOne(index, path, merged);
    });
  }
}

/** How many documents are remembered in one transaction: LMDB holds a copy of each page that it changes. */
const BATCH = 1000;

function rememberOne(index: LocalIndex, path: string, merged: readonly MergedFinding[]): void {
  const told = index.told.get(path);
  if (told === undefined) return;
  for (const { hash } of merged) {
    for (const { key, value } of [...index.merged.getRange(startingWith(hash))]) {
      if (value !== told) index.merged.removeSync(key);
    }
  }
  for (const finding of merged) index.merged.putSync(mergedKey(finding), told);
}

/** Gathers what is to be remembered of documents that come one by one. */
export class MergedBatches {
  readonly #index: LocalIndex;
  #waiting: MergedInto[] = [];

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  add(found: MergedInto): void {
    this.#waiting.push(found);
    if (this.#waiting.length >= BATCH) this.flush();
  }

  /** Writes what has been gathered. */
  flush(): void {
    if (this.#waiting.length > 0) rememberMerged(this.#index, this.#waiting);
    this.#waiting = [];
  }
}
