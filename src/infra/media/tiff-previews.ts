import { Binary } from "./binary.js";
import type { ByteReader } from "./byte-reader.js";

const MOST_DIRECTORIES = 24;
const MOST_ENTRIES = 1024;
const MOST_SUB_DIRECTORIES = 8;
/** Candidates that are read to see whether they are JPEGs: the largest come first. */
const MOST_TRIES = 6;

const TAG = {
  panasonicJpeg: 0x2e,
  compression: 0x103,
  stripOffsets: 0x111,
  orientation: 0x112,
  stripBytes: 0x117,
  subDirectories: 0x14a,
  jpegOffset: 0x201,
  jpegBytes: 0x202,
  exif: 0x8769,
  makerNote: 0x927c,
} as const;
/** JPEG as TIFF 6.0 had it, and as its technical note 2 has it. */
const JPEG_COMPRESSIONS = new Set([6, 7]);

interface Entry {
  readonly count: number;
  /** The value, or where it lies. */
  readonly value: number;
  readonly type: number;
}

interface Directory {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly next: number;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

const SHORT = 3;
const WANTED = new Set<number>(Object.values(TAG));

async function readDirectory(reader: ByteReader, offset: number, little: boolean): Promise<Directory | null> {
  if (offset < 8) return null;
  const count = new Binary(await reader.read(offset, 2)).u16(0, little);
  if (count === 0 || count > MOST_ENTRIES) return null;
  const table = new Binary(await reader.read(offset + 2, count * 12 + 4));
  const entries = new Map<number, Entry>();
  for (let at = 0; at < count * 12; at += 12) {
    const tag = table.u16(at, little);
    if (!WANTED.has(tag) || entries.has(tag)) continue;
    const type = table.u16(at + 2, little);
    const values = table.u32(at + 4, little);
    const value = type === SHORT && values === 1 ? table.u16(at + 8, little) : table.u32(at + 8, little);
    entries.set(tag, { type, count: values, value });
  }
  return { entries, next: table.u32(count * 12, little) };
}

/** The places in a directory where a JPEG may lie. */
function placesIn({ entries }: Directory): Place[] {
  const places: Place[] = [];
  const add = (offset: number | undefined, length: number | undefined) => {
    if (offset !== undefined && length !== undefined) places.push({ offset, length });
  };
  add(entries.get(TAG.jpegOffset)?.value, entries.get(TAG.jpegBytes)?.value);
  const panasonic = entries.get(TAG.panasonicJpeg);
  add(panasonic?.value, panasonic?.count);
  const strip = entries.get(TAG.stripOffsets);
  const isJpeg = JPEG_COMPRESSIONS.has(entries.get(TAG.compression)?.value ?? 0);
  if (isJpeg && strip?.count === 1) add(strip.value, entries.get(TAG.stripBytes)?.value);
  return places;
}

async function offsetsOf(reader: ByteReader, entry: Entry | undefined, little: boolean): Promise<number[]> {
  if (entry === undefined || entry.count === 0) return [];
  if (entry.count === 1) return [entry.value];
  const count = Math.min(entry.count, MOST_SUB_DIRECTORIES);
  const table = new Binary(await reader.read(entry.value, count * 4));
  return Array.from({ length: Math.floor(table.length / 4) }, (_, at) => table.u32(at * 4, little));
}

/**
 * The largest JPEG that a TIFF structure (a RAW file, an EXIF block) points at, and the structure's orientation. `jpegAt` gives a
 * place's bytes where they are a JPEG that can be shown. Null where there is none; loops and lies of the directories end. Source: TIFF 6.0
 * and its technical note 2, TIFF/EP, and as documented for exiftool's PanasonicRaw and Olympus tags.
 */
export async function largestJpegOfTiff(
  reader: ByteReader,
  jpegAt: (offset: number, length: number) => Promise<Uint8Array | null>,
): Promise<{ readonly jpeg: Uint8Array; readonly orientation: number | null } | null> {
  const header = new Binary(await reader.read(0, 8));
  const little = header.latin1(0, 2) === "II";
  const waiting = [header.u32(4, little)];
  const seen = new Set<number>();
  const places: Place[] = [];
  let orientation: number | null = null;
  while (waiting.length > 0 && seen.size < MOST_DIRECTORIES) {
    const offset = waiting.shift() ?? 0;
    if (seen.has(offset)) continue;
    const isFirst = seen.size === 0;
    seen.add(offset);
    const directory = await readDirectory(reader, offset, little);
    if (directory === null) continue;
    places.push(...placesIn(directory));
    const told = directory.entries.get(TAG.orientation)?.value ?? 0;
    if (isFirst && told >= 1 && told <= 8) orientation = told;
    const exif = directory.entries.get(TAG.exif)?.value;
    waiting.push(
      directory.next,
      ...(await offsetsOf(reader, directory.entries.get(TAG.subDirectories), little)),
    );
    if (exif !== undefined) waiting.push(exif);
    const note = directory.entries.get(TAG.makerNote);
    const olympus = note === undefined ? null : await olympusPlace(reader, note, little);
    if (olympus !== null) places.push(olympus);
  }
  for (const { offset, length } of places.sort((a, b) => b.length - a.length).slice(0, MOST_TRIES)) {
    const jpeg = await jpegAt(offset, length);
    if (jpeg !== null) return { jpeg, orientation };
  }
  return null;
}

const OLYMPUS = {
  start: "OLYMPUS\0",
  head: 12,
  cameraSettings: 0x2020,
  offset: 0x101,
  length: 0x102,
} as const;

/** Olympus keeps the place of its preview in its maker note, counted from the note's own start. */
async function olympusPlace(reader: ByteReader, note: Entry, little: boolean): Promise<Place | null> {
  if (new Binary(await reader.read(note.value, 8)).latin1(0, 8) !== OLYMPUS.start) return null;
  const read = async (from: number, wanted: readonly number[]): Promise<Map<number, number>> => {
    const count = Math.min(new Binary(await reader.read(from, 2)).u16(0, little), MOST_ENTRIES);
    const table = new Binary(await reader.read(from + 2, count * 12));
    const found = new Map<number, number>();
    for (let at = 0; at + 12 <= table.length; at += 12) {
      const tag = table.u16(at, little);
      if (wanted.includes(tag)) found.set(tag, table.u32(at + 8, little));
    }
    return found;
  };
  const settings = (await read(note.value + OLYMPUS.head, [OLYMPUS.cameraSettings])).get(
    OLYMPUS.cameraSettings,
  );
  if (settings === undefined) return null;
  const place = await read(note.value + settings, [OLYMPUS.offset, OLYMPUS.length]);
  const [offset, length] = [place.get(OLYMPUS.offset), place.get(OLYMPUS.length)];
  return offset === undefined || length === undefined ? null : { offset: note.value + offset, length };
}
