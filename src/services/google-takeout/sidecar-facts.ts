import type { Facts, Json, Place } from "../../domain/photo.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import { takenInstant } from "./taken-time.js";

export interface SidecarFacts {
  readonly facts: Facts;
  /** The sidecar as it stands, unknown keys included. */
  readonly raw: JsonRecord;
}

const FLAGS = [
  ["favorited", "favorite"],
  ["archived", "archived"],
  ["trashed", "trashed"],
] as const;

/**
 * What a photo's sidecar says, in the document's words. Any JSON object is accepted: a field of another form than
 * expected becomes a warning and never loses the photo. The title is the name at upload, so it is the file name and
 * no title; the instant carries no zone, for Google tells none.
 */
export function sidecarFacts(sidecar: JsonRecord): SidecarFacts {
  const warnings: string[] = [];
  const taken = takenInstant(sidecar);
  if (taken.isOdd) warnings.push("Takeout:photoTakenTime cannot be read");
  const text = (key: string): string | undefined => {
    const value = sidecar[key];
    if (value !== undefined && value !== null && typeof value !== "string") warnings.push(oddField(key));
    return textAt(sidecar, key);
  };
  const facts: Facts = {
    ...(taken.date === undefined
      ? {}
      : { taken_date: taken.date, taken_date_from: "Takeout:photoTakenTime" }),
    ...optional("filename", text("title")),
    ...optional("caption", text("description")),
    ...optional("location", shownPlace(sidecar, warnings)),
    ...optional("people", names(sidecar["people"], warnings)),
    ...flags(sidecar, warnings),
    ...(isOtherPeoples(sidecar) ? { ownership: "other" as const } : {}),
  };
  return { facts: warnings.length === 0 ? facts : { ...facts, warnings }, raw: sidecar };
}

const oddField = (key: string): string => `Takeout:${key} has an unexpected form`;

const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> => {
  const found: Partial<Record<K, V>> = {};
  if (value !== undefined) found[key] = value;
  return found;
};

function flags(sidecar: JsonRecord, warnings: string[]): Pick<Facts, "favorite" | "archived" | "trashed"> {
  const found: { favorite?: boolean; archived?: boolean; trashed?: boolean } = {};
  for (const [key, fact] of FLAGS) {
    const value = sidecar[key];
    if (typeof value === "boolean") found[fact] = value;
    else if (value !== undefined && value !== null) warnings.push(oddField(key));
  }
  return found;
}

/**
 * `geoData` is the place that Google Photos shows, the owner's corrections included, so it goes first; the file's own
 * place, which `geoDataExif` repeats, is read from the bytes anyway and stands in only where `geoData` has none.
 */
function shownPlace(sidecar: JsonRecord, warnings: string[]): Place | undefined {
  return place(sidecar, "geoData", warnings) ?? place(sidecar, "geoDataExif", warnings);
}

function place(sidecar: JsonRecord, key: string, warnings: string[]): Place | undefined {
  const value = sidecar[key];
  if (value === undefined || value === null) return undefined;
  const lat = isJsonRecord(value) ? value["latitude"] : undefined;
  const lng = isJsonRecord(value) ? value["longitude"] : undefined;
  if (!isWithin(lat, 90) || !isWithin(lng, 180)) {
    warnings.push(oddField(key));
    return undefined;
  }
  if (lat === 0 && lng === 0) return undefined;
  const altitude = isJsonRecord(value) ? value["altitude"] : undefined;
  // 0.0 is what Takeout writes for "not known"; a true zero cannot be told from it.
  const known = typeof altitude === "number" && Number.isFinite(altitude) && altitude !== 0;
  return { lat, lng, ...(known ? { altitude } : {}) };
}

const isWithin = (value: Json | undefined, limit: number): value is number =>
  typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= limit;

function names(people: Json | undefined, warnings: string[]): readonly string[] | undefined {
  if (people === undefined || people === null) return undefined;
  if (!Array.isArray(people)) {
    warnings.push(oddField("people"));
    return undefined;
  }
  const list: readonly Json[] = people;
  const found = list.map((person) => (isJsonRecord(person) ? textAt(person, "name") : undefined));
  if (list.some((person) => !isJsonRecord(person))) warnings.push(oddField("people"));
  const distinct = [...new Set(found.filter((name) => name !== undefined))];
  return distinct.length === 0 ? undefined : distinct;
}

/** Partner sharing and shared albums put other people's photos into the owner's export. */
function isOtherPeoples(sidecar: JsonRecord): boolean {
  const origin = sidecar["googlePhotosOrigin"];
  return isJsonRecord(origin) && ("fromPartnerSharing" in origin || "fromSharedAlbum" in origin);
}
