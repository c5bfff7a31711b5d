import { Binary } from "./binary.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { plainDateText } from "./english-date.js";
import { addTag, type Found } from "./found.js";
import { decodeText, untilNul } from "./text.js";
import { readTiff } from "./tiff.js";

const MOST_CHUNKS = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_DEPTH = 4;

interface Chunk {
  readonly id: string;
  readonly at: number;
  readonly size: number;
}

async function* chunks(reader: ByteReader, start: number, end: number): AsyncGenerator<Chunk> {
  let at = start;
  for (let seen = 0; seen < MOST_CHUNKS && at + 8 <= end; seen++) {
    const head = new Binary(await reader.read(at, 8));
    if (head.length < 8) return;
    const size = head.u32(4, true);
    yield { id: head.latin1(0, 4), at: at + 8, size };
    at += 8 + size + (size % 2);
  }
}

const payload = async (reader: ByteReader, { at, size }: Chunk): Promise<Binary> =>
  new Binary(await reader.read(at, Math.min(size, MOST_BYTES)));

/** Width and height that a WebP chunk tells: RFC 6386 9.1 for VP8, the WebP container and lossless specifications. */
function webpSize(id: string, data: Binary): { width: number; height: number } | null {
  const u24 = (at: number): number => data.u16(at, true) + data.u8(at + 2) * 65_536;
  if (id === "VP8X") return { width: u24(4) + 1, height: u24(7) + 1 };
  if (id === "VP8 ") return { width: data.u16(6, true) & 0x3fff, height: data.u16(8, true) & 0x3fff };
  if (id !== "VP8L") return null;
  const bits = data.u32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Reads a WebP: EXIF and XMP chunks, size. Source: RFC 9649. */
export async function readWebp(reader: ByteReader, found: Found): Promise<void> {
  for await (const chunk of chunks(reader, 12, reader.sizeBytes)) {
    if (chunk.id === "EXIF") {
      const { bytes } = await payload(reader, chunk);
      // The mark of JPEG's segment has no place here, yet many writers put it.
      const marked = new Binary(bytes).latin1(0, 4) === "Exif";
      await readTiff(bufferReader(marked ? bytes.subarray(6) : bytes), found, "block");
    } else if (chunk.id === "XMP ") found.xmp.push((await payload(reader, chunk)).bytes);
    else if (found.width === undefined) {
      const size = webpSize(chunk.id, new Binary(await reader.read(chunk.at, 16)));
      if (size !== null) Object.assign(found, size);
    }
  }
}

/** Texts of AVI's INFO list and header, by chunk. `strd` differs from maker to maker and is left alone. */
const AVI_TEXTS: Readonly<Record<string, string>> = {
  IDIT: "RIFF:DateTimeOriginal",
  ICRD: "RIFF:DateCreated",
  INAM: "RIFF:Title",
  ICMT: "RIFF:Comment",
  IART: "RIFF:Artist",
  ISFT: "RIFF:Software",
};

/** Reads an AVI: date, size, duration, texts. Source: Microsoft's AVI RIFF File Reference; IDIT as cameras write it. */
export async function readAvi(reader: ByteReader, found: Found): Promise<void> {
  await readAviList(reader, 12, reader.sizeBytes, found, MOST_DEPTH);
}

async function readAviList(
  reader: ByteReader,
  start: number,
  end: number,
  found: Found,
  depth: number,
): Promise<void> {
  for await (const chunk of chunks(reader, start, end)) {
    if (chunk.id === "LIST" && depth > 0) {
      const kind = new Binary(await reader.read(chunk.at, 4)).latin1(0, 4);
      if (kind === "hdrl" || kind === "INFO" || kind === "strl") {
        const inner = Math.min(chunk.at + chunk.size, end);
        await readAviList(reader, chunk.at + 4, inner, found, depth - 1);
      }
    } else if (chunk.id === "avih") {
      const data = await payload(reader, chunk);
      const seconds = (data.u32(0, true) * data.u32(16, true)) / 1e6;
      Object.assign(found, { width: data.u32(32, true), height: data.u32(36, true) });
      if (seconds > 0) found.durationSeconds = seconds;
    } else if (chunk.id === "_PMX") found.xmp.push((await payload(reader, chunk)).bytes);
    else {
      const name = AVI_TEXTS[chunk.id];
      if (name === undefined) continue;
      const text = untilNul(decodeText((await payload(reader, chunk)).bytes)).trim();
      addTag(found, name, chunk.id === "IDIT" ? plainDateText(text) : text);
    }
  }
}
