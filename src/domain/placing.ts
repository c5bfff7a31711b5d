import type { FileFound, InstanceFound, PhotoFound } from "./finding.js";
import type { ContentHash } from "./ids.js";
import { type Instances, withSightings } from "./merge-instances.js";
import type { Location, PhotoDocument, VariantRole } from "./photo.js";

/** One file of a photo with the instances that hold its bytes, before it has a blob key. */
export interface Placed {
  readonly content_hash: ContentHash;
  readonly role: VariantRole;
  readonly instances: Instances;
  /** Set where this finding brought the file. */
  readonly file: FileFound | null;
}

/** A photo's original and variants with the instances of a finding put where their bytes belong. */
export interface Placing {
  readonly instances: Instances;
  readonly variants: readonly Placed[];
}

/** A location in one text: `archive.zip#entry` for an entry. */
export const placeText = ({ path, entry }: Location): string =>
  entry === undefined ? path : `${path}#${entry}`;

/** The role of a finding's original when the library already holds one of the finding's other files as the original. */
function roleBeside(known: ContentHash, finding: PhotoFound): VariantRole {
  const role = finding.variants.find((variant) => variant.file.hash === known)?.role;
  return role === "raw" ? "camera-jpeg" : role === "camera-jpeg" ? "raw" : "other";
}

interface FoundBytes {
  readonly role: VariantRole;
  readonly file: FileFound;
  readonly instances: readonly InstanceFound[];
}

/** The instance of a file that a source names without one: where the bytes are must never be forgotten. */
function placesAlone({ locations }: FileFound): readonly InstanceFound[] {
  const [first] = locations;
  if (first === undefined) return [];
  return [{ id: placeText(first), quality: "unknown", visibility: "unknown", locations, record: null }];
}

/** The finding's files, each once: a source may list equal bytes under two roles. */
function filesOf(finding: PhotoFound, originalRole: VariantRole): readonly FoundBytes[] {
  const byHash = new Map<ContentHash, FoundBytes>();
  const original = { role: originalRole, file: finding.original, instances: finding.instances };
  for (const found of [original, ...finding.variants]) {
    const before = byHash.get(found.file.hash) ?? { ...found, instances: [] };
    byHash.set(found.file.hash, { ...before, instances: [...before.instances, ...found.instances] });
  }
  return [...byHash.values()].map((found) =>
    found.instances.length > 0 ? found : { ...found, instances: placesAlone(found.file) },
  );
}

/**
 * Puts each file of a finding where its bytes are: to the original, to the variant that holds them already, or as a new
 * variant. Bytes decide, not the role: an original here can be a variant there.
 */
export function place(
  known: Pick<PhotoDocument, "content_hash" | "instances" | "variants">,
  finding: PhotoFound,
  now: string,
): Placing {
  const files = filesOf(finding, roleBeside(known.content_hash, finding));
  const begin: Placing = {
    instances: known.instances,
    variants: (known.variants ?? []).map(({ content_hash, role, instances }) => ({
      content_hash,
      role,
      instances,
      file: null,
    })),
  };
  return files.reduce<Placing>(({ instances, variants }, { role, file, instances: found }) => {
    const sighted = (before: Instances) => withSightings(before, finding.service, found, now);
    if (file.hash === known.content_hash) return { instances: sighted(instances), variants };
    const isKnown = variants.some((variant) => variant.content_hash === file.hash);
    return {
      instances,
      variants: isKnown
        ? variants.map((variant) =>
            variant.content_hash === file.hash
              ? { ...variant, instances: sighted(variant.instances) }
              : variant,
          )
        : [...variants, { content_hash: file.hash, role, instances: sighted({}), file }],
    };
  }, begin);
}
