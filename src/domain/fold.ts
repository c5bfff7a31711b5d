import { visibilityDiscrepancies } from "./audit.js";
import { type Derived, derive, derivedValue } from "./derive.js";
import { canonicalValue, METADATA_FIELDS } from "./fields.js";
import type { InstanceFound } from "./finding.js";
import { followMarks, followSources } from "./follow.js";
import { type Sources, sourcesWith } from "./merge-sources.js";
import type { PhotoDocument, SourceRecord, Variant, VariantRole } from "./photo.js";
import { own, sameJson } from "./same-json.js";
import { withExposureOn } from "./seen-visibility.js";
import { mostRestrictive } from "./visibility.js";

const marksOf = ({ albums, people, favorite, archived, trashed, ownership }: PhotoDocument) => ({
  albums,
  people,
  favorite,
  archived,
  trashed,
  ownership,
});

/** True when every canonical value is what the sources give: the owner's hand is nowhere in it. */
function followsItsSources(document: PhotoDocument): boolean {
  const derived = derive(document);
  return (
    METADATA_FIELDS.every((field) =>
      sameJson(canonicalValue(document.metadata, field), derivedValue(derived, field)),
    ) && sameJson(marksOf(document), derived.marks)
  );
}

/**
 * True when a photo is nothing but one file and what sources say of it, so that all of it fits into a variant of
 * another photo. One with variants of its own, with approvals, with something that a person settled, edited or is yet
 * asked, stays a photo: no rule may decide that these belong elsewhere.
 */
export const isFoldable = (document: PhotoDocument): boolean =>
  (document.variants ?? []).length === 0 &&
  (document.approvals ?? []).length === 0 &&
  document.conflicts.length === 0 &&
  !(document.resolutions ?? []).some(({ by }) => by === "person") &&
  followsItsSources(document);

const asFound = (record: SourceRecord): InstanceFound => ({
  id: record.id,
  quality: "unknown",
  visibility: "unknown",
  locations: [],
  record,
});

/** The records of both as merging would have gathered them; where both know an id, the host's last word stays last. */
function unitedSources(host: PhotoDocument, lone: PhotoDocument): Sources {
  const { content_hash: hash, metadata, media } = host;
  const original = { hash, filename: metadata.filename, sizeBytes: media.bytes, locations: [] };
  return Object.entries(host.sources).reduce<Sources>(
    (sources, [service, records]) =>
      sourcesWith(sources, { service, original, instances: records.map(asFound), variants: [] }, new Map()),
    lone.sources,
  );
}

function unitedVisibility(
  host: PhotoDocument,
  lone: PhotoDocument,
  together: Pick<PhotoDocument, "instances" | "variants">,
): PhotoDocument["visibility"] {
  const [ours, theirs] = [host.visibility.per_service, lone.visibility.per_service];
  const services = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  const per_service = services.reduce(
    (known, service) => withExposureOn(together, service, known),
    Object.fromEntries(
      services.flatMap((service) => {
        const seen = own(ours, service) ?? own(theirs, service);
        return seen === undefined ? [] : [[service, seen]];
      }),
    ),
  );
  const canonical = mostRestrictive([host.visibility.canonical, lone.visibility.canonical]);
  return {
    canonical,
    per_service,
    discrepancies: visibilityDiscrepancies({ visibility: canonical, seen_visibility: per_service }),
  };
}

/**
 * The host with the whole of a lone photo as one of its variants: its bytes, instances, replicas and source records, under
 * the blob key that its blobs already have. Canonical fields and marks follow the united sources as in `mergeFinding`;
 * visibility becomes the narrower of the two, and the host is to be resolved and replicated anew. Null when the lone
 * photo is not to be folded (`isFoldable`), or the host already holds its bytes. `now` is RFC 3339 in UTC.
 */
export function foldPhoto(
  host: PhotoDocument,
  lone: PhotoDocument,
  role: VariantRole,
  now: string,
): PhotoDocument | null {
  const held = [host, ...(host.variants ?? [])].some((each) => each.content_hash === lone.content_hash);
  if (held || host.photo_id === lone.photo_id || !isFoldable(lone)) return null;
  const { content_hash, blob_key, media, replicas } = lone;
  const { filename } = lone.metadata;
  const variant: Variant = {
    content_hash,
    role,
    filename,
    media,
    blob_key,
    instances: lone.instances,
    replicas,
  };
  const variants = [...(host.variants ?? []), variant];
  const sources = unitedSources(host, lone);
  const evidence = { content_hash: host.content_hash, instances: host.instances, variants, sources };
  const derived: { before: Derived; after: Derived } = { before: derive(host), after: derive(evidence) };
  const { albums, people, favorite, archived, trashed, ownership, resolutions: _, ...rest } = host;
  return {
    ...rest,
    ...followSources(host, evidence, derived),
    ...followMarks(host, derived),
    visibility: unitedVisibility(host, lone, evidence),
    processing_state: "discovered",
    variants,
    sources,
    updated_at: now,
  };
}
