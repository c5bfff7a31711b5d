import { isPhotoDocument } from "../../../src/control/records.js";
import type { InstanceFound, PhotoFound, Reading, Readings } from "../../../src/domain/finding.js";
import { type ContentHash, contentHash, isPhotoId, type PhotoId } from "../../../src/domain/ids.js";
import { type MergeContext, mergeFinding } from "../../../src/domain/merge.js";
import type { Facts, Json, PhotoDocument } from "../../../src/domain/photo.js";
import { noWiderThan, replayChange } from "../../../src/domain/undo-photo.js";
import { isWider, type SeenVisibility } from "../../../src/domain/visibility.js";

export const T0 = "2024-02-01T00:00:00Z";
export const T1 = "2024-02-02T00:00:00Z";
export const T2 = "2024-02-03T00:00:00Z";

/** A content hash of one repeated hex digit. */
export const hashOf = (digit: string): ContentHash => contentHash(digit.repeat(64));

function photoId(text: string): PhotoId {
  if (!isPhotoId(text)) throw new RangeError(text);
  return text;
}

export const PHOTO_ID = photoId("c6b73333-67b7-5fba-ab4d-ee908e5b0d5d");

export const contextAt = (now: string, defaultVisibility: MergeContext["defaultVisibility"] = "public") => ({
  now,
  defaultVisibility,
  photoId: PHOTO_ID,
});

/** What the bytes of a small JPEG say. */
export const reading = (facts: Facts = {}, raw: Record<string, Json> = {}): Reading => ({
  media: { mime_type: "image/jpeg", width: 4, height: 3 },
  extension: "jpg",
  facts,
  raw,
});

export const readingsOf = (...entries: (readonly [string, Facts])[]): Readings =>
  new Map(
    entries.map(([digit, facts]) => [
      hashOf(digit),
      reading(facts, { from: digit, ...(facts.caption !== undefined && { caption: facts.caption }) }),
    ]),
  );

export interface Sighting {
  readonly service?: string;
  readonly id?: string;
  readonly digit?: string;
  readonly facts?: Facts;
  readonly raw?: Record<string, Json>;
  readonly visibility?: SeenVisibility;
  readonly path?: string;
  readonly entry?: string;
  readonly url?: string;
  readonly variants?: PhotoFound["variants"];
}

const fileAt = (digit: string, path: string, entry?: string): PhotoFound["original"] => ({
  hash: hashOf(digit),
  filename: "IMG_1.jpg",
  sizeBytes: 1000,
  locations: [{ path, ...(entry !== undefined && { entry }) }],
});

export function instanceFound(sighting: Sighting): InstanceFound {
  const { id = "one", facts, visibility = "unknown", path = "IMG_1.jpg", entry, url } = sighting;
  return {
    id,
    quality: "original",
    visibility,
    locations: [{ path, ...(entry !== undefined && { entry }) }],
    ...(url !== undefined && { url }),
    record: facts === undefined ? null : { id, facts, raw: sighting.raw ?? rawOf(facts) },
  };
}

/** The words a source would have used: they differ where the facts differ. */
const rawOf = (facts: Facts): Record<string, Json> => ({ words: JSON.stringify(facts) });

/** A finding of one photo with one instance; every detail has a default. */
export function found(sighting: Sighting = {}): PhotoFound {
  const { service = "google-photos", digit = "a", path = "IMG_1.jpg", entry, variants = [] } = sighting;
  return {
    service,
    original: fileAt(digit, path, entry),
    instances: [instanceFound(sighting)],
    variants,
  };
}

/** A variant of a finding, with one instance. */
export const variantFound = (
  role: PhotoFound["variants"][number]["role"],
  sighting: Sighting & { readonly digit: string },
): PhotoFound["variants"][number] => ({
  role,
  file: fileAt(sighting.digit, sighting.path ?? `${role}.jpg`),
  instances: [instanceFound({ path: `${role}.jpg`, ...sighting })],
});

const ALL_DIGITS = readingsOf(["a", {}], ["b", {}], ["c", {}], ["d", {}]);

/** Merges findings one after another, each at a later time. */
export function mergeAll(
  findings: readonly PhotoFound[],
  readings: Readings = ALL_DIGITS,
  context: MergeContext = contextAt(T0),
): PhotoDocument {
  const [first, ...rest] = findings;
  if (first === undefined) throw new RangeError("no finding");
  return rest.reduce(
    (document, finding) => mergeFinding(document, finding, readings, { ...context, now: T1 }),
    mergeFinding(null, first, readings, context),
  );
}

/** The document as a person left it after editing its metadata by hand. */
export const editedByHand = (
  document: PhotoDocument,
  metadata: Partial<PhotoDocument["metadata"]>,
): PhotoDocument => ({
  ...document,
  metadata: { ...document.metadata, ...metadata },
});

/** One operation (`before` → `after`) taken out of a photo that has since become `current`. */
export function undoPhoto({
  before,
  after,
  current,
}: {
  readonly before: PhotoDocument | null;
  readonly after: PhotoDocument | null;
  readonly current: PhotoDocument | null;
}) {
  const replayed = replayChange(before, { before: after, after: current }, isPhotoDocument);
  if (replayed.kind === "clash") return replayed;
  const { document } = replayed;
  if (document === null) return { kind: "removed" as const };
  const kept = current === null ? document : noWiderThan(document, current);
  const keptNarrower = isWider(document.visibility.canonical, kept.visibility.canonical);
  return { kind: "document" as const, document: kept, keptNarrower };
}
