import { damaged } from "./git-object.js";
import { isFolder, parseTreeEntry, type TreeEntry } from "./tree-codec.js";

const slash = 0x2f;
const space = 0x20;
/** Modes of all but folders begin with a 1: 100644, 100755, 120000, 160000. */
const one = 0x31;

/**
 * Looks names up in the bytes of one tree object by binary search. Parsed entries would take four times the memory, and
 * edits in any order need the trees of all their folders at hand.
 */
export class TreeNames {
  readonly bytes: Buffer;
  readonly #starts: Uint32Array;

  /** Throws `library.damaged` when the bytes are no tree. */
  constructor(bytes: Buffer, oid: string) {
    this.bytes = bytes;
    const starts: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      starts.push(at);
      const nul = bytes.indexOf(0, at);
      at = nul + 21;
      if (nul < 0 || at > bytes.length) throw damaged(`tree ${oid} is malformed`);
    }
    this.#starts = Uint32Array.from(starts);
  }

  get sizeBytes(): number {
    return this.bytes.length + this.#starts.byteLength;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Where the entry at a position begins in the bytes; where they end for the position after the last one. */
  startOf(position: number): number {
    return this.#starts[position] ?? this.bytes.length;
  }

  /** The entry of one name (a byte path without "/"), or null. A name is a file or a folder, which sort differently. */
  find(name: string): TreeEntry | null {
    const position = this.positionOf(name);
    return position < 0 ? null : parseTreeEntry(this.bytes, this.startOf(position));
  }

  /** Where the entry of one name stands, or -1. */
  positionOf(name: string): number {
    for (const [key, asFolder] of [[name, false] as const, [`${name}/`, true] as const]) {
      const position = this.lowerBound(key);
      if (position >= this.count || this.#compare(position, key) !== 0) continue;
      if (isFolder(parseTreeEntry(this.bytes, this.startOf(position))) === asFolder) return position;
    }
    return -1;
  }

  /** Position of the first entry that does not sort before a key (see `sortKey`). */
  lowerBound(key: string): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below, at or above 0 as the entry sorts before, at or after the key. In place: texts made for it would cost ten times as much. */
  #compare(position: number, key: string): number {
    const { bytes } = this;
    const start = this.startOf(position);
    let at = start;
    while (bytes[at] !== space && bytes[at] !== 0) at++;
    at++;
    let hasEnded = false;
    for (let place = 0; place < key.length; place++, at++) {
      let byte = hasEnded ? 0 : (bytes[at] ?? 0);
      if (byte === 0 && !hasEnded) {
        hasEnded = true;
        if (bytes[start] !== one) byte = slash;
      }
      if (byte === 0) return -1;
      const order = byte - key.charCodeAt(place);
      if (order !== 0) return order;
    }
    return hasEnded || (bytes[at] === 0 && bytes[start] === one) ? 0 : 1;
  }
}
