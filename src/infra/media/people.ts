import type { Json } from "../../domain/photo.js";
import type { Tags } from "./taken.js";
import { tidyText } from "./text.js";

function field(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as { readonly [key: string]: Json })[name];
}

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A value once for each distinct text, in order. */
export function distinctTexts(values: readonly (Json | undefined)[]): string[] {
  return [...new Set(values.map((value) => tidyText(value)).filter((text) => text !== undefined))];
}

/**
 * The people whom XMP names: IPTC's PersonInImage, faces of the Metadata Working Group's regions (other region types are
 * pets, focus points and codes), and Microsoft's people tags.
 */
export function readPeople(tags: Tags): string[] {
  const regions = listOf(field(tags.get("XMP-mwg-rs:Regions"), "RegionList"));
  const faces = regions.filter((region) => tidyText(field(region, "Type"))?.toLowerCase() === "face");
  const microsoft = listOf(field(tags.get("XMP-MP:RegionInfo"), "Regions"));
  return distinctTexts([
    ...listOf(tags.get("XMP-iptcExt:PersonInImage")),
    ...faces.map((face) => field(face, "Name")),
    ...microsoft.map((region) => field(region, "PersonDisplayName")),
  ]);
}
