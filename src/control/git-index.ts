import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { PhotosyncError } from "../domain/errors.js";
import { type IndexTime, indexTime, isCertainlyUnchanged, isRacy } from "./git-index-stat.js";
import { expandVersion4 } from "./git-index-v4.js";
import { damaged } from "./git-object.js";

// Layout (gitformat-index): "DIRC", version, count; entries sorted by path and stage; extensions; SHA-1 of it all.
const headerBytes = 12;
const statBytes = 40;
const flagsAt = 60;
const leastEntryBytes = 62;
const extendedFlag = 0x4000;

/**
 * Git's index, read in place: the file's bytes and one number an entry, so that a million entries are two flat
 * buffers. Paths are byte paths.
 */
export class GitIndex {
  readonly #bytes: Buffer;
  /** When the index file was written; an entry not older than that may have changed unseen ("racy", see git-index-stat). */
  readonly #written: IndexTime;
  readonly #starts: Uint32Array;
  /** Where the last search ended: searches mostly come in the index's own order. */
  #near = 0;

  private constructor(bytes: Buffer, starts: Uint32Array, mtimeNs: bigint) {
    this.#bytes = bytes;
    this.#written = indexTime(mtimeNs);
    this.#starts = starts;
  }

  static empty(): GitIndex {
    return new GitIndex(Buffer.alloc(0), new Uint32Array(0), 0n);
  }

  /**
   * Reads versions 2, 3 and 4. Throws `library.damaged` when the checksum is wrong or the file cut short, and
   * `git.index-unsupported` (user) for a split or sparse index.
   */
  static parse(file: Buffer, mtimeNs: bigint): GitIndex {
    const version = file.length < headerBytes + 20 ? 0 : file.readUInt32BE(4);
    if (file.toString("latin1", 0, 4) !== "DIRC" || version < 2 || version > 4) {
      throw damaged("the Git index is torn or of an unknown version");
    }
    checkTrailer(file);
    const count = file.readUInt32BE(8);
    if (count * leastEntryBytes > file.length)
      throw damaged("the Git index counts more entries than it holds");
    const expanded = version === 4 ? expandVersion4(file, count) : null;
    const bytes = expanded?.bytes ?? file;
    const starts = new Uint32Array(count);
    let at = expanded === null ? headerBytes : 0;
    for (let entry = 0; entry < count; entry++) {
      starts[entry] = at;
      at = entryEnd(bytes, at);
    }
    refuseUnsupported(file, expanded?.end ?? at);
    return new GitIndex(bytes, starts, mtimeNs);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The raw bytes of the entries from one position up to another, padding included. */
  rawBetween(from: number, to: number): Buffer {
    if (from >= to) return Buffer.alloc(0);
    const last = this.#starts[to - 1] ?? 0;
    return this.#bytes.subarray(this.#starts[from] ?? 0, entryEnd(this.#bytes, last));
  }

  /** Whether an entry has the second word of flags that only version 3 knows. */
  isExtendedAt(position: number): boolean {
    return ((this.#bytes[(this.#starts[position] ?? 0) + flagsAt] ?? 0) & (extendedFlag >> 8)) !== 0;
  }

  pathAt(position: number): string {
    const start = this.#starts[position] ?? 0;
    const name = nameStart(this.#bytes, start);
    return this.#bytes.toString("latin1", name, this.#bytes.indexOf(0, name));
  }

  /** Position of the entry of a path, a stage of it in the middle of a merge; -1 when the index does not have it. */
  positionOf(path: string): number {
    for (const position of [this.#near, this.#near + 1]) {
      if (!this.#isAt(position, path)) continue;
      // Of several stages of a path the first one counts.
      this.#near = position > 0 && this.#isAt(position - 1, path) ? this.lowerBound(path) : position;
      return this.#near;
    }
    const position = this.lowerBound(path);
    this.#near = position;
    return this.#isAt(position, path) ? position : -1;
  }

  #isAt(position: number, path: string): boolean {
    const start = this.#starts[position];
    if (start === undefined) return false;
    const name = nameStart(this.#bytes, start);
    if (this.#bytes[name + path.length] !== 0) return false;
    // Neighbours differ near their ends.
    for (let at = path.length - 1; at >= 0; at--) {
      if (this.#bytes[name + at] !== path.charCodeAt(at)) return false;
    }
    return true;
  }

  /**
   * What the entry at a position is: one of several stages of a merge, plain, or `special`: to be added, or never to be
   * looked at on disk, so that its stat fields promise nothing.
   */
  kindAt(position: number): "unmerged" | "special" | "plain" {
    const high = this.#bytes[(this.#starts[position] ?? 0) + flagsAt] ?? 0;
    if ((high & 0x30) !== 0) return "unmerged";
    return (high & ((0x8000 | extendedFlag) >> 8)) !== 0 ? "special" : "plain";
  }

  /**
   * Whether the entry at a position is plain, and has the name and id of a line of a tree object (its name ends before the NUL at
   * `nul`, its id follows) at `treeName`, below a prefix of so many bytes, which the caller knows the entry to have.
   */
  agreesAt(position: number, prefixBytes: number, tree: Buffer, treeName: number, nul: number): boolean {
    if (this.kindAt(position) !== "plain") return false;
    const start = this.#starts[position] ?? 0;
    const name = nameStart(this.#bytes, start) + prefixBytes;
    if (this.#bytes[name + nul - treeName] !== 0) return false;
    return (
      this.#isSameBackwards(tree, treeName, nul, name) &&
      this.#isSameBackwards(tree, nul + 1, nul + 21, start + statBytes)
    );
  }

  /** Neighbours differ near their ends; a loop, because calls into `Buffer.compare` cost more than so few bytes. */
  #isSameBackwards(other: Buffer, from: number, to: number, here: number): boolean {
    for (let at = to - from - 1; at >= 0; at--) {
      if (this.#bytes[here + at] !== other[from + at]) return false;
    }
    return true;
  }

  oidAt(position: number): string {
    const start = this.#starts[position] ?? 0;
    return this.#bytes.toString("hex", start + statBytes, start + flagsAt);
  }

  /** Whether the file with this stat is certainly the one that the entry was made of (see `isCertainlyUnchanged`). */
  isUnchangedAt(position: number, stat: BigIntStats): boolean {
    return isCertainlyUnchanged(this.#bytes, this.#starts[position] ?? 0, stat, this.#written);
  }

  isRacyAt(position: number): boolean {
    return isRacy(this.#bytes, this.#starts[position] ?? 0, this.#written);
  }

  /** Position of the first entry whose path is not before `path`. */
  lowerBound(path: string): number {
    const wanted = Buffer.from(path, "latin1");
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const name = nameStart(this.#bytes, this.#starts[middle] ?? 0);
      const order = this.#bytes.compare(wanted, 0, wanted.length, name, this.#bytes.indexOf(0, name));
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Git's id of what the index has under a path; `"unmerged"` in the middle of a merge; null when it has nothing. */
  find(path: string): string | null {
    const position = this.positionOf(path);
    if (position < 0) return null;
    return this.kindAt(position) === "unmerged" ? "unmerged" : this.oidAt(position);
  }

  /** Whether the index has any entry below a folder. */
  hasBelow(folder: string): boolean {
    const position = this.lowerBound(`${folder}/`);
    return position < this.count && this.pathAt(position).startsWith(`${folder}/`);
  }
}

function nameStart(bytes: Buffer, start: number): number {
  return start + 62 + ((bytes[start + flagsAt] ?? 0) & (extendedFlag >> 8) ? 2 : 0);
}

function entryEnd(bytes: Buffer, start: number): number {
  const nul = bytes.indexOf(0, nameStart(bytes, start));
  // Padding brings every entry to a multiple of eight, with at least one NUL.
  const end = start + Math.floor((nul - start) / 8 + 1) * 8;
  if (nul < 0 || end > bytes.length) throw damaged("the Git index is cut short");
  return end;
}

function checkTrailer(file: Buffer): void {
  const trailer = file.subarray(-20);
  // `index.skipHash` of newer Gits leaves zeros.
  if (trailer.every((byte) => byte === 0)) return;
  if (!createHash("sha1").update(file.subarray(0, -20)).digest().equals(trailer)) {
    throw damaged("the Git index does not have its checksum");
  }
}

/** Extensions in capitals are caches and may be dropped; of the others, two change what the entries mean. */
function refuseUnsupported(file: Buffer, from: number): void {
  for (let at = from; at + 8 <= file.length - 20; at += 8 + file.readUInt32BE(at + 4)) {
    const name = file.toString("latin1", at, at + 4);
    if (!/^[a-z]/.test(name)) continue;
    throw new PhotosyncError({
      kind: "user",
      code: "git.index-unsupported",
      message: `The library's Git index uses the extension "${name}", which photosync cannot keep.`,
      next: [
        name === "link"
          ? "Run `git update-index --no-split-index` in the library."
          : "Run `git sparse-checkout disable` in the library.",
      ],
    });
  }
}
