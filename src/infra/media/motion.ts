import type { Json } from "../../domain/photo.js";
import { Binary, findAscii } from "./binary.js";
import { topBoxes } from "./boxes.js";
import type { ByteReader } from "./byte-reader.js";
import type { Tags } from "./taken.js";
import { tidyText } from "./text.js";

/** Where in the file the clip of a motion photo lies. */
export interface MotionPlace {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

const TRAILER_BYTES = 64 * 1024;
const MOST_TRAILER_ENTRIES = 128;
const SAMSUNG_MOTION = "MotionPhoto_Data";

const numberIn = (value: Json | undefined): number => Number(tidyText(value) ?? Number.NaN);

function fieldsOf(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}

/** Bytes from the end that the XMP gives to the clip: the older MicroVideoOffset, or the container's list of parts. */
function lengthInXmp(tags: Tags): number {
  const old = numberIn(tags.get("XMP-GCamera:MicroVideoOffset"));
  if (old > 0) return old;
  const directory = tags.get("XMP-GContainer:Directory");
  const parts = Array.isArray(directory)
    ? directory.map((part: Json) => fieldsOf(fieldsOf(part)["Item"] ?? part))
    : [];
  const first = parts.findIndex((part) => tidyText(part["Semantic"]) === "MotionPhoto");
  if (first < 0) return Number.NaN;
  // Parts lie one behind another up to the file's end.
  return parts
    .slice(first)
    .reduce((sum, part) => sum + (numberIn(part["Length"]) || 0) + (numberIn(part["Padding"]) || 0), 0);
}

/** Samsung's trailer: a directory of named blocks before `SEFT`, each entry with its distance back from the directory. */
async function samsungTrailer(reader: ByteReader): Promise<MotionPlace | null> {
  const tailStart = Math.max(0, reader.sizeBytes - TRAILER_BYTES);
  const tail = new Binary(await reader.read(tailStart, TRAILER_BYTES));
  if (tail.latin1(tail.length - 4, 4) !== "SEFT") return null;
  const directory = tail.length - 8 - tail.u32(tail.length - 8, true);
  if (directory < 0 || tail.latin1(directory, 4) !== "SEFH") return null;
  const count = Math.min(tail.u32(directory + 8, true), MOST_TRAILER_ENTRIES);
  for (let i = 0; i < count; i++) {
    const entry = directory + 12 + i * 12;
    const start = tailStart + directory - tail.u32(entry + 4, true);
    const size = tail.u32(entry + 8, true);
    const name = new Binary(await reader.read(start, 8 + SAMSUNG_MOTION.length));
    if (findAscii(name.bytes, SAMSUNG_MOTION) !== 8) continue;
    const headerBytes = 8 + SAMSUNG_MOTION.length;
    return { offsetBytes: start + headerBytes, lengthBytes: size - headerBytes };
  }
  return null;
}

async function startsLikeVideo(
  reader: ByteReader,
  { offsetBytes, lengthBytes }: MotionPlace,
): Promise<boolean> {
  if (offsetBytes <= 0 || lengthBytes < 16 || offsetBytes + lengthBytes > reader.sizeBytes) return false;
  return new Binary(await reader.read(offsetBytes, 8)).latin1(4, 4) === "ftyp";
}

/**
 * The clip inside a motion photo, when it is really there: a `mpvd` box (HEIC), the place that Google's XMP gives, or
 * Samsung's trailer. Source: Android's Motion Photo format 1.0; the trailer as exiftool documents its Samsung tags.
 */
export async function findMotion(
  reader: ByteReader,
  tags: Tags,
  isHeif: boolean,
): Promise<MotionPlace | null> {
  const candidates: MotionPlace[] = [];
  if (isHeif) {
    const box = (await topBoxes(reader)).find(({ type }) => type === "mpvd");
    if (box !== undefined) candidates.push({ offsetBytes: box.start, lengthBytes: box.size });
  }
  const fromEnd = lengthInXmp(tags);
  if (fromEnd > 0) candidates.push({ offsetBytes: reader.sizeBytes - fromEnd, lengthBytes: fromEnd });
  const trailer = await samsungTrailer(reader);
  if (trailer !== null) candidates.push(trailer);
  for (const candidate of candidates) if (await startsLikeVideo(reader, candidate)) return candidate;
  return null;
}
