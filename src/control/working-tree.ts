import { rmdirSync } from "node:fs";
import { tempToken } from "../infra/durable-file.js";
import { type BringHow, type BringTools, bringFile, type FileMove } from "./bring-file.js";
import { parentOf } from "./byte-path.js";
import { endOfRun, FilesElsewhere } from "./files-elsewhere.js";
import type { GitIndex } from "./git-index.js";
import { indexStatBytes, unknownStat } from "./git-index-stat.js";
import type { IndexUpdate } from "./git-index-update.js";
import type { GitRepository } from "./git-repository.js";
import { createPacer } from "./pacer.js";
import type { SideThread } from "./side-thread.js";
import { WorkingCopy } from "./working-copy.js";

/**
 * Brings working copies along to `to`; one that stands is replaced by a temporary file and a rename, so that a reader
 * sees one version or the other. Returns what the index shall say of them, and how many were changed. Files are not fsynced one by one, which
 * would cost minutes for 100,000: their bytes are durable as Git objects, and the journal stays until a later run has seen that no
 * power cut came between. `side` shares the work when there is much of it.
 */
export async function bringAlong(
  repository: GitRepository,
  index: GitIndex,
  moves: readonly FileMove[],
  how: BringHow,
  side: SideThread,
): Promise<{ readonly updates: Iterable<IndexUpdate>; readonly changed: number }> {
  const working = new WorkingCopy(repository.dir, index);
  const tools: BringTools = { ...how, working, token: tempToken() };
  // In one piece: a small buffer of its own for each keeps a whole slab of Node's alive, full of documents.
  const stats = Buffer.alloc(moves.length * indexStatBytes);
  const statAt = (place: number) => stats.subarray(place * indexStatBytes, (place + 1) * indexStatBytes);
  const emptied = new Set<string>();
  const pace = createPacer(null);
  let changed = 0;
  const note = (place: number, move: FileMove, stat: Buffer | null, isChanged: boolean) => {
    if (move.to !== null) (stat ?? unknownStat(move.to.mode)).copy(statAt(place));
    if (!isChanged) return;
    if (move.to === null) emptied.add(parentOf(move.path));
    changed++;
    repository.faultPoint("file-written");
  };
  const bringHere = (place: number) => {
    const move = moves[place];
    if (move === undefined) return;
    const { stat, isChanged } = bringFile(tools, move);
    note(place, move, stat, isChanged);
  };
  const elsewhere = new FilesElsewhere(tools, side, (place, stat) => {
    const move = moves[place];
    if (move === undefined || stat === null) bringHere(place);
    else note(place, move, stat, true);
  });
  for (let start = 0, end = 0; start < moves.length; start = end) {
    end = endOfRun(moves, start);
    if (elsewhere.take(moves, start, end)) continue;
    for (let place = start; place < end; place++) {
      await pace();
      bringHere(place);
    }
  }
  await elsewhere.settled();
  for (const folder of emptied) removeEmptyFolders(working, folder);
  return { updates: updatesOf(moves, statAt), changed };
}

/** One by one: all at once would take more memory than the index that they go into. */
function* updatesOf(moves: readonly FileMove[], statAt: (place: number) => Buffer): Generator<IndexUpdate> {
  for (const [place, { path, to }] of moves.entries()) {
    yield { path, entry: to === null ? null : { oid: to.oid, mode: to.mode, stat: statAt(place) } };
  }
}

/** Git keeps no empty folders, so those that a removal emptied go; one with anything left in it ends the walk up. */
function removeEmptyFolders(working: WorkingCopy, start: string): void {
  for (let folder = start; folder !== ""; folder = parentOf(folder)) {
    try {
      rmdirSync(working.absolute(folder));
    } catch {
      return;
    }
  }
}
