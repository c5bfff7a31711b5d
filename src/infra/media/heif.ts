import { Binary } from "./binary.js";
import { type Box, boxesIn, topBoxes } from "./boxes.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { type Found, warn } from "./found.js";
import { type ItemPlace, itemPlaces } from "./heif-items.js";
import { readTiff } from "./tiff.js";

const MOST_META_BYTES = 16 * 1024 * 1024;
const MOST_ITEM_BYTES = 8 * 1024 * 1024;
/** A picture has one Exif and one XMP item; a few more come from its auxiliary pictures. */
const MOST_ITEMS = 8;

interface Item {
  readonly id: number;
  readonly type: string;
  readonly contentType: string;
}

function textEnd(data: Binary, at: number, end: number): number {
  let position = at;
  while (position < end && data.u8(position) !== 0) position++;
  return position;
}

function itemsOf(meta: Binary, box: Box): Item[] {
  const isShort = meta.u8(box.start) === 0;
  return boxesIn(meta, box.start + (isShort ? 6 : 8), box.start + box.size).map(({ start, size }) => {
    const isWide = meta.u8(start) >= 3;
    const typeAt = start + (isWide ? 10 : 8);
    const type = meta.latin1(typeAt, 4);
    const nameEnd = textEnd(meta, typeAt + 4, start + size);
    const contentType = type === "mime" ? meta.latin1(nameEnd + 1, 64).split("\0")[0] : "";
    return { id: isWide ? meta.u32(start + 4) : meta.u16(start + 4), type, contentType: contentType ?? "" };
  });
}

async function itemBytes(
  reader: ByteReader,
  meta: Binary,
  idat: Box | undefined,
  place: ItemPlace,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { offset, length } of place.extents) {
    const wanted = Math.min(length, MOST_ITEM_BYTES - total);
    if (wanted <= 0) break;
    const part =
      place.construction === 1
        ? meta.slice((idat?.start ?? meta.length) + offset, wanted)
        : await reader.read(offset, wanted);
    parts.push(part);
    total += part.length;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/** EXIF orientation of a turn by quarters against the clock (`irot`) followed by a mirror (`imir`): ISO/IEC 23008-12. */
function orientationOf(quarters: number, mirrorAxis: number | null): number {
  if (mirrorAxis === null) return [1, 8, 3, 6][quarters & 3] ?? 1;
  return (mirrorAxis === 1 ? [2, 5, 4, 7] : [4, 7, 2, 5])[quarters & 3] ?? 2;
}

/** The properties of the primary item: `ipma` lists, for every item, positions (from 1) in `ipco`. */
function readProperties(meta: Binary, boxes: readonly Box[], primary: number, found: Found): void {
  const iprp = boxes.find(({ type }) => type === "iprp");
  if (iprp === undefined) return;
  const parts = boxesIn(meta, iprp.start, iprp.start + iprp.size);
  const ipco = parts.find(({ type }) => type === "ipco");
  const ipma = parts.find(({ type }) => type === "ipma");
  if (ipco === undefined || ipma === undefined) return;
  const properties = boxesIn(meta, ipco.start, ipco.start + ipco.size);
  let quarters = 0;
  let mirrorAxis: number | null = null;
  let isTurned = false;
  for (const index of associations(meta, ipma, primary)) {
    const property = properties[index - 1];
    if (property === undefined) continue;
    if (property.type === "ispe") {
      Object.assign(found, { width: meta.u32(property.start + 4), height: meta.u32(property.start + 8) });
    } else if (property.type === "irot") quarters = meta.u8(property.start) & 3;
    else if (property.type === "imir") mirrorAxis = meta.u8(property.start) & 1;
    isTurned ||= property.type === "irot" || property.type === "imir";
  }
  if (isTurned) found.orientation = orientationOf(quarters, mirrorAxis);
}

function associations(meta: Binary, ipma: Box, primary: number): number[] {
  const isWideId = meta.u8(ipma.start) >= 1;
  const isWideIndex = (meta.u8(ipma.start + 3) & 1) === 1;
  const end = ipma.start + ipma.size;
  let at = ipma.start + 8;
  while (at < end) {
    const id = isWideId ? meta.u32(at) : meta.u16(at);
    at += isWideId ? 4 : 2;
    const count = meta.u8(at++);
    const step = isWideIndex ? 2 : 1;
    if (id === primary) {
      return Array.from({ length: count }, (_, i) =>
        isWideIndex ? meta.u16(at + i * step) & 0x7fff : meta.u8(at + i * step) & 0x7f,
      );
    }
    at += count * step;
  }
  return [];
}

/** Exif items start with the distance to the TIFF header, counted from behind that number (ISO/IEC 23008-12, A.2.1). */
function tiffOfItem(bytes: Uint8Array): Uint8Array {
  const data = new Binary(bytes);
  const start = 4 + data.u32(0);
  if (/^(II|MM)/.test(data.latin1(start, 2))) return bytes.subarray(start);
  // Writers that put a plain APP1 payload or forget the number are common enough.
  const marked = data.latin1(4, 4) === "Exif" ? 10 : data.latin1(0, 4) === "Exif" ? 6 : 0;
  return bytes.subarray(marked);
}

interface HeifFile {
  readonly meta: Binary;
  readonly boxes: readonly Box[];
}

async function openHeif(reader: ByteReader, top: readonly Box[]): Promise<HeifFile | null> {
  const metaBox = top.find(({ type }) => type === "meta");
  if (metaBox === undefined) return null;
  const meta = new Binary(await reader.read(metaBox.start, Math.min(metaBox.size, MOST_META_BYTES)));
  return { meta, boxes: boxesIn(meta, 4) };
}

/** The Exif and XMP items with their bytes, the first few of them; without bytes where they lie outside the file. */
async function* describingItems(
  reader: ByteReader,
  { meta, boxes }: HeifFile,
): AsyncGenerator<{ readonly type: "Exif" | "XMP"; readonly bytes: Uint8Array }> {
  const box = (name: string): Box | undefined => boxes.find(({ type }) => type === name);
  const iinf = box("iinf");
  const iloc = box("iloc");
  if (iinf === undefined || iloc === undefined) return;
  const described = itemsOf(meta, iinf).filter(
    ({ type, contentType }) => type === "Exif" || (type === "mime" && contentType === "application/rdf+xml"),
  );
  const places = itemPlaces(meta, iloc, new Set(described.map(({ id }) => id)));
  for (const { id, type } of described.slice(0, MOST_ITEMS)) {
    const place = places.get(id);
    if (place === undefined) continue;
    const bytes = await itemBytes(reader, meta, box("idat"), place);
    yield type === "Exif" ? { type, bytes: tiffOfItem(bytes) } : { type: "XMP", bytes };
  }
}

/** The EXIF block (a TIFF structure) of a HEIC, HEIF or AVIF picture; null where it has none. */
export async function exifOfHeif(reader: ByteReader): Promise<Uint8Array | null> {
  const file = await openHeif(reader, await topBoxes(reader));
  if (file === null) return null;
  for await (const { type, bytes } of describingItems(reader, file)) {
    if (type === "Exif" && bytes.length > 0) return bytes;
  }
  return null;
}

/**
 * Reads the `meta` box of a HEIC, HEIF or AVIF picture: Exif and XMP items wherever they lie in the file, the primary
 * picture's size and its turning. Source: ISO/IEC 14496-12 (8.11) and ISO/IEC 23008-12.
 */
export async function readHeif(reader: ByteReader, found: Found): Promise<void> {
  const top = await topBoxes(reader);
  if (top.some(({ isCut }) => isCut)) warn(found, "HEIF: the file is cut off");
  const file = await openHeif(reader, top);
  if (file === null) {
    warn(found, "HEIF: the file has no metadata box");
    return;
  }
  const { meta, boxes } = file;
  const pitm = boxes.find(({ type }) => type === "pitm");
  const primary =
    pitm === undefined ? 0 : meta.u8(pitm.start) === 0 ? meta.u16(pitm.start + 4) : meta.u32(pitm.start + 4);
  readProperties(meta, boxes, primary, found);
  if (found.width === undefined) warn(found, "HEIF: the description of the picture is damaged");
  for await (const { type, bytes } of describingItems(reader, file)) {
    if (bytes.length === 0) warn(found, `HEIF: the ${type.toUpperCase()} block lies outside the file`);
    else if (type === "Exif") await readTiff(bufferReader(bytes), found, "block");
    else found.xmp.push(bytes);
  }
}
