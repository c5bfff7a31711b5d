import { closeSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { discardFile, errnoOf, fileError } from "../infra/durable-file.js";
import { encodeStat, indexStatBytes } from "./git-index-stat.js";
import { writeFully } from "./write-fully.js";

/** Files to be made where there are none, in a form that crosses between threads. */
export interface NewFiles {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Git's mode of each. */
  readonly modes: Uint32Array;
  readonly bytes: Uint8Array;
  /** Where each file's content ends in `bytes`. */
  readonly ends: Float64Array;
}

/** The stat fields that Git's index keeps of each file, 40 bytes each; `made` is 0 for one that could not be made. */
export interface MadeFiles {
  readonly stats: Uint8Array;
  readonly made: Uint8Array;
}

/** Makes the files that can be made. What stands at a path stays, and of a file that could not be written nothing is left. */
export function createFiles({ paths, modes, bytes, ends }: NewFiles): MadeFiles {
  const stats = Buffer.alloc(paths.length * indexStatBytes);
  const made = new Uint8Array(paths.length);
  paths.forEach((path, at) => {
    const mode = modes[at] ?? 0;
    try {
      const content = bytes.subarray(at === 0 ? 0 : ends[at - 1], ends[at]);
      createFile(path, content, mode).copy(stats, at * indexStatBytes);
      made[at] = 1;
    } catch {
      // Whoever asked does it once more, one by one, and tells what is wrong.
    }
  });
  return { stats, made };
}

/**
 * Writes a file where there is none, under its own name, and returns its stat fields for Git's index: nothing of the owner's can be
 * replaced, what a kill cuts short is known by its beginning (see `isTornCopy`), and a temporary file would take a
 * third longer over 100,000. Throws what `fileError` makes of a file-system error, with the system's own as its cause.
 */
export function createFile(absolute: string, bytes: Uint8Array, mode: number): Buffer {
  let file = -1;
  try {
    file = openNew(absolute, mode === 0o100755 ? 0o777 : 0o666);
    writeFully(file, bytes);
    return encodeStat(fstatSync(file, { bigint: true }), mode);
  } catch (error) {
    // Only what was created here may go: an error of opening means that somebody else's file stands there.
    if (file >= 0) discardFile(absolute);
    throw fileError(error, absolute, "write");
  } finally {
    if (file >= 0) closeSync(file);
  }
}

function openNew(absolute: string, permissions: number): number {
  try {
    return openSync(absolute, "wx", permissions);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    mkdirSync(dirname(absolute), { recursive: true });
    return openSync(absolute, "wx", permissions);
  }
}
