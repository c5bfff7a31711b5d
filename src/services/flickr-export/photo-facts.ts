import type { Facts, Json, Place } from "../../domain/photo.js";
import type { SeenVisibility } from "../../domain/visibility.js";
import { isJsonRecord, type JsonRecord, textAt } from "../../infra/json-value.js";
import { isBookkeeping } from "../flickr/own-tags.js";
import { wallClock } from "../flickr/wall-clock.js";

/** What `photo_{id}.json` says. */
export interface ToldOfPhoto {
  readonly facts: Facts;
  /** The file as it stands, without the address that gives out the bytes to whoever has it. */
  readonly raw: JsonRecord;
  readonly visibility: SeenVisibility;
  /** The photo's page. */
  readonly url?: string;
}

/**
 * Understands one photo's file of an export. Any JSON object is accepted: a field of another form than expected becomes
 * a warning and never loses the photo. Captions may hold HTML and stay as they are, as they do when read from Flickr itself.
 */
export function photoFacts(photo: JsonRecord): ToldOfPhoto {
  const warnings: string[] = [];
  const facts: Facts = {
    ...takenDate(photo, warnings),
    ...optional("title", textAt(photo, "name")),
    ...optional("caption", textAt(photo, "description")),
    ...optional("location", place(photo["geo"], warnings)),
    ...optional("tags", tags(photo["tags"], warnings)),
  };
  const { original: _, ...raw } = photo;
  return {
    facts: warnings.length === 0 ? facts : { ...facts, warnings },
    raw,
    visibility: visibilityOf(photo["privacy"]),
    ...optional("url", pageOf(photo)),
  };
}

const odd = (key: string): string => `Flickr:${key} has an unexpected form`;

const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> => {
  const found: Partial<Record<K, V>> = {};
  if (value !== undefined) found[key] = value;
  return found;
};

/**
 * The level that the words mean. "public" and "private" are known from exports; for friends and family only the words
 * that must be in it are, and they may stand for either alone. What says two things, or none, stays unknown.
 */
export function visibilityOf(privacy: Json | undefined): SeenVisibility {
  const words = typeof privacy === "string" ? privacy.toLowerCase() : "";
  const levels: readonly SeenVisibility[] = [
    ...(/\bpublic\b/.test(words) ? ["public" as const] : []),
    ...(/\b(?:friends?|family)\b/.test(words) ? ["friends" as const] : []),
    ...(/\b(?:private|only (?:you|me)|just (?:you|me))\b/.test(words) ? ["private" as const] : []),
  ];
  const isNegated = /\b(?:not?|non|except|without)\b/.test(words);
  return levels.length === 1 && !isNegated ? (levels[0] ?? "unknown") : "unknown";
}

/** Where a picture tells no date, Flickr takes the moment of upload for it; an export has no flag that says so. */
function takenDate(photo: JsonRecord, warnings: string[]): Pick<Facts, "taken_date" | "taken_date_from"> {
  const text = textAt(photo, "date_taken");
  if (text === undefined || /^0000-00-00/.test(text)) return {};
  if (text === textAt(photo, "date_imported")) {
    warnings.push("Flickr:date_taken is the time of upload");
    return {};
  }
  const date = wallClock(text);
  if (date === null) {
    warnings.push("Flickr:date_taken cannot be read");
    return {};
  }
  return { taken_date: date, taken_date_from: "Flickr:date_taken" };
}

/** Coordinates stand in millionths of a degree without a point; one that has a point is read as degrees. */
function degrees(value: Json | undefined, limit: number): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^-?\d{1,10}(?:\.\d{1,12})?$/.test(text.trim())) return undefined;
  const number = text.includes(".") ? Number(text) : Number(text) / 1_000_000;
  return Math.abs(number) <= limit ? number : undefined;
}

function place(geo: Json | undefined, warnings: string[]): Place | undefined {
  const told = Array.isArray(geo) ? geo[0] : geo;
  if (told === undefined || told === null || told === "") return undefined;
  const lat = isJsonRecord(told) ? degrees(told["latitude"], 90) : undefined;
  const lng = isJsonRecord(told) ? degrees(told["longitude"], 180) : undefined;
  if (lat === undefined || lng === undefined) {
    warnings.push(odd("geo"));
    return undefined;
  }
  return lat === 0 && lng === 0 ? undefined : { lat, lng };
}

function tags(list: Json | undefined, warnings: string[]): readonly string[] | undefined {
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) {
    warnings.push(odd("tags"));
    return undefined;
  }
  const each: readonly Json[] = list;
  const names = each.map((tag) => (isJsonRecord(tag) ? textAt(tag, "tag") : undefined));
  if (names.includes(undefined)) warnings.push(odd("tags"));
  const distinct = [...new Set(names.filter((name) => name !== undefined))].filter(
    (name) => !isBookkeeping(name),
  );
  return distinct.length === 0 ? undefined : distinct;
}

function pageOf(photo: JsonRecord): string | undefined {
  const text = textAt(photo, "photopage");
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname } = new URL(text);
  const isFlickr = hostname === "flickr.com" || hostname === "www.flickr.com";
  return protocol === "https:" && isFlickr && pathname.startsWith("/photos/") ? text : undefined;
}

/** The furthest that any zone lies behind UTC. */
const WESTERNMOST_HOURS = 12;

/**
 * When the photo came to Flickr, RFC 3339 UTC, as late as it can have been: the zone of `date_imported` is not documented,
 * and nothing may be left out as older than it is.
 */
export function importedAt(raw: JsonRecord): string | undefined {
  const date = wallClock(textAt(raw, "date_imported") ?? "");
  if (date === null) return undefined;
  const moment = new Date(Date.parse(`${date}Z`) + WESTERNMOST_HOURS * 3_600_000);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
