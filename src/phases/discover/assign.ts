import type { ContentHash, PhotoId } from "../../domain/ids.js";
import type { VariantRole } from "../../domain/photo.js";
import type { Finding } from "../../ports/photo-source.js";

/** A known photo that turned out to be another one's variant. */
export interface Folded {
  readonly photoId: PhotoId;
  readonly role: VariantRole;
}

/** What a finding is about: which photo, what is said of it, and which known photos become its variants. */
export interface Assignment {
  readonly photoId: PhotoId;
  readonly finding: Finding;
  readonly folds: readonly Folded[];
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
 * variant's bytes are already a photo of their own, that photo is folded into the finding's; where it may not be, they
 * stay there and the finding's instance goes to them. Findings with variants must be given before plain ones, so that an
 * edited copy found alone in one folder joins the pair found in another.
 */
export class PhotoAssigner {
  readonly #known: KnownPhotos;
  readonly #photoIdOf: (hash: ContentHash) => PhotoId;
  readonly #assigned = new Map<ContentHash, PhotoId>();
  /** Photos that this run has something to say of: folding one of them away would leave that behind. */
  readonly #spokenOf = new Set<PhotoId>();
  readonly #hosts = new Map<PhotoId, PhotoId>();

  constructor(known: KnownPhotos, photoIdOf: (hash: ContentHash) => PhotoId) {
    this.#known = known;
    this.#photoIdOf = photoIdOf;
  }

  #owner(hash: ContentHash): PhotoId | null {
    const owner = this.#known.photoOfHash(hash) ?? this.#assigned.get(hash) ?? null;
    return owner === null ? null : (this.#hosts.get(owner) ?? owner);
  }

  /**
   * The finding's photo first, then those that its variants' bytes already belong to; `found` itself where nothing was
   * split off. `foldable` names the known photos whose whole document would fit into a variant.
   */
  assign(found: Finding, foldable: ReadonlySet<PhotoId>): Assignment[] {
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
    const folds: Folded[] = [];
    const elsewhere: Assignment[] = [];
    for (const variant of finding.variants) {
      const home = this.#owner(variant.file.hash) ?? photoId;
      if (home === photoId) own.push(variant);
      else if (foldable.has(home) && !this.#spokenOf.has(home)) {
        this.#hosts.set(home, photoId);
        folds.push({ photoId: home, role: variant.role });
        own.push(variant);
      } else {
        const alone = { ...finding, original: variant.file, instances: variant.instances, variants: [] };
        elsewhere.push({ photoId: home, finding: alone, folds: [] });
      }
      this.#assigned.set(variant.file.hash, this.#owner(variant.file.hash) ?? photoId);
    }
    const whole = own.length === finding.variants.length;
    const first = { photoId, finding: whole ? finding : { ...finding, variants: own }, folds };
    const assignments = [first, ...elsewhere];
    for (const each of assignments) this.#spokenOf.add(each.photoId);
    return assignments;
  }
}
