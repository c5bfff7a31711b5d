import { candidateKeys } from "../../src/domain/identity/keys.js";
import { type KnownPicture, knownPicture } from "../../src/domain/identity/known-picture.js";
import type { Sketch } from "../../src/domain/identity/sketch.js";
import { type ContentHash, isContentHash, type PhotoId } from "../../src/domain/ids.js";
import type { PhotoDocument } from "../../src/domain/photo.js";
import type { IdentityDeps } from "../../src/phases/resolve/find-joins.js";
import type { Thumbprint } from "../../src/ports/picture-reader.js";

/** What identity asks for, over documents in memory. */
export interface FakeIdentity extends IdentityDeps {
  /** Hashes whose bytes were decoded, in order. */
  readonly decoded: readonly string[];
  /** How often the decoder was asked for. */
  readonly loads: () => number;
}

/** A picture shrunk, as `Thumbprint` has it. */
export type Pixels = Pick<Thumbprint, "rgb" | "fine">;

/**
 * Identity over these documents. `pixels` gives a picture by its hash; null for one that cannot be
 * decoded, nothing for one whose bytes are nowhere to be had.
 */
export function fakeIdentity(
  documents: () => readonly PhotoDocument[],
  pixels: (hash: ContentHash) => Pixels | null | undefined = () => undefined,
): FakeIdentity {
  const looks = new Map<ContentHash, Sketch | null>();
  const decoded: string[] = [];
  let loads = 0;
  const known = (): readonly KnownPicture[] =>
    documents().flatMap((document) => knownPicture(document) ?? []);
  return {
    decoded,
    loads: () => loads,
    index: {
      picture: (photoId: PhotoId) => known().find((one) => one.photoId === photoId) ?? null,
      sharing(picture) {
        const keys = candidateKeys(picture.original);
        const shares = (one: KnownPicture) => candidateKeys(one.original).some((key) => keys.includes(key));
        const others = known().filter((one) => one.photoId !== picture.photoId && shares(one));
        return others.map(({ photoId }) => photoId).sort();
      },
      look: (hash) => looks.get(hash),
      keepLook: (hash, sketch) => void looks.set(hash, sketch),
    },
    bytes: async () => ({
      read: async (_photoId, hash) => (pixels(hash) === undefined ? null : new TextEncoder().encode(hash)),
    }),
    reader: async () => {
      loads += 1;
      return {
        async look(bytes) {
          const hash = typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
          decoded.push(hash);
          const seen = isContentHash(hash) ? pixels(hash) : null;
          if (seen === null || seen === undefined) return { kind: "unreadable", reason: "not a picture" };
          return { kind: "seen", ...seen, width: 64, height: 64 };
        },
      };
    },
  };
}
