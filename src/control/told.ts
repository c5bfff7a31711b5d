import { createHash } from "node:crypto";
import type { PhotoDocument } from "../domain/photo.js";
import type { LocalIndex } from "./local-index.js";

const KEY = "told";
const SUM_BYTES = 16;

const digest = (text: string): Buffer =>
  createHash("sha256").update(text, "utf8").digest().subarray(0, SUM_BYTES);

/**
 * A digest of all in a document that merging a finding looks at: everything but where its bytes are stored, how far it
 * has come and when it was written, which merging passes through (`mergeFinding`).
 */
export function toldBy(document: PhotoDocument): string {
  const {
    replicas: _replicas,
    source_of_truth_path: _path,
    processing_state: _state,
    updated_at: _time,
    variants,
    ...rest
  } = document;
  const told = variants?.map(({ replicas: _, ...variant }) => variant);
  return digest(JSON.stringify([rest, told])).toString("base64url");
}

/**
 * Keeps what the documents tell, by path, and one sum over all of them that does not depend on their order: equal sums
 * mean that all documents tell the same. To be used inside the transaction that changes the rows.
 */
export class ToldSum {
  readonly #index: LocalIndex;
  readonly #sum: Buffer;

  constructor(index: LocalIndex) {
    this.#index = index;
    this.#sum = Buffer.alloc(SUM_BYTES);
    this.#sum.write(index.state.get(KEY) ?? "", "hex");
  }

  /** Puts a document in the place of what the path told before; null for one that is gone or cannot be read. */
  set(path: string, document: PhotoDocument | null): void {
    const before = this.#index.told.get(path);
    const after = document === null ? undefined : toldBy(document);
    if (before === after) return;
    if (before !== undefined) this.#toggle(path, before);
    if (after === undefined) this.#index.told.removeSync(path);
    else {
      this.#toggle(path, after);
      this.#index.told.putSync(path, after);
    }
  }

  /** To be called before the transaction ends. */
  keep(): void {
    this.#index.state.putSync(KEY, this.#sum.toString("hex"));
  }

  #toggle(path: string, told: string): void {
    const part = digest(`${path}\0${told}`);
    for (const [at, byte] of part.entries()) this.#sum.writeUInt8(this.#sum.readUInt8(at) ^ byte, at);
  }
}

/** The sum over what all documents of the indexed revision tell. */
export const toldByAll = (index: LocalIndex): string => index.state.get(KEY) ?? "";

/** Forgets all of it, before the rows are made from nothing. */
export function clearTold(index: LocalIndex): void {
  index.told.clearSync();
  index.state.removeSync(KEY);
}
