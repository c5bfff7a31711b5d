import { closeSync, openSync } from "node:fs";
import { discardFile } from "../infra/durable-file.js";
import { readFully } from "./read-fully.js";
import { writeFully } from "./write-fully.js";

/**
 * The contents of new objects as they came, so that the working tree can be written without inflating them out of the pack again. It is
 * a temporary file without a sync, and no more than a convenience: when it cannot be written, nothing is kept from then on.
 */
export class BlobSpool {
  readonly #path: string;
  readonly #places = new Map<string, { readonly offset: number; readonly size: number }>();
  #file: number | null;
  #end = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openedOrNull(path);
  }

  /** Keeps several objects that lie one after another in `bytes`. */
  keep(objects: readonly { readonly oid: string; readonly bytes: Uint8Array }[], bytes: Uint8Array): void {
    if (this.#file === null) return;
    try {
      writeFully(this.#file, bytes, this.#end);
    } catch {
      // A full disk: what is kept takes room that the commit itself may need.
      this.close();
      return;
    }
    for (const object of objects) {
      const size = object.bytes.byteLength;
      this.#places.set(object.oid, { offset: this.#end, size });
      this.#end += size;
    }
  }

  /** The bytes of an object; null when they are not kept. */
  read(oid: string): Buffer | null {
    const place = this.#places.get(oid);
    if (this.#file === null || place === undefined) return null;
    const bytes = Buffer.allocUnsafe(place.size);
    try {
      return readFully(this.#file, bytes, place.offset) < place.size ? null : bytes;
    } catch {
      return null;
    }
  }

  /** Removes what was kept. May be called again. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    this.#places.clear();
    if (file === null) return;
    try {
      closeSync(file);
    } catch {
      // Closing ends it, whatever it reports, and nothing of the file is kept.
    }
    discardFile(this.#path);
  }
}

function openedOrNull(path: string): number | null {
  try {
    return openSync(path, "wx+", 0o600);
  } catch {
    return null;
  }
}
