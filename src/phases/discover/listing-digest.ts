import { createHash } from "node:crypto";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { PhotoSource, SourceEntry, SourceProblem } from "../../ports/photo-source.js";

/** Lines hashed at once: one call for each would cost more than the hashing. */
const BATCH_CHARS = 64 * 1024;

/**
 * A digest of what sources list: places, names, sizes, stamps and problems, in their order. Equal digests mean that
 * nothing was added, removed, renamed, touched or changed in any of them.
 */
export class ListingDigest {
  readonly #sha256 = createHash("sha256");
  #waiting = "";
  #isKnowable = true;

  /** Begins the next source. */
  begin(source: PhotoSource): void {
    this.#waiting += `source\0${source.service}\n`;
  }

  add(found: SourceEntry | SourceProblem): void {
    const { path, entry } = found.location;
    if (found.kind === "problem") {
      this.#waiting += `${JSON.stringify([path, entry, found.failure])}\n`;
    } else {
      // What comes by once can only be listed by reading all of it: nothing is gained by looking first.
      if (found.streamed === true) this.#isKnowable = false;
      const { name, sizeBytes, stamp } = found;
      // Names in folders hold no zero byte; an archive's may.
      this.#waiting +=
        entry === undefined
          ? `${path}\0${name}\0${sizeBytes}\0${stamp}\n`
          : `${JSON.stringify([path, entry, name, sizeBytes, stamp])}\n`;
    }
    if (this.#waiting.length < BATCH_CHARS) return;
    this.#sha256.update(this.#waiting, "utf8");
    this.#waiting = "";
  }

  /** The digest of everything added; null where listing again would cost as much as reading again. */
  end(): string | null {
    return this.#isKnowable ? this.#sha256.update(this.#waiting, "utf8").digest("hex") : null;
  }
}

/** The digest of what the sources list now. Throws what listing throws. */
export async function listingOf(sources: readonly PhotoSource[], call: Call): Promise<string | null> {
  const digest = new ListingDigest();
  for (const source of sources) {
    digest.begin(source);
    for await (const found of source.entries(call)) {
      throwIfAborted(call);
      digest.add(found);
    }
  }
  return digest.end();
}
