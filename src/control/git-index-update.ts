import type { GitIndex } from "./git-index.js";
import { indexStatBytes } from "./git-index-stat.js";
import { IndexFileBytes } from "./index-file-bytes.js";

/** What the index shall say of a path from now on; `null` takes it out. `path` is a byte path. */
export interface IndexUpdate {
  readonly path: string;
  readonly entry: { readonly oid: string; readonly mode: number; readonly stat: Buffer } | null;
}

/**
 * The index with `updates` (sorted by path, one per path) and every other entry as it is: what the owner has staged stays
 * staged. Extensions are left out, being caches that would be stale now; Git makes them anew.
 */
export function updatedIndex(old: GitIndex, updates: Iterable<IndexUpdate>): Buffer {
  const file = new IndexFileBytes();
  let hasExtended = false;
  const keep = (from: number, to: number) => {
    let begun = from;
    for (let position = from; position < to; position++) {
      if (old.isExtendedAt(position)) hasExtended = true;
      if (!old.isRacyAt(position)) continue;
      file.add(old.rawBetween(begun, position), position - begun);
      file.add(smudged(old.rawBetween(position, position + 1)), 1);
      begun = position + 1;
    }
    if (begun < to) file.add(old.rawBetween(begun, to), to - begun);
  };
  let position = 0;
  for (const update of updates) {
    const place = old.lowerBound(update.path);
    keep(position, place);
    position = Math.max(position, place);
    // All stages of the path go: it is settled now.
    while (position < old.count && old.pathAt(position) === update.path) position++;
    if (update.entry === null) continue;
    addEntry(file, update.path, update.entry);
  }
  keep(position, old.count);
  return file.finish(hasExtended);
}

/**
 * An entry as young as the old index would look older than the new one, hiding a change made within the same tick of the
 * clock. Size 0 makes Git compare contents, which is what Git itself does here (racy-git).
 */
function smudged(raw: Buffer): Buffer {
  const isSubmodule = raw.readUInt32BE(24) === 0o160000;
  if (isSubmodule) return raw;
  const copy = Buffer.from(raw);
  copy.writeUInt32BE(0, indexStatBytes - 4);
  return copy;
}

function addEntry(file: IndexFileBytes, path: string, entry: NonNullable<IndexUpdate["entry"]>): void {
  const raw = file.addOne(Math.floor((62 + path.length) / 8 + 1) * 8);
  entry.stat.copy(raw, 0);
  raw.writeUInt32BE(entry.mode, 24);
  raw.write(entry.oid, indexStatBytes, "hex");
  raw.writeUInt16BE(Math.min(path.length, 0xfff), 60);
  raw.write(path, 62, "latin1");
}
