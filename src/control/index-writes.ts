import { dirname } from "node:path";
import type { Database } from "lmdb";
import { PhotosyncError } from "../domain/errors.js";
import { isDiskFull, noSpaceForIndex } from "./index-space.js";
import { type LocalIndex, moveAway } from "./local-index.js";

/** How many writes one transaction takes at most, and how many bytes of sidecars: bounds the memory of those that wait. */
const MOST_WRITES = 1000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Writes to the index that nobody waits for one by one. They are made in batches, synchronously: LMDB's own queue
 * prints to the console and rejects promises without an owner when the disk is full.
 */
export class IndexWrites {
  readonly #index: LocalIndex;
  #waiting: (() => void)[] = [];
  #bytes = 0;
  #failed: { readonly error: unknown } | null = null;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  /** Takes one write; it can be read back after `settled`. Never throws: the first error is kept for `settled`. */
  put<V, K extends string | number>(table: Database<V, K>, key: K, value: V): void {
    if (this.#failed !== null) return;
    this.#waiting.push(() => table.putSync(key, value));
    if (value instanceof Uint8Array) this.#bytes += value.byteLength;
    if (this.#waiting.length >= MOST_WRITES || this.#bytes >= MOST_BYTES) this.#flush();
  }

  /** Resolves when every write so far can be read back. Throws the first error of a write, as LMDB told it. */
  async settled(): Promise<void> {
    this.#flush();
    if (this.#failed !== null) throw this.#failed.error;
  }

  #flush(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (writes.length === 0) return;
    try {
      this.#index.root.transactionSync(() => {
        for (const write of writes) write();
      });
    } catch (error) {
      this.#failed ??= { error };
    }
  }
}

/**
 * LMDB's numbers (`lmdb.h`) for pages that do not fit together: not found, corrupted, panic, another version, invalid, a tree deeper
 * or a page fuller than can be, a file grown by nobody, a table of another kind, and what follows from them: a bad
 * transaction, a bad table, and what "should abort".
 */
const DAMAGED: ReadonlySet<number> = new Set([
  -30797, -30796, -30795, -30794, -30793, -30787, -30786, -30785, -30784, -30782, -30780, -30779,
]);

/** True for what the decoder of values threw: bytes that nobody stored as a value. It gives its errors no number. */
const isUndecodable = ({ stack }: Error): boolean =>
  /[\\/]msgpackr[\\/]/.test(/\n\s+at [^\n]*/.exec(stack ?? "")?.[0] ?? "");

/**
 * What LMDB threw (it gives its errors numbers) or could not decode as an error for the person: `store.no-space` (user) when the disk is full,
 * else `library.index-failed` (transient). A damaged index is put away, so that the next run makes it anew, unless this is a
 * dry run (`keep`). Any other value comes back as it was.
 */
export async function indexError(
  error: unknown,
  folder: string,
  { keep = false }: { readonly keep?: boolean } = {},
): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "number" ? error.code : null;
  const isDamaged = code === null ? isUndecodable(error) : DAMAGED.has(code);
  if (code === null && !isDamaged) return error;
  if (code === 28 || (await isDiskFull(dirname(folder)))) return noSpaceForIndex(folder, error);
  // Where that fails, the message below says what the owner can do about it.
  if (!keep && isDamaged) await moveAway(folder).catch(() => {});
  return new PhotosyncError({
    kind: "transient",
    code: "library.index-failed",
    message: `Could not use the index in ${folder}: ${error.message}.`,
    next: [`Check the disk, then run again; if it stays so, delete ${folder}: it is made anew.`],
    cause: error,
  });
}
