import { Binary } from "./binary.js";
import { topBoxes } from "./boxes.js";
import type { ByteReader } from "./byte-reader.js";
import { bufferReader } from "./byte-reader.js";
import { exifOfHeif } from "./heif.js";
import { largestJpegOfTiff } from "./tiff-previews.js";

/** A JPEG that a file carries so that it can be looked at without decoding the picture itself. */
export interface EmbeddedPreview {
  readonly jpeg: Uint8Array;
  /** EXIF orientation of the whole file, for a JPEG that tells none of its own; null where nobody knows. */
  readonly orientation: number | null;
}

/** Full-size previews of the largest sensors take some 30 MB. */
const MOST_JPEG_BYTES = 64 * 1024 * 1024;
const TIFF_START = /^(?:II|MM)/;
const RAF_START = "FUJIFILMCCD-RAW";
/** The box of a CR3 that holds a JPEG of 1620 pixels (as documented for exiftool's Canon CR3 tags). */
const CANON_PREVIEW_UUID = "eaf42b5e1c984b88b9fbb7dc406e4d16";
/** Bytes of a CR3's preview box before its JPEG: identifier, version, a box of its own with width, height and length. */
const CANON_PREVIEW_HEAD = 64;

async function jpegAt(reader: ByteReader, offset: number, length: number): Promise<Uint8Array | null> {
  if (length < 4 || length > MOST_JPEG_BYTES) return null;
  const jpeg = await reader.read(offset, length);
  return isShowableJpeg(jpeg) ? jpeg : null;
}

/** Fujifilm's RAF names its JPEG's place in the header; the JPEG has the picture's EXIF. */
async function ofRaf(reader: ByteReader): Promise<EmbeddedPreview | null> {
  const place = new Binary(await reader.read(84, 8));
  const jpeg = await jpegAt(reader, place.u32(0), place.u32(4));
  return jpeg === null ? null : { jpeg, orientation: null };
}

async function ofTiff(reader: ByteReader): Promise<EmbeddedPreview | null> {
  const found = await largestJpegOfTiff(reader, (offset, length) => jpegAt(reader, offset, length));
  return found === null ? null : found;
}

async function ofCr3(reader: ByteReader): Promise<EmbeddedPreview | null> {
  for (const box of await topBoxes(reader)) {
    if (box.type !== "uuid") continue;
    const head = await reader.read(box.start, CANON_PREVIEW_HEAD);
    if (Buffer.from(head.subarray(0, 16)).toString("hex") !== CANON_PREVIEW_UUID) continue;
    const start = Buffer.from(head).indexOf("ffd8ff", 16, "hex");
    const jpeg = start < 0 ? null : await jpegAt(reader, box.start + start, box.size - start);
    if (jpeg !== null) return { jpeg, orientation: null };
  }
  return null;
}

async function ofHeif(reader: ByteReader): Promise<EmbeddedPreview | null> {
  const exif = await exifOfHeif(reader);
  return exif === null ? null : ofTiff(bufferReader(exif));
}

/**
 * The best JPEG inside a RAW file (CR2, CR3, NEF, ARW, DNG, ORF, RW2, PEF, RAF and what else is built on TIFF), or the EXIF
 * thumbnail of a HEIC. Null where there is none. Reads directories and that one JPEG; time and memory are bounded whatever the bytes
 * are, and bad ones give null.
 */
export async function embeddedPreview(reader: ByteReader): Promise<EmbeddedPreview | null> {
  const head = new Binary(await reader.read(0, 16));
  if (head.latin1(0, 15) === RAF_START) return ofRaf(reader);
  if (TIFF_START.test(head.latin1(0, 2))) return ofTiff(reader);
  if (head.latin1(4, 4) !== "ftyp") return null;
  return head.latin1(8, 4) === "crx " ? ofCr3(reader) : ofHeif(reader);
}

const MOST_MARKERS = 256;
/** Baseline, extended and progressive: RAW data is also kept as JPEG, but as the lossless kind (SOF3), which nothing shows. */
const SHOWABLE_FRAMES = new Set([0xc0, 0xc1, 0xc2]);

/** True for a JPEG whose frame header is of a kind that decoders take. Source: ITU-T T.81, annex B. */
function isShowableJpeg(bytes: Uint8Array): boolean {
  const data = new Binary(bytes);
  if (data.u16(0) !== 0xffd8) return false;
  let at = 2;
  for (let seen = 0; seen < MOST_MARKERS && at + 4 <= data.length; seen += 1) {
    if (data.u8(at) !== 0xff) return false;
    const marker = data.u8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return SHOWABLE_FRAMES.has(marker);
    // A fill byte stands before a marker.
    at += marker === 0xff ? 1 : 2 + Math.max(2, data.u16(at + 2));
  }
  return false;
}
