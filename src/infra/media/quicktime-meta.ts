import type { Json } from "../../domain/photo.js";
import type { Binary } from "./binary.js";
import { type Box, boxesIn } from "./boxes.js";
import { addTag, type Found } from "./found.js";
import { decodeText, decodeUtf16, untilNul } from "./text.js";

const MOST_KEYS = 1024;
const MOST_VALUE_BYTES = 256 * 1024;
const APPLE = "com.apple.quicktime.";

/** Keys whose exiftool name is not just their last words joined. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  creationdate: "CreationDate",
  "location.ISO6709": "GPSCoordinates",
  "location.accuracy.horizontal": "LocationAccuracyHorizontal",
  displayname: "DisplayName",
  "camera.lens_model": "LensModel",
  "live-photo.vitality-score": "LivePhotoVitalityScore",
};

function keyName(key: string): string {
  const short = key.startsWith(APPLE) ? key.slice(APPLE.length) : key.replace(/^com\./, "");
  return KEY_NAMES[short] ?? short.replace(/(?:^|[._-]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The value of a `data` box, by its type indicator (QuickTime File Format, "Well-known types"). */
function dataValue(data: Binary, box: Box): Json | undefined {
  const type = data.u32(box.start);
  const at = box.start + 8;
  const size = box.size - 8;
  if (size < 0 || size > MOST_VALUE_BYTES) return undefined;
  if (type === 1) return untilNul(decodeText(data.slice(at, size)));
  if (type === 2) return untilNul(decodeUtf16(data.slice(at, size), false));
  if (type === 23 && size === 4) return numberOrNone(data.f32(at));
  if (type === 24 && size === 8) return numberOrNone(data.f64(at));
  if (type === 21 || type === 22 || (type >= 65 && type <= 78) || type === 0)
    return integerOf(data, at, size, type);
  return undefined;
}

const numberOrNone = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

function integerOf(data: Binary, at: number, size: number, type: number): number | undefined {
  const isSigned = type !== 22 && type < 75;
  if (size === 1) return isSigned ? (data.u8(at) << 24) >> 24 : data.u8(at);
  if (size === 2) return isSigned ? data.i16(at) : data.u16(at);
  if (size === 4) return isSigned ? data.i32(at) : data.u32(at);
  return size === 8 ? numberOrNone(data.u64(at)) : undefined;
}

/** `meta` is a full box in MP4 files and a plain one in QuickTime's: the first child shows which. */
function metaChildren(data: Binary, { start, size }: Box): Box[] {
  const isPlain = data.latin1(start + 4, 4) === "hdlr";
  return boxesIn(data, start + (isPlain ? 0 : 4), start + size);
}

const firstData = (data: Binary, { start, size }: Box): Box | undefined =>
  boxesIn(data, start, start + size).find(({ type }) => type === "data");

/**
 * Apple's key–value metadata: `keys` lists names, `ilst` holds values by position from 1. `creationdate` has the local
 * clock and its zone, which the film's header has not. Source: QuickTime File Format, "Metadata Structure".
 */
export function readAppleKeys(data: Binary, meta: Box, found: Found): void {
  const children = metaChildren(data, meta);
  const keys = children.find(({ type }) => type === "keys");
  const list = children.find(({ type }) => type === "ilst");
  if (keys === undefined || list === undefined) return;
  const names = boxesIn(data, keys.start + 8, keys.start + keys.size)
    .slice(0, MOST_KEYS)
    .map(({ start, size }) => keyName(decodeText(data.slice(start, Math.min(size, 256)))));
  for (const entry of boxesIn(data, list.start, list.start + list.size)) {
    const name = names[data.u32(entry.start - 4) - 1];
    const value = firstData(data, entry);
    if (name !== undefined && value !== undefined) addTag(found, `Keys:${name}`, dataValue(data, value));
  }
}

/** iTunes-style tags, by their four characters (`\xa9` is ©), as exiftool names them. */
const ITEMS: Readonly<Record<string, string>> = {
  "\xa9nam": "Title",
  "\xa9day": "ContentCreateDate",
  "\xa9cmt": "Comment",
  "\xa9des": "Description",
  desc: "Description",
  "\xa9too": "Encoder",
  "\xa9ART": "Artist",
  "\xa9xyz": "GPSCoordinates",
  "\xa9mak": "Make",
  "\xa9mod": "Model",
  keyw: "Keywords",
};

/** The `ilst` of a `meta` box in user data. */
export function readItemList(data: Binary, meta: Box, found: Found): void {
  const list = metaChildren(data, meta).find(({ type }) => type === "ilst");
  if (list === undefined) return;
  for (const entry of boxesIn(data, list.start, list.start + list.size)) {
    const name = ITEMS[entry.type];
    const value = firstData(data, entry);
    if (name !== undefined && value !== undefined) addTag(found, `ItemList:${name}`, dataValue(data, value));
  }
}
