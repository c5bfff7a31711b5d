import { isRecord } from "./is-record.js";
import type { Json } from "./photo.js";
import { sameJson } from "./same-json.js";
import { plainText } from "./settling/text-forms.js";
import { compareTakenDates } from "./taken-date.js";

/** How two sources' values of one field stand to each other. */
export type Relation =
  | "same"
  /** Two spellings of one value: only the form differs. */
  | "alike"
  /** Two lists that can both be true: their union says all that either says. */
  | "unitable"
  | "different";

/** A mean Earth radius in metres (IUGG R1); its error is far below what photos' places can tell. */
const EARTH_RADIUS_M = 6_371_009;
const SAME_SPOT_M = 100;

/** Latitude and longitude of a JSON place, or null where it is none (missing, not numbers, off the globe). */
export function coordinatesOf(place: Json): { readonly lat: number; readonly lng: number } | null {
  if (!isRecord(place)) return null;
  const { lat, lng } = place;
  if (typeof lat !== "number" || typeof lng !== "number") return null;
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

function metresBetween(
  a: { readonly lat: number; readonly lng: number },
  b: { readonly lat: number; readonly lng: number },
): number {
  const radians = Math.PI / 180;
  const halfLat = Math.sin(((b.lat - a.lat) * radians) / 2);
  const halfLng = Math.sin(((b.lng - a.lng) * radians) / 2);
  const chord = halfLat ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * halfLng ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Digits after the point that a place was stated with; both coordinates rarely end in zeros at once. */
function statedDecimals(place: { readonly lat: number; readonly lng: number }): number {
  const decimals = (degrees: number) =>
    (Math.abs(degrees).toFixed(9).replace(/0+$/, "").split(".")[1] ?? "").length;
  return Math.max(decimals(place.lat), decimals(place.lng));
}

/** Places agree within 100 m, or when the finer one rounds or truncates to the coarser one. */
export function relatePlaces(left: Json, right: Json): Relation {
  if (sameJson(left, right)) return "same";
  const a = coordinatesOf(left);
  const b = coordinatesOf(right);
  if (a === null || b === null) return "different";
  if (metresBetween(a, b) <= SAME_SPOT_M) return "alike";
  const unit = 10 ** -Math.min(statedDecimals(a), statedDecimals(b));
  const lngGap = Math.abs(a.lng - b.lng);
  return Math.abs(a.lat - b.lat) <= unit && Math.min(lngGap, 360 - lngGap) <= unit ? "alike" : "different";
}

/** Dates agree when they are one moment, zone doubt included (see `compareTakenDates`). */
export function relateDates(left: Json, right: Json): Relation {
  if (left === right) return "same";
  if (typeof left !== "string" || typeof right !== "string") return "different";
  return compareTakenDates(left, right) === "different" ? "different" : "alike";
}

/** Texts agree when only Unicode form and white space differ; `&amp;` and `&` are two texts. */
export function relateTexts(left: Json, right: Json): Relation {
  if (left === right) return "same";
  if (typeof left !== "string" || typeof right !== "string") return "different";
  return plainText(left) === plainText(right) ? "alike" : "different";
}

/**
 * Cameras agree when no part that both name contradicts: letter case does not count, a make may be shortened
 * (`NIKON CORPORATION`, `Nikon`), and a model may repeat the make (`Canon EOS 5D`, `EOS 5D`).
 */
export function relateCameras(left: Json, right: Json): Relation {
  if (sameJson(left, right)) return "same";
  if (!isRecord(left) || !isRecord(right)) return "different";
  const part = (camera: { readonly [key: string]: Json }, name: string): string => {
    const text = Object.hasOwn(camera, name) ? camera[name] : "";
    return typeof text === "string" ? plainText(text).toLowerCase() : "";
  };
  const oneContains = (name: string, fits: (long: string, short: string) => boolean): boolean => {
    const [a, b] = [part(left, name), part(right, name)];
    return a === "" || b === "" || fits(a, b) || fits(b, a);
  };
  const agrees =
    oneContains("make", (long, short) => long.startsWith(short)) &&
    oneContains("model", (long, short) => long === short || long.endsWith(` ${short}`)) &&
    oneContains("lens", (long, short) => long === short);
  return agrees ? "alike" : "different";
}

/** Lists of names are compared as sets, letter case included. */
export function relateLists(left: Json, right: Json): Relation {
  if (!Array.isArray(left) || !Array.isArray(right)) return "different";
  const missing = (from: readonly Json[], wanted: readonly Json[]) =>
    wanted.some((name) => !from.includes(name));
  return missing(left, right) || missing(right, left) ? "unitable" : "same";
}

/** Ratings agree when they are the same number of stars. */
export const relateRatings = (left: Json, right: Json): Relation => (left === right ? "same" : "different");
