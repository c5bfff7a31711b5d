import { damaged } from "./git-object.js";
import { isFolder, parseTreeEntry, type TreeEntry } from "./tree-codec.js";

/**
 * Looks names up in the bytes of one tree object by binary search. Parsed entries would take four times the memory, and
 * edits in any order need the trees of all their folders at hand.
 */
export class TreeNames {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;

  /** Throws `library.damaged` when the bytes are no tree. */
  constructor(bytes: Buffer, oid: string) {
    this.#bytes = bytes;
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
    return this.#bytes.length + this.#starts.byteLength;
  }

  /** The entry of one name (a byte path without "/"), or null. A name is a file or a folder, which sort differently. */
  find(name: string): TreeEntry | null {
    return this.#search(name, false) ?? this.#search(`${name}/`, true);
  }

  #search(key: string, asFolder: boolean): TreeEntry | null {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = parseTreeEntry(this.#bytes, this.#starts[middle] ?? 0);
      const found = isFolder(entry) ? `${entry.name}/` : entry.name;
      if (found === key) return isFolder(entry) === asFolder ? entry : null;
      if (found < key) low = middle + 1;
      else high = middle;
    }
    return null;
  }
}
