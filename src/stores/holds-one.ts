import type { BlobKey } from "../domain/ids.js";

/** A blob as a document records it. */
export interface RecordedBlob {
  readonly key: BlobKey;
  readonly bytes: number;
}

/** Many enough that some of a store's blobs may be lost, and few enough to be asked after at once. */
const MOST = 16;

/** Whether one of the first of these blobs is in a store, in its size. */
export async function holdsOne(
  recorded: Iterable<RecordedBlob>,
  sizesOf: (keys: readonly BlobKey[]) => Promise<ReadonlyMap<BlobKey, number>>,
): Promise<boolean> {
  const asked: RecordedBlob[] = [];
  for (const blob of recorded) {
    asked.push(blob);
    if (asked.length === MOST) break;
  }
  if (asked.length === 0) return false;
  const sizes = await sizesOf(asked.map(({ key }) => key));
  return asked.some(({ key, bytes }) => sizes.get(key) === bytes);
}
