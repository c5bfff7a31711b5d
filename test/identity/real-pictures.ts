import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import type { Appearance } from "../../src/domain/identity/appearance.js";
import { parseTakenDate } from "../../src/domain/taken-date.js";
import { bufferReader } from "../../src/infra/media/byte-reader.js";
import { readMedia } from "../../src/infra/media/read-media.js";
import { pick, type Random, randomFrom } from "../power-loss/random.js";
import type { Labelled } from "./labelled.js";
import { writeVariant } from "./variants.js";

const QUALITIES = [60, 70, 85, 95] as const;
const LONG_SIDES = [1024, 1600, 2048] as const;
/** Smaller ones are icons; no service makes 1024 pixels of them. */
const LEAST_SIDE = 200;

/** Limits were set by looking at one half of the pictures; the other is told apart by its names alone, for ever. */
const halfOf = (name: string): string =>
  createHash("sha256").update(path.parse(name).name).digest().readUInt8(0) % 2 === 0 ? "seen" : "held out";

/** A picture with what its own bytes say, or null where it cannot be decoded or is too small. */
async function original(file: string): Promise<Labelled | null> {
  const bytes = await readFile(file);
  const name = path.basename(file);
  const read = await readMedia(bufferReader(bytes), name);
  if (read.kind !== "media" || read.type?.kind !== "image") return null;
  const size = await sharp(bytes)
    .raw()
    .toBuffer()
    .then(() => sharp(bytes).metadata())
    .catch(() => null);
  if (size === null || Math.min(size.width, size.height) < LEAST_SIDE) return null;
  const id = createHash("sha256").update(bytes).digest("hex");
  const { taken_date, camera_info } = read.facts;
  const appearance: Appearance = {
    id,
    kind: "image",
    marks: [],
    sources: ["folder"],
    filename: name,
    ...(taken_date !== undefined && { takenDate: taken_date }),
    ...(camera_info !== undefined && { camera: camera_info }),
    width: size.autoOrient.width,
    height: size.autoOrient.height,
    bytes: bytes.length,
    isOriginal: true,
  };
  const scenario =
    taken_date !== undefined
      ? "real, dated"
      : camera_info
        ? "real, camera only"
        : "real, neither date nor camera";
  return { appearance, path: file, capture: id, edit: null, scenario: `${scenario}; ${halfOf(name)}` };
}

/** Two pictures of a folder that differ by less than this in the mean of their pixels, at full size, are one. */
const SAME_PIXELS = 4;

/**
 * The capture of a picture: that of an earlier one whose pixels are the same at full size (one picture saved in two formats), else its
 * own. Told by the pixels alone, and by none of what is measured here.
 */
async function captureOf(picture: Labelled, earlier: readonly Labelled[]): Promise<string> {
  const { width, height } = picture.appearance;
  const grey = (file: string) => sharp(file).autoOrient().flatten().grayscale().raw().toBuffer();
  for (const other of earlier) {
    if (other.appearance.width !== width || other.appearance.height !== height) continue;
    const [a, b] = [await grey(picture.path), await grey(other.path)];
    const sum = a.reduce((all, level, at) => all + Math.abs(level - (b[at] ?? 0)), 0);
    if (sum / a.length < SAME_PIXELS) return other.capture;
  }
  return picture.appearance.id;
}

/** What a service says of a time that it read from the picture: the second, as a clock or as an instant of an unknown zone. */
function serviceDate(date: string | undefined, uploaded: string, random: Random): string {
  const parts = date === undefined ? null : parseTakenDate(date);
  if (parts === null) return uploaded;
  if (parts.offsetMinutes === null && random() < 0.5) return date?.slice(0, 19) ?? uploaded;
  return `${new Date(parts.wallClockMs - (parts.offsetMinutes ?? 60) * 60_000).toISOString().slice(0, 19)}Z`;
}

/**
 * The pictures of a folder that can be decoded, each beside twelve renditions without metadata: quality 60 to 95 at 1024
 * to 2048 pixels, with the file name and the date that a service would give. Equal bytes are taken once.
 */
export async function renditionsOf(folder: string, dir: string, seed: number): Promise<readonly Labelled[]> {
  const random = randomFrom(seed);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const known = new Set<string>();
  const pictures: Labelled[] = [];
  const captures: Labelled[] = [];
  for (const file of files.sort()) {
    const read = await original(file);
    if (read === null || known.has(read.appearance.id)) continue;
    const picture = { ...read, capture: await captureOf(read, captures) };
    known.add(picture.appearance.id);
    pictures.push(picture);
    captures.push(picture);
    const uploaded = `2024-03-${String(1 + (known.size % 28)).padStart(2, "0")}T10:00:${String(known.size % 60).padStart(2, "0")}Z`;
    for (const quality of QUALITIES) {
      for (const longSide of LONG_SIDES) {
        const id = `${picture.appearance.id}-${quality}-${longSide}`;
        const to = path.join(dir, `${id}.jpg`);
        const size = await writeVariant(file, to, { kind: "rendition", quality, longSide });
        const service = pick(random, ["google-photos", "flickr"]);
        const appearance: Appearance = {
          id,
          kind: "image",
          marks: [`${service}:${id}`],
          sources: [service],
          filename: `${path.parse(file).name}.jpg`,
          takenDate: serviceDate(picture.appearance.takenDate, uploaded, random),
          ...size,
        };
        pictures.push({ ...picture, appearance, path: to, from: picture.appearance.id });
      }
    }
  }
  return pictures;
}
