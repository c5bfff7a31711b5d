import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { type ContentHash, contentHash } from "../domain/ids.js";
import { fileError } from "../infra/durable-file.js";
import type { Call } from "../ports/call.js";
import type { WrittenBundle } from "../ports/control-plane.js";
import { damaged } from "./git-object.js";
import type { GitRepository } from "./git-repository.js";
import { readHead } from "./head.js";
import type { ObjectStore } from "./object-store.js";
import type { OidSet } from "./oid-set.js";
import { createPacer } from "./pacer.js";
import { entryHeader, idDelta } from "./pack-entry.js";
import { batchOf, packObjects } from "./packed-objects.js";
import { reachableObjects } from "./reachable-objects.js";
import { writeFully } from "./write-fully.js";

const bufferBytes = 1024 * 1024;

/**
 * Writes a Git bundle of version 2 (gitformat-bundle) to a new file: a commit with its whole history, as HEAD and as the branch that HEAD names.
 * Objects are taken from packs as they are, deltas included where their base comes along, and proven by the packs' own checksums; all others
 * are packed anew. Memory is a few MB and 56 bytes an object. Throws `library.damaged` for a history with gaps, `cancelled`, and what
 * `fileError` makes of the file; the file is the caller's to remove.
 */
export async function writeBundle(
  { objects, gitDir }: GitRepository,
  revision: string,
  file: string,
  call: Call,
): Promise<WrittenBundle> {
  const { oids, commits } = await reachableObjects(objects, revision, call);
  const { ref } = await readHead(gitDir);
  const refs = [...(ref.startsWith("refs/heads/") ? [ref] : []), "HEAD"];
  const output = new Output(file);
  try {
    output.write(Buffer.from(`# v2 git bundle\n${refs.map((name) => `${revision} ${name}\n`).join("")}\n`));
    output.beginPack(oids.size);
    const pace = createPacer(call);
    for (let position = 0; position < oids.size; position++) {
      await pace();
      for (const piece of entryOf(objects, oids, oids.at(position))) output.write(piece);
    }
    return { ...output.finish(), objects: oids.size, commits };
  } catch (error) {
    throw fileError(error, file, "write");
  } finally {
    output.close();
  }
}

/**
 * An object as the bundle's pack has it. It comes from the first pack that holds it, and a delta's base is in that pack, too, so it comes from there or
 * from an earlier one: deltas cannot go in a circle.
 */
function entryOf(objects: ObjectStore, oids: OidSet, oid: string): readonly Uint8Array[] {
  const packed = objects.packed(oid);
  if (packed !== null && (packed.base === null || oids.has(packed.base))) {
    const code = packed.base === null ? packed.code : idDelta;
    return [entryHeader(code, packed.size, packed.base), packed.deflated];
  }
  const object = objects.find(oid);
  if (object === null) throw damaged(`object ${oid} is missing`);
  return [packObjects(batchOf([object])).bytes];
}

class Output {
  readonly #hash = createHash("sha256");
  readonly #packHash = createHash("sha1");
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #file: number;
  #filled = 0;
  #sizeBytes = 0;
  #isPack = false;

  constructor(path: string) {
    try {
      this.#file = openSync(path, "wx", 0o600);
    } catch (error) {
      throw fileError(error, path, "write");
    }
  }

  beginPack(count: number): void {
    this.#flush();
    this.#isPack = true;
    const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
    header.writeUInt32BE(count, 8);
    this.write(header);
  }

  write(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > bufferBytes) this.#flush();
    if (bytes.length > bufferBytes) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  finish(): { readonly hash: ContentHash; readonly sizeBytes: number } {
    this.#flush();
    this.#isPack = false;
    this.write(this.#packHash.digest());
    this.#flush();
    return { hash: contentHash(this.#hash.digest("hex")), sizeBytes: this.#sizeBytes };
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #flush(): void {
    this.#put(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #put(bytes: Uint8Array): void {
    writeFully(this.#file, bytes);
    this.#hash.update(bytes);
    if (this.#isPack) this.#packHash.update(bytes);
    this.#sizeBytes += bytes.length;
  }
}
