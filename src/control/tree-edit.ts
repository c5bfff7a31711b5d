import { encodeTreeEntry, sortKey, type TreeEntry } from "./tree-codec.js";
import type { TreeNames } from "./tree-names.js";

/** Bytes that take the place of those from one offset up to another. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly key: string;
  readonly bytes: Buffer;
}

const nothing = Buffer.alloc(0);

/**
 * A tree object that is being edited. Every entry without an edit is carried over as it stands: a folder of thousands of
 * documents is copied in a few pieces instead of being taken apart.
 */
export class EditedFolder {
  readonly #names: TreeNames | null;
  readonly #edits = new Map<string, TreeEntry | null>();

  /** `names` is null for a new folder. */
  constructor(names: TreeNames | null) {
    this.#names = names;
  }

  /** What a name stands for now; null when it stands for nothing. */
  find(name: string): TreeEntry | null {
    const edit = this.#edits.get(name);
    return edit === undefined ? (this.#names?.find(name) ?? null) : edit;
  }

  /** Lets a name stand for an entry of that name from now on; `null` takes it out, also where it is not there. */
  set(name: string, entry: TreeEntry | null): void {
    this.#edits.set(name, entry);
  }

  /** The bytes of the tree object; none when it has no entry left. */
  bytes(): Buffer {
    const before = this.#names?.bytes ?? nothing;
    const parts: Buffer[] = [];
    let kept = 0;
    for (const { from, to, bytes } of this.#splices()) {
      if (from > kept) parts.push(before.subarray(kept, from));
      parts.push(bytes);
      kept = Math.max(kept, to);
    }
    parts.push(before.subarray(kept));
    return Buffer.concat(parts);
  }

  #splices(): readonly Splice[] {
    const names = this.#names;
    const splices: Splice[] = [];
    for (const [name, entry] of this.#edits) {
      const old = names?.positionOf(name) ?? -1;
      if (names !== null && old >= 0) {
        splices.push({ from: names.startOf(old), to: names.startOf(old + 1), key: "", bytes: nothing });
      }
      if (entry === null) continue;
      const key = sortKey(entry);
      const from = names === null ? 0 : names.startOf(names.lowerBound(key));
      splices.push({ from, to: from, key, bytes: encodeTreeEntry(entry) });
    }
    return splices.sort((a, b) => a.from - b.from || (a.key < b.key ? -1 : 1));
  }
}
