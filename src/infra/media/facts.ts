import type { Camera, Facts, Json } from "../../domain/photo.js";
import { distinctTexts, readPeople } from "./people.js";
import { readPlace } from "./place.js";
import { readTaken, type Tags } from "./taken.js";
import { tidyText } from "./text.js";

const TITLES = [
  "XMP-dc:Title",
  "IPTC:ObjectName",
  "EXIF:ImageTitle",
  "EXIF:XPTitle",
  "Keys:Title",
  "ItemList:Title",
  "UserData:Title",
  "RIFF:Title",
  "PNG:Title",
];
const CAPTIONS = [
  "EXIF:ImageDescription",
  "IPTC:Caption-Abstract",
  "XMP-dc:Description",
  "Keys:Description",
  "ItemList:Description",
  "UserData:Description",
  "EXIF:UserComment",
  "PNG:Description",
  "PNG:Comment",
];
const KEYWORDS = ["IPTC:Keywords", "XMP-dc:Subject", "Keys:Keywords"];
const MAKES = [
  "EXIF:Make",
  "XMP-tiff:Make",
  "Keys:Make",
  "UserData:Make",
  "CanonRaw:Make",
  "RIFF:Make",
  "H264:Make",
];
const MODELS = [
  "EXIF:Model",
  "XMP-tiff:Model",
  "Keys:Model",
  "UserData:Model",
  "CanonRaw:Model",
  "RIFF:Model",
  "EXIF:UniqueCameraModel",
];
const LENSES = ["EXIF:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens", "EXIF:Lens", "Keys:LensModel"];
const RATINGS = ["XMP-xmp:Rating", "EXIF:Rating"];

/**
 * What cameras and phones write into the caption by themselves; no person said it of the picture. The short ones are
 * Huawei's names of its shooting modes, which its cameras leave in ImageDescription.
 */
const MACHINE_CAPTIONS: readonly RegExp[] = [
  /^(olympus|konica minolta|minolta|samsung|kodak|pentax|casio)? ?digital (still )?camera$/i,
  /^(sony dsc|dcim|samsung|exif[_ ]jpeg([_ ]picture)?|default|maginon|jpeg|image|untitled|<digimax .*>|<kenox .*>|<samsung .*>)$/i,
  /^(cof|dav|rhdr|hdr|hdrpl|sdr|oznor[a-z]*|fbt|btf|btr|edf|mde|ptr|burst|nor|cav|mmexport|mr|tpl|ph|smart|beauty|nightshot|vivo)$/,
  /^oplus_\d+$/,
  /^\{.*\}$/s,
];

/** Text of a plain value, or of the default language among several. */
function plainText(value: Json | undefined): string | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const byLanguage = value as { readonly [language: string]: Json };
    return tidyText(byLanguage["x-default"] ?? Object.values(byLanguage)[0]);
  }
  return tidyText(Array.isArray(value) ? value[0] : value);
}

function firstText(
  tags: Tags,
  names: readonly string[],
  accepts = (_: string): boolean => true,
): string | undefined {
  for (const name of names) {
    const text = plainText(tags.get(name));
    if (text !== undefined && accepts(text)) return text;
  }
  return undefined;
}

/** True for a text that a person may have written: readable, and none of the machines' own. */
export function isPersonsCaption(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what shows that bytes are no text
  const isReadable = !/[\x01-\x08\x0b\x0e-\x1f\ufffd]/.test(text);
  return isReadable && !MACHINE_CAPTIONS.some((pattern) => pattern.test(text));
}

function readRating(tags: Tags): number | undefined {
  for (const name of RATINGS) {
    const text = tidyText(tags.get(name));
    const rating = text === undefined ? Number.NaN : Number(text);
    if (rating >= -1 && rating <= 5) return Math.round(rating);
  }
  return undefined;
}

function readKeywords(tags: Tags): string[] {
  const listed = KEYWORDS.flatMap((name) => {
    const value = tags.get(name);
    return Array.isArray(value) ? [...value] : [value];
  });
  // Windows puts its keywords in one text.
  const windows = tidyText(tags.get("EXIF:XPKeywords"))?.split(";") ?? [];
  return distinctTexts([...listed, ...windows]);
}

function readCamera(tags: Tags): Camera | undefined {
  const make = firstText(tags, MAKES);
  const model = firstText(tags, MODELS);
  const lens = firstText(tags, LENSES, (text) => !/^[-\s]*$/.test(text));
  if (make === undefined && model === undefined && lens === undefined) return undefined;
  return { ...(make && { make }), ...(model && { model }), ...(lens && { lens }) };
}

/** What photosync's own sidecars say beyond what XMP has a place for (`writeXmpSidecar`). */
function ownFacts(tags: Tags): Facts {
  const listed = tags.get("XMP-photosync:Albums");
  const albums = distinctTexts(Array.isArray(listed) ? listed : [listed]);
  const isSet = (name: string) => tags.get(`XMP-photosync:${name}`) === "True";
  return {
    ...(albums.length > 0 && { albums }),
    ...(isSet("Favorite") && { favorite: true }),
    ...(isSet("Archived") && { archived: true }),
    ...(isSet("Trashed") && { trashed: true }),
    ...(tags.get("XMP-photosync:Ownership") === "other" && { ownership: "other" as const }),
  };
}

/**
 * What the tags say, in the document's words. Each fact comes from the first of its tags that has a usable value; a
 * value that is unusable becomes a warning, and the raw tag stays beside it.
 */
export function factsOf(tags: Tags, earlierWarnings: readonly string[]): Facts {
  const taken = readTaken(tags);
  const place = readPlace(tags);
  const warnings = [...earlierWarnings, ...taken.warnings];
  if (place.kind === "unusable") warnings.push(`GPS: ${place.why}; no place was taken from it`);
  const title = firstText(tags, TITLES);
  const caption = firstText(tags, CAPTIONS, isPersonsCaption);
  const camera = readCamera(tags);
  const keywords = readKeywords(tags);
  const people = readPeople(tags);
  const rating = readRating(tags);
  return {
    ...(taken.date !== undefined && { taken_date: taken.date }),
    ...(taken.from !== undefined && { taken_date_from: taken.from }),
    ...(title !== undefined && { title }),
    ...(caption !== undefined && { caption }),
    ...(place.kind === "place" && { location: place.place }),
    ...(camera !== undefined && { camera_info: camera }),
    ...(keywords.length > 0 && { tags: keywords }),
    ...(rating !== undefined && { rating }),
    ...(people.length > 0 && { people }),
    ...ownFacts(tags),
    ...(warnings.length > 0 && { warnings }),
  };
}
