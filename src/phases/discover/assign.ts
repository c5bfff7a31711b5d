import type { ContentHash, PhotoId } from "../../domain/ids.js";
import type { Finding } from "../../ports/photo-source.js";

/** What a finding is about: which photo, and what is said of it. */
export interface Assignment {
  readonly photoId: PhotoId;
  readonly finding: Finding;
}

export interface KnownPhotos {
  photoOfHash(hash: ContentHash): PhotoId | null;
}

type FoundVariant = Finding["variants"][number];

/** The same finding told from its RAW file: how a JPEG joins a RAW that the library has known alone. */
function toldFromRaw(finding: Finding, raw: FoundVariant): Finding {
  const jpeg: FoundVariant = { role: "camera-jpeg", file: finding.original, instances: finding.instances };
  const others = finding.variants.filter((variant) => variant !== raw);
  return { ...finding, original: raw.file, instances: raw.instances, variants: [jpeg, ...others] };
}

/**
 * Decides which photo each finding belongs to, by content hash alone. Bytes belong to exactly one photo: where a
 * variant's bytes are already a photo of their own, they stay there and the finding's instance goes to them. Findings with
 * variants must be given before plain ones, so that an edited copy found alone in one folder joins the pair found in another.
 */
export class PhotoAssigner {
  readonly #known: KnownPhotos;
  readonly #photoIdOf: (hash: ContentHash) => PhotoId;
  readonly #assigned = new Map<ContentHash, PhotoId>();

  constructor(known: KnownPhotos, photoIdOf: (hash: ContentHash) => PhotoId) {
    this.#known = known;
    this.#photoIdOf = photoIdOf;
  }

  #owner(hash: ContentHash): PhotoId | null {
    return this.#known.photoOfHash(hash) ?? this.#assigned.get(hash) ?? null;
  }

  /** The finding's photo first, then those that its variants' bytes already belong to; `found` itself where nothing was split off. */
  assign(found: Finding): Assignment[] {
    const knownRaw = found.variants.find(
      (variant) => variant.role === "raw" && this.#owner(variant.file.hash) !== null,
    );
    const finding =
      this.#owner(found.original.hash) === null && knownRaw !== undefined
        ? toldFromRaw(found, knownRaw)
        : found;
    const photoId = this.#owner(finding.original.hash) ?? this.#photoIdOf(finding.original.hash);
    this.#assigned.set(finding.original.hash, photoId);
    const own: FoundVariant[] = [];
    const elsewhere: Assignment[] = [];
    for (const variant of finding.variants) {
      const home = this.#owner(variant.file.hash) ?? photoId;
      this.#assigned.set(variant.file.hash, home);
      if (home === photoId) own.push(variant);
      else {
        const alone = { ...finding, original: variant.file, instances: variant.instances, variants: [] };
        elsewhere.push({ photoId: home, finding: alone });
      }
    }
    const whole = own.length === finding.variants.length;
    return [{ photoId, finding: whole ? finding : { ...finding, variants: own } }, ...elsewhere];
  }
}
