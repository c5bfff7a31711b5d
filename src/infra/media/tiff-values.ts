import type { Json } from "../../domain/photo.js";
import { Binary } from "./binary.js";
import { decodeText, decodeUtf16, untilNul } from "./text.js";

/** One entry of an image file directory, with its value's bytes. */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Bytes of one value by TIFF type number (TIFF 6.0 section 2; 13 is IFD, 129 is Exif 3.0's UTF-8). */
const TYPE_SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  129: 1,
};
const ASCII = 2;
const UNDEFINED = 7;
const UTF8 = 129;

/** Bytes of one value of a TIFF type, 0 for a type that does not exist. */
export const typeSize = (type: number): number => TYPE_SIZES[type] ?? 0;

function numberAt(data: Binary, type: number, at: number, little: boolean): Json {
  switch (type) {
    case 3:
      return data.u16(at, little);
    case 4:
    case 13:
      return data.u32(at, little);
    case 5:
      return [data.u32(at, little), data.u32(at + 4, little)];
    case 6:
      return (data.u8(at) << 24) >> 24;
    case 8:
      return data.i16(at, little);
    case 9:
      return data.i32(at, little);
    case 10:
      return [data.i32(at, little), data.i32(at + 4, little)];
    case 11:
      return finite(data.f32(at, little));
    case 12:
      return finite(data.f64(at, little));
    default:
      return data.u8(at);
  }
}

/** JSON has no NaN and no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The numbers of an entry: rationals as [numerator, denominator]. */
export function numbersOf(entry: TiffEntry, little: boolean): Json[] {
  const size = typeSize(entry.type);
  const data = new Binary(entry.bytes);
  const values: Json[] = [];
  for (let at = 0; at + size <= data.length; at += size) values.push(numberAt(data, entry.type, at, little));
  return values;
}

/** The first whole number of an entry, or undefined. */
export function firstNumber(entry: TiffEntry | undefined, little: boolean): number | undefined {
  if (entry === undefined) return undefined;
  const value = numbersOf({ ...entry, bytes: entry.bytes.subarray(0, typeSize(entry.type)) }, little)[0];
  return typeof value === "number" ? value : undefined;
}

/**
 * The text of UserComment, GPSProcessingMethod and GPSAreaInformation: eight bytes name its code (Exif 3.0, 4.6.6.7).
 * Many writers leave the code out or write text without it, so an unknown code means text from the first byte on.
 */
function codedText(bytes: Uint8Array, little: boolean): string {
  const code = new Binary(bytes).latin1(0, 8);
  const rest = bytes.subarray(8);
  if (code.startsWith("UNICODE")) {
    // The order of bytes is the block's own, but writers disagree: text in ASCII shows it by where its zeros are.
    const zerosFirst = rest[0] === 0 && rest[1] !== 0;
    const zerosSecond = rest[1] === 0 && rest[0] !== 0;
    return decodeUtf16(rest, zerosFirst ? false : zerosSecond ? true : little);
  }
  if (/^(ASCII|JIS)\0/.test(code) || /^\0{8}$/.test(code)) return decodeText(rest);
  return decodeText(bytes);
}

const CODED_TEXTS = new Set(["UserComment", "GPSProcessingMethod", "GPSAreaInformation"]);
const VERSIONS = /Version$/;

/** The JSON value of an entry under its name: text, a number, or an array; undefined for a type that does not exist. */
export function jsonOf(name: string, entry: TiffEntry, little: boolean): Json | undefined {
  if (typeSize(entry.type) === 0) return undefined;
  if (CODED_TEXTS.has(name) && entry.type !== UTF8) return untilNul(codedText(entry.bytes, little));
  if (name.startsWith("XP")) return untilNul(decodeUtf16(entry.bytes, true));
  if (entry.type === ASCII || entry.type === UTF8) return untilNul(decodeText(entry.bytes));
  if (entry.type === UNDEFINED && VERSIONS.test(name)) return untilNul(decodeText(entry.bytes));
  const values = numbersOf(entry, little);
  return values.length === 1 ? values[0] : values;
}
