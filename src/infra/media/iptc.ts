import type { Json } from "../../domain/photo.js";
import { Binary } from "./binary.js";
import { type Found, warn } from "./found.js";
import { decodeText } from "./text.js";

const MOST_DATASETS = 4096;
const MOST_DATASET_BYTES = 1024 * 1024;

/** Data sets of the application record (2) that say something of the photo, as exiftool names them. */
const NAMES: Readonly<Record<number, string>> = {
  5: "ObjectName",
  7: "EditStatus",
  10: "Urgency",
  15: "Category",
  20: "SupplementalCategories",
  25: "Keywords",
  26: "ContentLocationCode",
  27: "ContentLocationName",
  40: "SpecialInstructions",
  55: "DateCreated",
  60: "TimeCreated",
  62: "DigitalCreationDate",
  63: "DigitalCreationTime",
  65: "OriginatingProgram",
  80: "By-line",
  85: "By-lineTitle",
  90: "City",
  92: "Sub-location",
  95: "Province-State",
  100: "Country-PrimaryLocationCode",
  101: "Country-PrimaryLocationName",
  103: "OriginalTransmissionReference",
  105: "Headline",
  110: "Credit",
  115: "Source",
  116: "CopyrightNotice",
  118: "Contact",
  120: "Caption-Abstract",
  122: "Writer-Editor",
};
const REPEATED = new Set([
  "Keywords",
  "SupplementalCategories",
  "By-line",
  "By-lineTitle",
  "ContentLocationCode",
  "ContentLocationName",
  "Contact",
  "Writer-Editor",
]);

/**
 * Reads an IPTC-IIM stream: tag marker 0x1c, record, data set, size, value. Texts without the UTF-8 sign of data set
 * 1:90 are UTF-8 where they are valid as such, since many writers forget the sign. Source: IPTC-IIM 4.2, chapters 3 to 6.
 */
export function readIptc(bytes: Uint8Array, found: Found): void {
  const data = new Binary(bytes);
  const lists = new Map<string, Json[]>();
  let at = 0;
  for (let seen = 0; seen < MOST_DATASETS && at + 5 <= data.length; seen++) {
    if (data.u8(at) !== 0x1c) {
      // Blocks are padded with zeros; anything else is damage.
      if (data.u8(at) !== 0) warn(found, "IPTC: the block is damaged");
      break;
    }
    const record = data.u8(at + 1);
    const name = NAMES[data.u8(at + 2)];
    const shortSize = data.u16(at + 3);
    const extendedBytes = shortSize & 0x8000 ? shortSize & 0x7fff : 0;
    if (extendedBytes > 4) {
      warn(found, "IPTC: the block is damaged");
      break;
    }
    const size = extendedBytes === 0 ? shortSize : data.u32(at + 5) >>> (8 * (4 - extendedBytes));
    const start = at + 5 + extendedBytes;
    at = start + size;
    if (at > data.length) {
      warn(found, "IPTC: the block is cut off");
      break;
    }
    if (record !== 2 || name === undefined || size > MOST_DATASET_BYTES) continue;
    const text = decodeText(data.slice(start, size)).replaceAll("\0", "");
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [text]);
    else list.push(text);
  }
  for (const [name, values] of lists) {
    const key = `IPTC:${name}`;
    if (found.tags.has(key)) continue;
    const value = REPEATED.has(name) && values.length > 1 ? values : values[0];
    if (value !== undefined) found.tags.set(key, value);
  }
}
