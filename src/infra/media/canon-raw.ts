import { Binary } from "./binary.js";
import { boxesIn, topBoxes } from "./boxes.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { instantText } from "./date-text.js";
import { addTag, type Found, warn } from "./found.js";
import { readMoov, uuidOf, XMP_UUID } from "./quicktime.js";
import { decodeText, tidyText } from "./text.js";
import { readTiff, readTiffDirectory } from "./tiff.js";
import { offsetText } from "./zone.js";

const MOST_MOOV_BYTES = 16 * 1024 * 1024;
const CANON_UUID = "85c0b687820f11e08111f4ce462b6a48";

/**
 * Reads a CR3: an ISO base media file whose `moov` holds Canon's box with TIFF structures: CMT1 is the main directory,
 * CMT2 the Exif one, CMT4 the GPS one (CMT3 is the maker's). Source: as documented for exiftool's Canon CR3 tags.
 */
export async function readCr3(reader: ByteReader, found: Found): Promise<void> {
  for (const box of await topBoxes(reader)) {
    if (box.type !== "moov" && box.type !== "uuid") continue;
    const data = new Binary(await reader.read(box.start, Math.min(box.size, MOST_MOOV_BYTES)));
    if (box.type === "uuid") {
      if (uuidOf(data, { ...box, start: 0 }) === XMP_UUID) found.xmp.push(data.bytes.subarray(16));
      continue;
    }
    for (const inner of boxesIn(data)) {
      if (inner.type !== "uuid" || uuidOf(data, inner) !== CANON_UUID) continue;
      for (const { type, start, size } of boxesIn(data, inner.start + 16, inner.start + inner.size)) {
        const block = bufferReader(data.slice(start, size));
        if (type === "CMT1") await readTiff(block, found, "file");
        else if (type === "CMT2") await readTiffDirectory(block, found, "EXIF");
        else if (type === "CMT4") await readTiffDirectory(block, found, "GPS");
      }
    }
    const { width, height } = found;
    await readMoov(data, found);
    // The tracks are previews and tiles: the main directory knows the picture's size.
    if (width !== undefined && height !== undefined) Object.assign(found, { width, height });
  }
}

const MOST_ENTRIES = 512;
const MOST_DEPTH = 8;
/** Directories may claim the same bytes over and over; a real file has about a dozen. */
const MOST_BLOCKS = 64;
const CRW = { makeModel: 0x080a, time: 0x180e, picture: 0x1810 } as const;

/** Time of a CRW in seconds of the camera's own clock; a zone is there only when its flag says so. */
function crwTime(data: Binary, little: boolean): string | undefined {
  const clock = instantText(data.u32(0, little))?.replace("Z", "");
  if (clock === undefined || data.u32(0, little) === 0) return undefined;
  const hasZone = (data.u32(8, little) & 0x80000000) !== 0;
  return hasZone ? `${clock}${offsetText(Math.round(data.i32(4, little) / 60))}` : clock;
}

class CrwFile {
  private readonly reader: ByteReader;
  private readonly little: boolean;
  private readonly found: Found;
  private blocks = 0;

  constructor(reader: ByteReader, little: boolean, found: Found) {
    this.reader = reader;
    this.little = little;
    this.found = found;
  }

  /** A block ends with the distance from its start to its directory: a count, then entries of ten bytes. */
  async block(start: number, size: number, depth: number): Promise<void> {
    if (++this.blocks > MOST_BLOCKS) return;
    const end = new Binary(await this.reader.read(start + size - 4, 4));
    const at = start + end.u32(0, this.little);
    const count = new Binary(await this.reader.read(at, 2)).u16(0, this.little);
    const table = new Binary(await this.reader.read(at + 2, Math.min(count, MOST_ENTRIES) * 10));
    for (let entry = 0; entry + 10 <= table.length; entry += 10) {
      const tag = table.u16(entry, this.little);
      const length = table.u32(entry + 2, this.little);
      const offset = start + table.u32(entry + 6, this.little);
      const isDirectory = (tag & 0x3800) === 0x2800 || (tag & 0x3800) === 0x3000;
      if (isDirectory && depth > 0 && length >= 6 && length < size)
        await this.block(offset, length, depth - 1);
      else if ((tag & 0xc000) === 0) await this.value(tag & 0x3fff, offset, length);
    }
  }

  private async value(tag: number, offset: number, length: number): Promise<void> {
    if (tag !== CRW.makeModel && tag !== CRW.time && tag !== CRW.picture) return;
    const data = new Binary(await this.reader.read(offset, Math.min(length, 256)));
    if (tag === CRW.makeModel) {
      const [make, model] = decodeText(data.bytes).split("\0");
      addTag(this.found, "CanonRaw:Make", tidyText(make));
      addTag(this.found, "CanonRaw:Model", tidyText(model));
    } else if (tag === CRW.time) addTag(this.found, "CanonRaw:DateTimeOriginal", crwTime(data, this.little));
    else Object.assign(this.found, { width: data.u32(0, this.little), height: data.u32(4, this.little) });
  }
}

/** Reads a CRW. Source: the CIFF 1.0 specification (Canon, 1997) and exiftool's documented CanonRaw tags. */
export async function readCrw(reader: ByteReader, found: Found): Promise<void> {
  const head = new Binary(await reader.read(0, 14));
  const little = head.latin1(0, 2) === "II";
  const start = head.u32(2, little);
  if (start >= reader.sizeBytes) {
    warn(found, "CRW: the directory lies outside the file");
    return;
  }
  await new CrwFile(reader, little, found).block(start, reader.sizeBytes - start, MOST_DEPTH);
}
