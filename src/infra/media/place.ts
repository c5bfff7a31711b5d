import type { Json, Place } from "../../domain/photo.js";
import type { Tags } from "./taken.js";

/** A place, or why the values that are there are none. */
export type ReadPlace =
  | { readonly kind: "none" }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "unusable"; readonly why: string };

const PLACES = 1e7;
const round = (degrees: number): number => Math.round(degrees * PLACES) / PLACES;

function ratio(value: Json | undefined): number {
  if (typeof value === "number") return value;
  if (!Array.isArray(value) || value.length !== 2) return Number.NaN;
  return Number(value[0]) / Number(value[1]);
}

/** Degrees, minutes and seconds as rationals; minutes or seconds of 0/0 are left out by some writers and count as 0. */
function exifDegrees(value: Json | undefined): number {
  if (!Array.isArray(value)) return Number.NaN;
  const parts = value.length === 2 && typeof value[0] === "number" ? [value] : value;
  const [degrees = Number.NaN, minutes = 0, seconds = 0] = parts.map((part: Json) => ratio(part));
  return degrees + (Number.isNaN(minutes) ? 0 : minutes) / 60 + (Number.isNaN(seconds) ? 0 : seconds) / 3600;
}

const firstLetter = (value: Json | undefined): string =>
  typeof value === "string" ? value.trim().charAt(0).toUpperCase() : "";

function exifCoordinate(tags: Tags, name: string, positive: string, negative: string): number | undefined {
  const value = tags.get(`GPS:${name}`);
  if (value === undefined) return undefined;
  const letter = firstLetter(tags.get(`GPS:${name}Ref`));
  if (letter !== positive && letter !== negative) return Number.NaN;
  const degrees = exifDegrees(value);
  return letter === negative ? -degrees : degrees;
}

/** `39,6.9N`, `39,6,54N` (XMP specification part 2, GPSCoordinate) or plain decimal degrees. */
function xmpCoordinate(tags: Tags, name: string): number | undefined {
  const value = tags.get(`XMP-exif:${name}`);
  if (typeof value !== "string" || value === "") return undefined;
  const match = /^(-?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW]?)$/i.exec(
    value.trim(),
  );
  if (match === null) return Number.NaN;
  const size = Number(match[1]) + Number(match[2] ?? 0) / 60 + Number(match[3] ?? 0) / 3600;
  return /[SW]/i.test(match[4] ?? "") ? -size : size;
}

/** `+48.8577+002.2950+035.1/` (ISO 6709 annex H), as QuickTime files hold it, in degrees, minutes or seconds. */
export function iso6709(text: string): readonly [number, number, number | undefined] | null {
  const match = /^([+-]\d{2,6}(?:\.\d+)?)([+-]\d{3,7}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?/.exec(text.trim());
  if (match === null) return null;
  const [, lat = "", lng = "", altitude] = match;
  return [sexagesimal(lat, 2), sexagesimal(lng, 3), altitude === undefined ? undefined : Number(altitude)];
}

function sexagesimal(text: string, degreeDigits: number): number {
  const digits = text.slice(1);
  const whole = digits.split(".")[0]?.length ?? 0;
  const sign = text.startsWith("-") ? -1 : 1;
  if (whole <= degreeDigits) return sign * Number(digits);
  const degrees = Number(digits.slice(0, degreeDigits));
  if (whole <= degreeDigits + 2) return sign * (degrees + Number(digits.slice(degreeDigits)) / 60);
  const minutes = Number(digits.slice(degreeDigits, degreeDigits + 2));
  return sign * (degrees + minutes / 60 + Number(digits.slice(degreeDigits + 2)) / 3600);
}

const COORDINATE_TEXTS = ["Keys:GPSCoordinates", "UserData:GPSCoordinates", "ItemList:GPSCoordinates"];

function signedAltitude(value: number, ref: Json | undefined): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const below = ref === 1 || ref === "1" || (Array.isArray(ref) && ref[0] === 1);
  return below ? -Math.abs(value) : value;
}

function judge(lat: number, lng: number, altitude: number | undefined): ReadPlace {
  if (!Number.isFinite(lat) || !Number.isFinite(lng))
    return { kind: "unusable", why: "the position is incomplete" };
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180)
    return { kind: "unusable", why: "the position is outside the globe" };
  // Nobody photographs in the Gulf of Guinea at exactly 0/0; receivers without a fix and editors write it.
  if (lat === 0 && lng === 0) return { kind: "unusable", why: "the position is 0/0, which means none" };
  const place = { lat: round(lat), lng: round(lng) };
  return {
    kind: "place",
    place: altitude === undefined ? place : { ...place, altitude: Math.round(altitude * 1000) / 1000 },
  };
}

/** Where the photo was taken: EXIF's position, else XMP's, else QuickTime's. A place of 0/0 or off the globe is none. */
export function readPlace(tags: Tags): ReadPlace {
  const outcomes: ReadPlace[] = [];
  const lat = exifCoordinate(tags, "GPSLatitude", "N", "S");
  const lng = exifCoordinate(tags, "GPSLongitude", "E", "W");
  if (lat !== undefined || lng !== undefined) {
    const altitude = signedAltitude(ratio(tags.get("GPS:GPSAltitude")), tags.get("GPS:GPSAltitudeRef"));
    outcomes.push(judge(lat ?? Number.NaN, lng ?? Number.NaN, altitude));
  }
  const xmpLat = xmpCoordinate(tags, "GPSLatitude");
  const xmpLng = xmpCoordinate(tags, "GPSLongitude");
  if (xmpLat !== undefined || xmpLng !== undefined) {
    const altitude = signedAltitude(
      xmpRatio(tags.get("XMP-exif:GPSAltitude")),
      tags.get("XMP-exif:GPSAltitudeRef"),
    );
    outcomes.push(judge(xmpLat ?? Number.NaN, xmpLng ?? Number.NaN, altitude));
  }
  for (const tag of COORDINATE_TEXTS) {
    const text = tags.get(tag);
    const position = typeof text === "string" ? iso6709(text) : null;
    if (position !== null) outcomes.push(judge(...position));
  }
  return outcomes.find(({ kind }) => kind === "place") ?? outcomes[0] ?? { kind: "none" };
}

function xmpRatio(value: Json | undefined): number {
  const match = typeof value === "string" ? /^\s*(-?\d+(?:\.\d+)?)(?:\/(\d+))?\s*$/.exec(value) : null;
  return match === null ? Number.NaN : Number(match[1]) / Number(match[2] ?? 1);
}
