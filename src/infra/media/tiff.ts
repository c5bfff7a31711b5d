import { Binary } from "./binary.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { EXIF_TAGS, GPS_TAGS, IMAGE_TAGS } from "./exif-names.js";
import { addTag, type Found, warn } from "./found.js";
import { firstNumber, jsonOf, numbersOf, type TiffEntry, typeSize } from "./tiff-values.js";

const MOST_ENTRIES = 1024;
const MOST_SUB_IFDS = 16;
/** No described value is longer; XMP and IPTC have their own limits. */
const MOST_VALUE_BYTES = 256 * 1024;
const MOST_BLOCK_BYTES = 8 * 1024 * 1024;
/** All values of one file together: entries may point at the same bytes over and over. */
const MOST_TOTAL_BYTES = 32 * 1024 * 1024;

const MAKER_NOTE = 0x927c;
const TAG = { subIfds: 0x14a, xmp: 0x2bc, iptc: 0x83bb, exif: 0x8769, gps: 0x8825 } as const;
const SIZED: Readonly<Record<"width" | "height" | "compression" | "photometric", number>> = {
  width: 0x100,
  height: 0x101,
  compression: 0x103,
  photometric: 0x106,
};
/** Panasonic's RW2 describes its sensor with tags of its own (as documented for exiftool's PanasonicRaw tags). */
const PANASONIC = { magic: 0x55, borders: [4, 5, 6, 7] } as const;

/** `II*\0`, `MM\0*`, and the variants that Panasonic (`IIU\0`) and Olympus (`IIRO`, `IIRS`, `MMOR`) write. */
const MAGICS = new Set([0x2a, 0x55, 0x4f52, 0x5352]);

interface Directory {
  readonly entries: ReadonlyMap<number, TiffEntry>;
}

class TiffFile {
  private readonly seen = new Set<number>();
  private budgetBytes = MOST_TOTAL_BYTES;
  private readonly reader: ByteReader;
  readonly little: boolean;
  private readonly found: Found;

  constructor(reader: ByteReader, little: boolean, found: Found) {
    this.reader = reader;
    this.little = little;
    this.found = found;
  }

  /** The entries of the directory at `offset`; null when there is none, or it was read before (a loop). */
  async directory(offset: number, wanted: (tag: number) => boolean): Promise<Directory | null> {
    if (offset < 8 || this.seen.has(offset)) return null;
    this.seen.add(offset);
    const count = new Binary(await this.reader.read(offset, 2)).u16(0, this.little);
    if (count === 0) return null;
    const table = new Binary(await this.reader.read(offset + 2, Math.min(count, MOST_ENTRIES) * 12));
    if (table.length < count * 12) warn(this.found, "EXIF: a directory of tags is cut off or not one");
    const entries = new Map<number, TiffEntry>();
    for (let at = 0; at + 12 <= table.length; at += 12) {
      const tag = table.u16(at, this.little);
      if (!wanted(tag) || entries.has(tag)) continue;
      const entry = await this.entry(table, at, tag);
      if (entry !== null) entries.set(tag, entry);
    }
    return { entries };
  }

  private async entry(table: Binary, at: number, tag: number): Promise<TiffEntry | null> {
    const type = table.u16(at + 2, this.little);
    const size = typeSize(type) * table.u32(at + 4, this.little);
    if (size === 0) return typeSize(type) === 0 ? null : { tag, type, bytes: new Uint8Array(0) };
    if (size <= 4) return { tag, type, bytes: table.slice(at + 8, size) };
    const limit = tag === TAG.xmp || tag === TAG.iptc ? MOST_BLOCK_BYTES : MOST_VALUE_BYTES;
    if (size > limit || size > this.budgetBytes) {
      warn(this.found, `EXIF: tag 0x${tag.toString(16)} is too long and was left out`);
      return null;
    }
    const bytes = await this.reader.read(table.u32(at + 8, this.little), size);
    this.budgetBytes -= bytes.length;
    if (bytes.length < size) {
      warn(this.found, `EXIF: the value of tag 0x${tag.toString(16)} lies outside the file`);
      return null;
    }
    return { tag, type, bytes };
  }
}

function addNamed(
  found: Found,
  group: string,
  names: Readonly<Record<number, string>>,
  from: TiffFile,
  directory: Directory,
): void {
  for (const entry of directory.entries.values()) {
    const name = names[entry.tag];
    if (name !== undefined) addTag(found, `${group}:${name}`, jsonOf(name, entry, from.little));
  }
}

/** Photometric interpretations and compressions that only sensor data has: CFA, LinearRaw; Nikon, Pentax, Sony, Samsung, Kodak. */
const SENSOR_PHOTOMETRIC = new Set([32803, 34892]);
const SENSOR_COMPRESSION = new Set([34713, 65535, 32767, 32770, 65000, 262]);

function looksAtSensor(directory: Directory, little: boolean): boolean {
  const photometric = firstNumber(directory.entries.get(SIZED.photometric), little);
  const compression = firstNumber(directory.entries.get(SIZED.compression), little);
  return SENSOR_PHOTOMETRIC.has(photometric ?? -1) || SENSOR_COMPRESSION.has(compression ?? -1);
}

const RAW_BY_MAKE: readonly (readonly [RegExp, string])[] = [
  [/^nikon/i, "nef"],
  [/^sony/i, "arw"],
  [/^(pentax|ricoh)/i, "pef"],
  [/^samsung/i, "srw"],
  [/^hasselblad/i, "3fr"],
];

function rawExtensionOf(found: Found): string {
  if (found.tags.has("EXIF:DNGVersion")) return "dng";
  const make = found.tags.get("EXIF:Make");
  const text = typeof make === "string" ? make : "";
  return RAW_BY_MAKE.find(([pattern]) => pattern.test(text))?.[1] ?? "raw";
}

function addSize(found: Found, directory: Directory, little: boolean): void {
  const width = firstNumber(directory.entries.get(SIZED.width), little) ?? 0;
  const height = firstNumber(directory.entries.get(SIZED.height), little) ?? 0;
  if (width * height <= (found.width ?? 0) * (found.height ?? 0)) return;
  found.width = width;
  found.height = height;
}

/** CR2 keeps its sensor picture in a directory without a size; the Exif size is then the largest. */
function addExifSize(found: Found): void {
  const width = found.tags.get("EXIF:ExifImageWidth");
  const height = found.tags.get("EXIF:ExifImageHeight");
  if (typeof width !== "number" || typeof height !== "number") return;
  if (width * height > (found.width ?? 0) * (found.height ?? 0)) Object.assign(found, { width, height });
}

function addPanasonicSize(found: Found, directory: Directory, little: boolean): void {
  const [top, left, bottom, right] = PANASONIC.borders.map(
    (tag) => firstNumber(directory.entries.get(tag), little) ?? 0,
  );
  const width = (right ?? 0) - (left ?? 0);
  const height = (bottom ?? 0) - (top ?? 0);
  if (width > 0 && height > 0) Object.assign(found, { width, height });
}

/** Opens a TIFF structure: its byte order, and where its first directory stands. Null, with a warning, for anything else. */
async function openTiff(
  reader: ByteReader,
  found: Found,
): Promise<{ file: TiffFile; first: number; magic: number } | null> {
  const header = new Binary(await reader.read(0, 8));
  const order = header.latin1(0, 2);
  const little = order === "II";
  const magic = header.u16(2, little);
  if ((!little && order !== "MM") || !MAGICS.has(magic)) {
    warn(found, "EXIF: the block does not start like one and was not read");
    return null;
  }
  return { file: new TiffFile(reader, little, found), first: header.u32(4, little), magic };
}

/** Reads a TIFF structure whose first directory is itself the Exif or the GPS one, as Canon's CR3 keeps them. */
export async function readTiffDirectory(
  reader: ByteReader,
  found: Found,
  group: "EXIF" | "GPS",
): Promise<void> {
  const names = group === "GPS" ? GPS_TAGS : EXIF_TAGS;
  const tiff = await openTiff(reader, found);
  const directory = await tiff?.file.directory(tiff.first, (tag) => tag in names);
  if (tiff && directory) addNamed(found, group, names, tiff.file, directory);
}

/** Whose picture the TIFF structure is: the file's own, or only a block of tags inside another format. */
export type TiffUse = "file" | "block";

/**
 * Reads a TIFF structure: an Exif block, a TIFF file or a TIFF-based RAW file. Tags go to `EXIF:` and `GPS:`, embedded
 * XMP and IPTC to their lists. Of a `file` also the size of its largest picture (RAW files keep it in a sub-directory)
 * and, where sensor data shows it, which RAW format it is. Broken parts are skipped with a warning; loops end.
 *
 * Why not a library: those at hand want the whole file in memory, mix all directories' tags in one object, and skip
 * the sub-directories that tell a RAW file from a TIFF. Source: TIFF 6.0, Exif 3.0 (CIPA DC-008-2023), TIFF/EP.
 */
export async function readTiff(reader: ByteReader, found: Found, use: TiffUse): Promise<void> {
  const tiff = await openTiff(reader, found);
  if (tiff === null) return;
  const { file, first, magic } = tiff;
  const isPanasonic = magic === PANASONIC.magic;
  const pointers = new Set<number>([...Object.values(TAG), ...(isPanasonic ? PANASONIC.borders : [])]);
  const sized = use === "file" ? Object.values(SIZED) : [];
  const isWanted = (tag: number): boolean => pointers.has(tag) || tag in IMAGE_TAGS || sized.includes(tag);
  const main = await file.directory(first, isWanted);
  if (main === null) {
    warn(found, "EXIF: the block holds no tags");
    return;
  }
  const pointer = (tag: number): number => firstNumber(main.entries.get(tag), file.little) ?? 0;
  const exif = await file.directory(pointer(TAG.exif), (tag) => tag in EXIF_TAGS || tag === MAKER_NOTE);
  // The Exif directory goes first: TIFF/EP writers repeat DateTimeOriginal in the main one, often less exactly.
  if (exif !== null) addNamed(found, "EXIF", EXIF_TAGS, file, exif);
  await readAppleNote(exif?.entries.get(MAKER_NOTE), found);
  addNamed(found, "EXIF", IMAGE_TAGS, file, main);
  const gps = await file.directory(pointer(TAG.gps), (tag) => tag in GPS_TAGS);
  if (gps !== null) addNamed(found, "GPS", GPS_TAGS, file, gps);
  const xmp = main.entries.get(TAG.xmp);
  if (xmp !== undefined) found.xmp.push(xmp.bytes);
  const iptc = main.entries.get(TAG.iptc);
  if (iptc !== undefined) found.iptc.push(iptc.bytes);
  if (use === "file") await readPictures(file, main, found, isPanasonic);
}

const APPLE_NOTE = "Apple iOS\0";
const APPLE_CONTENT_IDENTIFIER = 0x11;

/** Apple's maker note names the clip that belongs to a live photo. Source: as documented for exiftool's Apple tags. */
async function readAppleNote(entry: TiffEntry | undefined, found: Found): Promise<void> {
  if (entry === undefined || new Binary(entry.bytes).latin1(0, APPLE_NOTE.length) !== APPLE_NOTE) return;
  const note = new TiffFile(bufferReader(entry.bytes), false, found);
  const directory = await note.directory(14, (tag) => tag === APPLE_CONTENT_IDENTIFIER);
  const identifier = directory?.entries.get(APPLE_CONTENT_IDENTIFIER);
  const text = identifier === undefined ? undefined : jsonOf("ContentIdentifier", identifier, false);
  if (typeof text !== "string" || text === "") return;
  addTag(found, "Apple:ContentIdentifier", text);
  found.contentIdentifier ??= text;
}

async function readPictures(
  file: TiffFile,
  main: Directory,
  found: Found,
  isPanasonic: boolean,
): Promise<void> {
  addSize(found, main, file.little);
  let isRaw = found.tags.has("EXIF:DNGVersion") || looksAtSensor(main, file.little);
  const subIfds = main.entries.get(TAG.subIfds);
  const offsets = subIfds === undefined ? [] : numbersOf(subIfds, file.little).slice(0, MOST_SUB_IFDS);
  const sized = new Set<number>(Object.values(SIZED));
  for (const offset of offsets) {
    if (typeof offset !== "number") continue;
    const directory = await file.directory(offset, (tag) => sized.has(tag));
    if (directory === null) continue;
    addSize(found, directory, file.little);
    isRaw ||= looksAtSensor(directory, file.little);
  }
  if (isPanasonic) addPanasonicSize(found, main, file.little);
  addExifSize(found);
  if (isRaw) found.rawExtension = rawExtensionOf(found);
}
