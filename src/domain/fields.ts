import {
  coordinatesOf,
  type Relation,
  relateCameras,
  relateDates,
  relateLists,
  relatePlaces,
  relateRatings,
  relateTexts,
} from "./agreement.js";
import { isRecord } from "./is-record.js";
import type { Camera, Facts, Json, Metadata, Place } from "./photo.js";
import { parseTakenDate } from "./taken-date.js";

/** The canonical fields that follow from what the sources say, in the order in which they are shown. */
export const METADATA_FIELDS = [
  "taken_date",
  "caption",
  "title",
  "location",
  "camera_info",
  "tags",
  "rating",
] as const;
export type MetadataField = (typeof METADATA_FIELDS)[number];

export const isMetadataField = (name: string): name is MetadataField =>
  METADATA_FIELDS.some((field) => field === name);

/** How one field is read, compared and merged. Values are JSON, so that one piece of code serves every field. */
export interface FieldRules {
  /** For people, in the plural: `captions`. */
  readonly plural: string;
  /** What a source says, or undefined where it says nothing (empty text, no names, 0 stars). */
  readonly read: (facts: Facts) => Json | undefined;
  readonly relate: (left: Json, right: Json) => Relation;
  /** The canonical value of values in order of trust; never called with none. */
  readonly merge: (values: readonly Json[]) => Json | undefined;
  /** The metadata with this value (undefined or null: with none), or null where the value is none for this field. */
  readonly write: (metadata: Metadata, value: Json | undefined) => Metadata | null;
}

/** Names in NFC, trimmed, each once, in the order given. */
export const distinctNames = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => name.normalize("NFC").trim()).filter((name) => name !== "")),
];

const said = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined);
const first = (values: readonly Json[]): Json | undefined => values[0];
const isText = (value: Json): value is string => typeof value === "string";
const isNames = (value: Json): value is readonly string[] => Array.isArray(value) && value.every(isText);
function without(metadata: Metadata, field: Exclude<MetadataField, "taken_date" | "tags">): Metadata {
  const { [field]: _, ...rest } = metadata;
  return rest;
}

function placeOf(value: Json): Place | null {
  const coordinates = coordinatesOf(value);
  if (coordinates === null || !isRecord(value)) return null;
  const { altitude } = value;
  if (altitude === undefined) return coordinates;
  return typeof altitude === "number" ? { ...coordinates, altitude } : null;
}

function cameraOf(value: Json): Camera | null {
  if (!isRecord(value)) return null;
  const { make, model, lens, ...unknown } = value;
  if (Object.keys(unknown).length > 0) return null;
  if ([make, model, lens].some((part) => part !== undefined && typeof part !== "string")) return null;
  return {
    ...(typeof make === "string" && { make }),
    ...(typeof model === "string" && { model }),
    ...(typeof lens === "string" && { lens }),
  };
}

/** The first place, with the altitude of the first one that is the same spot and knows it. */
function mergePlaces(values: readonly Json[]): Json | undefined {
  const [trusted, ...others] = values.map(placeOf).filter((place) => place !== null);
  if (trusted === undefined) return undefined;
  if (trusted.altitude !== undefined) return { ...trusted };
  const altitude = others.find(
    (place) => place.altitude !== undefined && relatePlaces({ ...trusted }, { ...place }) !== "different",
  )?.altitude;
  return altitude === undefined ? { ...trusted } : { ...trusted, altitude };
}

/** The first camera, with the parts that it lacks from the first ones that do not contradict it. */
function mergeCameras(values: readonly Json[]): Json | undefined {
  const [trusted, ...others] = values.map(cameraOf).filter((camera) => camera !== null);
  if (trusted === undefined) return undefined;
  let merged: Readonly<Record<string, string>> = { ...trusted };
  for (const other of others) {
    if (relateCameras(merged, { ...other }) !== "different") merged = { ...other, ...merged };
  }
  return merged;
}

const text = (field: "caption" | "title"): FieldRules => ({
  plural: `${field}s`,
  read: (facts) => said(facts[field]),
  relate: relateTexts,
  merge: first,
  write: (metadata, value) => {
    if (value === undefined || value === null) return without(metadata, field);
    return isText(value) ? { ...metadata, [field]: value } : null;
  },
});

/** Every field's rules. */
export const FIELD_RULES: Readonly<Record<MetadataField, FieldRules>> = {
  taken_date: {
    plural: "dates",
    read: (facts) => facts.taken_date,
    relate: relateDates,
    merge: first,
    write: (metadata, value) => {
      if (value === undefined || value === null) return { ...metadata, taken_date: null };
      return isText(value) && parseTakenDate(value) !== null ? { ...metadata, taken_date: value } : null;
    },
  },
  caption: text("caption"),
  title: text("title"),
  location: {
    plural: "places",
    read: ({ location }) => location && { ...location },
    relate: relatePlaces,
    merge: mergePlaces,
    write: (metadata, value) => {
      if (value === undefined || value === null) return without(metadata, "location");
      const location = placeOf(value);
      return location === null ? null : { ...metadata, location };
    },
  },
  camera_info: {
    plural: "cameras",
    read: ({ camera_info }) =>
      camera_info && Object.keys(camera_info).length > 0 ? { ...camera_info } : undefined,
    relate: relateCameras,
    merge: mergeCameras,
    write: (metadata, value) => {
      if (value === undefined || value === null) return without(metadata, "camera_info");
      const camera = cameraOf(value);
      return camera === null ? null : { ...metadata, camera_info: camera };
    },
  },
  tags: {
    plural: "tags",
    read: ({ tags }) => {
      const names = distinctNames(tags ?? []);
      return names.length > 0 ? names : undefined;
    },
    relate: relateLists,
    merge: (values) => distinctNames(values.filter(isNames).flat()),
    write: (metadata, value) => {
      if (value === undefined || value === null) return { ...metadata, tags: [] };
      return isNames(value) ? { ...metadata, tags: distinctNames(value) } : null;
    },
  },
  rating: {
    plural: "ratings",
    // XMP's xmp:Rating: 0 means unrated, which is also what a reader assumes where there is none.
    read: ({ rating }) => (rating === 0 ? undefined : rating),
    relate: relateRatings,
    merge: first,
    write: (metadata, value) => {
      if (value === undefined || value === null) return without(metadata, "rating");
      return typeof value === "number" && value >= -1 && value <= 5 ? { ...metadata, rating: value } : null;
    },
  },
};

/** The canonical value of a field as JSON; undefined where the photo has none (no tags is none). */
export function canonicalValue(metadata: Metadata, field: MetadataField): Json | undefined {
  const value = metadata[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return value;
  if ("length" in value) return value.length > 0 ? [...value] : undefined;
  return { ...value };
}
