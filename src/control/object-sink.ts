import { type GitObject, type ObjectType, objectId } from "./git-object.js";
import { writeLoose } from "./loose-objects.js";
import { PackWriter } from "./pack-writer.js";
import type { SideThread } from "./side-thread.js";

const looseLimit = 200;
const looseLimitBytes = 8 * 1024 * 1024;

/**
 * Takes the new objects of one commit. A few become files of their own, as Git would write them; from 200 objects or 8 MB
 * on, all go into one packfile, so that a first import is one file instead of 100,000. Nothing is visible or durable before
 * `finish`.
 */
export class ObjectSink {
  readonly #objectsDir: string;
  readonly #seen = new Set<string>();
  readonly #held = new Map<string, GitObject>();
  readonly #side: SideThread;
  #heldBytes = 0;
  #pack: PackWriter | null = null;

  constructor(objectsDir: string, side: SideThread) {
    this.#objectsDir = objectsDir;
    this.#side = side;
  }

  /** Takes one object and returns its id (`oid` spares hashing it again). The bytes must not change afterwards. */
  async add(type: ObjectType, bytes: Uint8Array, oid = objectId(type, bytes)): Promise<string> {
    if (this.#seen.has(oid)) return oid;
    this.#seen.add(oid);
    if (this.#pack !== null) {
      const pause = this.#pack.add(oid, type, bytes);
      if (pause !== undefined) await pause;
      return oid;
    }
    this.#held.set(oid, { type, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
    this.#heldBytes += bytes.byteLength;
    if (this.#held.size > looseLimit || this.#heldBytes > looseLimitBytes) await this.#startPack();
    return oid;
  }

  /** All objects taken so far are durable and readable when it resolves. */
  async finish(): Promise<void> {
    if (this.#pack !== null) await this.#pack.finish();
    else await writeLoose(this.#objectsDir, this.#held);
  }

  /** The bytes of an object that was taken, as long as they are at hand: until `discard`, unless the disk is full. */
  bytesOf(oid: string): Buffer | null {
    return this.#held.get(oid)?.bytes ?? this.#pack?.read(oid) ?? null;
  }

  /** Drops everything; harmless after `finish`. */
  discard(): void {
    this.#pack?.discard();
    this.#held.clear();
  }

  async #startPack(): Promise<void> {
    const pack = await PackWriter.begin(this.#objectsDir, this.#side);
    this.#pack = pack;
    for (const [oid, object] of this.#held) await pack.add(oid, object.type, object.bytes);
    this.#held.clear();
  }
}
