import type { Facts, Json, Media } from "../../domain/photo.js";
import type { ByteReader } from "./byte-reader.js";
import { readCr3, readCrw } from "./canon-raw.js";
import { factsOf } from "./facts.js";
import { type Found, nothingFound, warn } from "./found.js";
import { readGif } from "./gif.js";
import { readHeif } from "./heif.js";
import { readIptc } from "./iptc.js";
import { readJpeg } from "./jpeg.js";
import { readJxl } from "./jxl.js";
import { type MediaType, SNIFF_BYTES, sniffMediaType, typeOfExtension, typeOfName } from "./media-type.js";
import { findMotion } from "./motion.js";
import { readMts } from "./mts.js";
import { readPng } from "./png.js";
import { readQuickTime } from "./quicktime.js";
import { readRaf } from "./raf.js";
import { boundedRaw } from "./raw-values.js";
import { readAvi, readWebp } from "./riff.js";
import { readTiff } from "./tiff.js";
import { MOST_XMP_BYTES, parseXmp } from "./xmp.js";

/** What a file's bytes say. */
export interface MediaReading {
  /** `other`: no picture or video by its content, whatever it is called. */
  readonly kind: "media" | "other";
  readonly type: MediaType | null;
  readonly media: Omit<Media, "bytes"> | null;
  readonly facts: Facts;
  /** The tags as the file has them, by group and name as exiftool gives them; long values cut, binary ones left out. */
  readonly raw: Record<string, Json>;
  /** Apple's, shared by the two halves of a live photo. */
  readonly contentIdentifier?: string;
  /** Where the clip of a motion photo lies inside the picture. */
  readonly embeddedMotion?: { readonly offsetBytes: number; readonly lengthBytes: number };
  /** What was odd or broken; also in `facts.warnings`. */
  readonly warnings: readonly string[];
}

type Reader = (reader: ByteReader, found: Found) => Promise<void>;

const tiffFile: Reader = (reader, found) => readTiff(reader, found, "file");
const READERS: Readonly<Record<string, Reader>> = {
  jpg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  heic: readHeif,
  heif: readHeif,
  avif: readHeif,
  jxl: readJxl,
  tif: tiffFile,
  cr2: tiffFile,
  nef: tiffFile,
  arw: tiffFile,
  dng: tiffFile,
  rw2: tiffFile,
  orf: tiffFile,
  cr3: readCr3,
  crw: readCrw,
  raf: readRaf,
  mp4: readQuickTime,
  m4v: readQuickTime,
  mov: readQuickTime,
  "3gp": readQuickTime,
  "3g2": readQuickTime,
  avi: readAvi,
  mts: readMts,
};

function notMedia(warnings: string[]): MediaReading {
  const facts = warnings.length > 0 ? { warnings } : {};
  return { kind: "other", type: null, media: null, facts, raw: {}, warnings };
}

function decodeBlocks(found: Found): void {
  for (const block of found.iptc) readIptc(block, found);
  let budgetBytes = MOST_XMP_BYTES;
  for (const packet of found.xmp) {
    budgetBytes -= packet.length;
    if (budgetBytes < 0) {
      warn(found, "XMP: the packets are larger than 8 MiB together");
      break;
    }
    const outcome = parseXmp(packet);
    if (outcome.kind === "refused") {
      warn(found, `XMP: ${outcome.why}`);
      continue;
    }
    if (!outcome.isComplete) warn(found, "XMP: the packet is cut off");
    for (const [name, value] of outcome.tags) if (!found.tags.has(name)) found.tags.set(name, value);
  }
}

function orientationOf(found: Found): number | undefined {
  const tag = found.orientation ?? found.tags.get("EXIF:Orientation");
  return typeof tag === "number" && tag >= 1 && tag <= 8 ? tag : undefined;
}

/** Beyond these a size or duration is damage: JPEG XL ends at 2^30 but nothing shows such pictures. */
const LARGEST_SIDE = 1_000_000;
const LONGEST_SECONDS = 366 * 86_400;

const plausible = (value: number | undefined, most: number): number | undefined =>
  value !== undefined && value > 0 && value <= most ? value : undefined;

function mediaOf(type: MediaType, found: Found): Omit<Media, "bytes"> {
  const width = plausible(found.width, LARGEST_SIDE);
  const height = plausible(found.height, LARGEST_SIDE);
  const seconds = plausible(found.durationSeconds, LONGEST_SECONDS);
  const orientation = orientationOf(found);
  return {
    mime_type: type.mimeType,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(seconds !== undefined && { duration_seconds: Math.round(seconds * 1000) / 1000 }),
    ...(orientation !== undefined && { orientation }),
  };
}

/**
 * Reads type, size, metadata and raw tags of a file. Never throws for bad content: what can be read is, the rest becomes
 * warnings. A file that is no picture or video gives `other`; one that is named like one but holds none gives `other` with
 * a warning. Reads only headers, never pixels; time and memory are bounded whatever the bytes are.
 */
export async function readMedia(reader: ByteReader, filename: string): Promise<MediaReading> {
  const sniffed = await sniffMediaType(await reader.read(0, SNIFF_BYTES));
  if (sniffed === null) {
    if (typeOfName(filename) === null) return notMedia([]);
    const why = reader.sizeBytes === 0 ? "The file is empty" : "The content is no picture or video";
    return notMedia([`${why}, though the name says it is one`]);
  }
  const found = nothingFound();
  try {
    await READERS[sniffed.extension]?.(reader, found);
    decodeBlocks(found);
  } catch {
    // Readers bound themselves; this is the last line, so that one file's bytes never stop a run.
    warn(found, `${sniffed.extension.toUpperCase()}: the metadata is damaged and was read in part`);
  }
  const type = typeOfExtension(found.rawExtension ?? "") ?? sniffed;
  const motion =
    type.kind === "image" ? await findMotion(reader, found.tags, READERS[type.extension] === readHeif) : null;
  const identifier = found.contentIdentifier;
  const raw = boundedRaw(found.tags, found.warnings);
  const facts = factsOf(found.tags, found.warnings);
  return {
    kind: "media",
    type,
    media: mediaOf(type, found),
    facts,
    raw,
    ...(identifier !== undefined && { contentIdentifier: identifier }),
    ...(motion !== null && { embeddedMotion: motion }),
    warnings: facts.warnings ?? [],
  };
}
