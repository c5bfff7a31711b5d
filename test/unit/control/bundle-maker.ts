import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { codeByType, type ObjectType, objectId } from "../../../src/control/git-object.js";
import { entryHeader, idDelta } from "../../../src/control/pack-entry.js";

/** A line of a tree: mode in octal, name, id. */
export type Line = readonly [mode: string, name: string, oid: string];

/** Makes bundles that Git itself would not. */
export class BundleMaker {
  readonly #entries: Buffer[] = [];

  /** Adds an object and gives its id. `size` is what its header claims. */
  add(type: ObjectType, bytes: string | Buffer, size?: number): string {
    const buffer = Buffer.from(bytes);
    this.#entries.push(entryHeader(codeByType[type], size ?? buffer.length), deflateSync(buffer));
    this.#count++;
    return objectId(type, buffer);
  }

  /** Adds a blob as a delta against another one. */
  addDelta(base: string, delta: Buffer, result: Buffer): string {
    this.#entries.push(entryHeader(idDelta, delta.length, base), deflateSync(delta));
    this.#count++;
    return objectId("blob", result);
  }

  /** Adds a tree with these lines, in this order. */
  tree(...lines: readonly Line[]): string {
    return this.add(
      "tree",
      Buffer.concat(
        lines.map(([mode, name, oid]) =>
          Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]),
        ),
      ),
    );
  }

  /** The bundle, with a commit of this tree on a branch. */
  bundle(tree: string, ref = "refs/heads/main"): Buffer {
    const commit = this.add(
      "commit",
      `tree ${tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nevil\n`,
    );
    const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
    head.writeUInt32BE(this.#count, 8);
    const pack = Buffer.concat([head, ...this.#entries]);
    const names = [ref, "HEAD"].map((name) => `${commit} ${name}\n`).join("");
    return Buffer.concat([
      Buffer.from(`# v2 git bundle\n${names}\n`),
      pack,
      createHash("sha1").update(pack).digest(),
    ]);
  }

  #count = 0;
}

/** A number as deltas write sizes. */
export function deltaSize(size: number): Buffer {
  const bytes: number[] = [];
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
