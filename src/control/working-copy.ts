import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, lstatSync, openSync, readSync } from "node:fs";
import { fileError } from "../infra/durable-file.js";
import { fromBytePath, parentOf } from "./byte-path.js";
import type { GitIndex } from "./git-index.js";

/** What stands at a path on disk. `other` is a folder, a link, a device, or anything behind a linked folder. */
export type Copy =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly stat: BigIntStats }
  | { readonly kind: "other" };

/**
 * Looks at the working tree, for the length of one operation. Contents are compared as raw bytes: documents are written with LF
 * under `* text=auto eol=lf`, so that no filter of Git's changes them.
 */
export class WorkingCopy {
  readonly #dir: string;
  readonly #index: GitIndex;
  readonly #realFolders = new Set<string>([""]);

  constructor(dir: string, index: GitIndex) {
    this.#dir = dir;
    this.#index = index;
  }

  absolute(path: string): string {
    // Not `join`, which normalizes at a cost that shows over 100,000 files: paths of Git are normal already.
    return path === "" ? this.#dir : `${this.#dir}/${fromBytePath(path)}`;
  }

  look(path: string): Copy {
    const folder = this.folderKind(parentOf(path));
    if (folder !== "folder") return { kind: folder };
    const stat = this.#lstat(path);
    if (stat === undefined) return { kind: "absent" };
    return stat.isFile() ? { kind: "file", stat } : { kind: "other" };
  }

  /** Git's id of a file's bytes: from the index when the file is certainly the one that was added, else by reading it. */
  oidOf(path: string, stat: BigIntStats): string {
    const index = this.#index;
    const position = index.positionOf(path);
    if (position >= 0 && index.kindAt(position) === "plain" && index.isUnchangedAt(position, stat))
      return index.oidAt(position);
    return this.hash(path, stat);
  }

  /** Git's id of a file's bytes, read now. */
  hash(path: string, stat: BigIntStats): string {
    const absolute = this.absolute(path);
    const hash = createHash("sha1").update(`blob ${stat.size}\0`);
    try {
      const file = openSync(absolute, "r");
      try {
        const buffer = Buffer.allocUnsafe(Number(stat.size < 1_048_576n ? stat.size + 1n : 1_048_576n));
        for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) {
          hash.update(buffer.subarray(0, got));
        }
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw fileError(error, absolute, "read");
    }
    return hash.digest("hex");
  }

  /** What a folder is. A path through a link could lead out of the library: nothing is read or written behind one. */
  folderKind(folder: string): "folder" | "absent" | "other" {
    if (this.#realFolders.has(folder)) return "folder";
    const parent = this.folderKind(parentOf(folder));
    if (parent !== "folder") return parent;
    const stat = this.#lstat(folder);
    if (stat === undefined) return "absent";
    if (!stat.isDirectory()) return "other";
    this.#realFolders.add(folder);
    return "folder";
  }

  #lstat(path: string): BigIntStats | undefined {
    const absolute = this.absolute(path);
    try {
      return lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      throw fileError(error, absolute, "look at");
    }
  }
}
