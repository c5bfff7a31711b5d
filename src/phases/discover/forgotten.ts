import type { ContentHash } from "../../domain/ids.js";
import type { Finding } from "../../ports/photo-source.js";

/** The most names that one remark lists. */
const NAMED = 5;

/** Leaves out of findings what was forgotten, and remembers what it was. */
export class ForgottenSieve {
  readonly #hashes: ReadonlyMap<ContentHash, unknown>;
  readonly #names: string[] = [];
  #count = 0;

  constructor(hashes: ReadonlyMap<ContentHash, unknown>) {
    this.#hashes = hashes;
  }

  #leaveOut(filename: string): void {
    this.#count += 1;
    if (this.#names.length < NAMED) this.#names.push(filename);
  }

  /** The finding without forgotten variants; null where its original is forgotten, and with it what goes with that. */
  pass(finding: Finding): Finding | null {
    if (this.#hashes.size === 0) return finding;
    if (this.#hashes.has(finding.original.hash)) {
      this.#leaveOut(finding.original.filename);
      for (const { file } of finding.variants) this.#leaveOut(file.filename);
      return null;
    }
    const variants = finding.variants.filter(({ file }) => !this.#hashes.has(file.hash));
    if (variants.length === finding.variants.length) return finding;
    for (const { file } of finding.variants) if (this.#hashes.has(file.hash)) this.#leaveOut(file.filename);
    return { ...finding, variants };
  }

  /** Files that were left out. */
  get count(): number {
    return this.#count;
  }

  /** What is to be said of it. */
  notes(): readonly string[] {
    if (this.#count === 0) return [];
    const more = this.#count > this.#names.length ? ", …" : "";
    return [
      `skipped: forgotten: ${this.#count} ${this.#count === 1 ? "file belongs" : "files belong"} to photos that you had forgotten, and stay out (${this.#names.join(", ")}${more}).`,
    ];
  }
}
