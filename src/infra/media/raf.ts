import { Binary } from "./binary.js";
import { type ByteReader, sliceReader } from "./byte-reader.js";
import { type Found, warn } from "./found.js";
import { readJpeg } from "./jpeg.js";

const MOST_RECORDS = 256;
const CROPPED_SIZE = 0x111;

/**
 * Reads Fujifilm's RAF: a header that points at a full JPEG, whose EXIF is the picture's, and at a list of records, of
 * which one holds the sensor's used height and width. Source: as documented for exiftool's FujiFilm RAF tags.
 */
export async function readRaf(reader: ByteReader, found: Found): Promise<void> {
  const head = new Binary(await reader.read(84, 16));
  const jpeg = sliceReader(reader, head.u32(0), head.u32(4));
  const start = await jpeg.read(0, 2);
  if (start[0] !== 0xff || start[1] !== 0xd8) {
    warn(found, "RAF: the embedded JPEG with the metadata is missing");
    return;
  }
  await readJpeg(jpeg, found);
  const records = new Binary(await reader.read(head.u32(8), Math.min(head.u32(12), 64 * 1024)));
  let at = 4;
  for (let seen = 0; seen < Math.min(records.u32(0), MOST_RECORDS); seen++) {
    const size = records.u16(at + 2);
    if (records.u16(at) === CROPPED_SIZE && size >= 4) {
      Object.assign(found, { width: records.u16(at + 6), height: records.u16(at + 4) });
    }
    at += 4 + size;
  }
}
