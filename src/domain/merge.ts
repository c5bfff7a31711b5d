import { visibilityDiscrepancies } from "./audit.js";
import { bearingOf } from "./bearing.js";
import { type Derived, derive } from "./derive.js";
import { PhotosyncError } from "./errors.js";
import type { PhotoFound, Readings } from "./finding.js";
import { followMarks, followSources } from "./follow.js";
import { blobKey, type ContentHash, type PhotoId } from "./ids.js";
import { keyedVariants, mergeDefect, readingOf } from "./keyed-variants.js";
import { type Sources, sourcesWith } from "./merge-sources.js";
import { type Media, PHOTO_SCHEMA_VERSION, type PhotoDocument } from "./photo.js";
import { type Placing, place, placeText } from "./placing.js";
import { sameJson } from "./same-json.js";
import { exposureOn, narrowedVisibility, withExposureOn } from "./seen-visibility.js";
import type { Visibility } from "./visibility.js";

/** What merging takes from outside the finding. */
export interface MergeContext {
  /** RFC 3339 in UTC. */
  readonly now: string;
  /** What a new photo gets unless a service shows it narrower. */
  readonly defaultVisibility: Visibility;
  /** The id of a new photo; a known one keeps its own. */
  readonly photoId: PhotoId;
}

function newDocument(
  finding: PhotoFound,
  readings: Readings,
  { now, defaultVisibility, photoId }: MergeContext,
): PhotoDocument {
  const { original, service } = finding;
  const [instance] = finding.instances;
  const [location] = original.locations;
  if (instance === undefined || location === undefined) {
    throw mergeDefect(
      "merge.no-instance",
      `${original.filename}: found on ${service} without any instance or place.`,
    );
  }
  const { media, extension } = readingOf(readings, original.hash, original.filename);
  const placing = place({ content_hash: original.hash, instances: {} }, finding, now);
  const evidence = { ...placing, content_hash: original.hash, sources: sourcesWith({}, finding, readings) };
  const derived = derive(evidence);
  const metadata = { ...derived.metadata, filename: original.filename };
  const variants = keyedVariants({ photo_id: photoId, metadata }, placing.variants, readings);
  const seen = exposureOn(placing, service) ?? "unknown";
  const visibility = { canonical: defaultVisibility, per_service: { [service]: seen }, discrepancies: [] };
  const canonical = narrowedVisibility({ instances: placing.instances, variants, visibility });
  return {
    schema_version: PHOTO_SCHEMA_VERSION,
    photo_id: photoId,
    content_hash: original.hash,
    canonical_source: `${service}:${instance.id}`,
    source_of_truth_path: placeText(location),
    blob_key: blobKey(metadata.taken_date, photoId, original.hash, extension),
    media: withBytes(media, original.sizeBytes),
    metadata,
    ...derived.marks,
    visibility: withDiscrepancies(canonical, visibility.per_service),
    processing_state: "discovered",
    conflicts: [],
    ...(variants.length > 0 && { variants }),
    instances: placing.instances,
    replicas: {},
    sources: evidence.sources,
    created_at: now,
    updated_at: now,
  };
}

const withBytes = (media: Omit<Media, "bytes">, bytes: number): Media => ({ ...media, bytes });

const withDiscrepancies = (
  canonical: Visibility,
  per_service: PhotoDocument["visibility"]["per_service"],
): PhotoDocument["visibility"] => ({
  canonical,
  per_service,
  discrepancies: visibilityDiscrepancies({ visibility: canonical, seen_visibility: per_service }),
});

function updated(
  known: PhotoDocument,
  placing: Placing,
  sources: Sources,
  finding: PhotoFound,
  readings: Readings,
): PhotoDocument {
  const evidence = { ...placing, content_hash: known.content_hash, sources };
  const derived: { before: Derived; after: Derived } = { before: derive(known), after: derive(evidence) };
  const { albums, people, favorite, archived, trashed, ownership, resolutions: _, ...rest } = known;
  const followed = followSources(known, evidence, derived);
  const variants = keyedVariants({ ...known, metadata: followed.metadata }, placing.variants, readings);
  const { canonical, per_service } = known.visibility;
  return {
    ...rest,
    media: withBytes(
      { ...known.media, ...readings.get(known.content_hash)?.media },
      finding.original.hash === known.content_hash ? finding.original.sizeBytes : known.media.bytes,
    ),
    ...followed,
    ...followMarks(known, derived),
    visibility: withDiscrepancies(canonical, withExposureOn(placing, finding.service, per_service)),
    ...(variants.length > 0 && { variants }),
    instances: placing.instances,
    sources,
  };
}

/**
 * The document of a photo with one more finding: pure, and safe to repeat (the second time gives the same document back,
 * times included). `known` is the document that holds the finding's original or one of its other files, as original or as
 * variant; null makes a new document. Adds instances, copies, places, variants and source records, and loses none;
 * canonical fields that followed the sources follow them still, those that a person settled or edited stay. The photo's
 * id, content hash, canonical source and blob keys never change; the date may, and with it `documentPath`. Visibility is
 * never widened; narrowing a known photo is left to `resolveDocument`, which records it. The state returns to `discovered`
 * only for what bears on resolving or replicating, not for one more place of the same copy.
 *
 * `readings` must hold every file that the document does not know yet. Throws `merge.no-reading`, `merge.no-instance`
 * (kind `bug`) when a caller breaks this, and `merge.foreign-finding` (user) when `known` holds none of the finding's files,
 * as after a hand edit of its hashes.
 */
export function mergeFinding(
  known: PhotoDocument | null,
  finding: PhotoFound,
  readings: Readings,
  context: MergeContext,
): PhotoDocument {
  if (known === null) return newDocument(finding, readings, context);
  const held: readonly ContentHash[] = [
    known.content_hash,
    ...(known.variants ?? []).map((variant) => variant.content_hash),
  ];
  if (
    ![finding.original, ...finding.variants.map(({ file }) => file)].some(({ hash }) => held.includes(hash))
  ) {
    throw new PhotosyncError({
      kind: "user",
      code: "merge.foreign-finding",
      message: `${finding.original.filename} was taken for a file of photo ${known.photo_id}, whose document names other bytes.`,
      next: [
        `If somebody edited content_hash or variants in ${known.photo_id}.json, bring the earlier value back (git log -p shows it), commit, then run again.`,
      ],
    });
  }
  const placing = place(known, finding, context.now);
  const next = updated(known, placing, sourcesWith(known.sources, finding, readings), finding, readings);
  if (sameJson(next, known)) return known;
  const processing_state = sameJson(bearingOf(next), bearingOf(known))
    ? known.processing_state
    : "discovered";
  return { ...next, processing_state, updated_at: context.now };
}
