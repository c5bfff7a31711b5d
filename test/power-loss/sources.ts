import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeZip, type ZipInput } from "../fixtures/archive/zip-writer.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { jpegFile } from "../fixtures/media/jpeg-file.js";
import { albumJson, sidecarJson } from "../fixtures/takeout/takeout-builder.js";

const YEAR = "Takeout/Google Photos/Photos from 2024";

/** The instant of a picture's clock, taken an hour east of Greenwich, in seconds since 1970. */
const takenSeconds = (seed: number): number => Date.UTC(2024, seed % 9, 15, 9, 30) / 1000;

/** A picture of its own for each seed, long enough to spread over many sectors. */
function picture(seed: number): Buffer {
  const month = String(1 + (seed % 9)).padStart(2, "0");
  return jpegFile({
    exif: exifBlock({
      main: { [TAG.make]: "Maker", [TAG.model]: `Camera ${seed}` },
      exif: { [TAG.taken]: `2024:${month}:15 10:30:00` },
    }),
    trailer: Buffer.alloc(3000 + 211 * seed, `picture ${seed} `),
  });
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function takeout(path: string, from: number, count: number): Promise<void> {
  const entries: ZipInput[] = [{ name: `${YEAR}/metadata.json`, bytes: albumJson("Photos from 2024") }];
  for (let seed = from; seed < from + count; seed++) {
    const title = `IMG_${seed}.jpg`;
    const values = { title, id: `AF1Qip${seed}`, takenSeconds: takenSeconds(seed) };
    entries.push({ name: `${YEAR}/${title}`, bytes: picture(seed) });
    entries.push({
      name: `${YEAR}/${title}.supplemental-metadata.json`,
      bytes: sidecarJson({ ...values, description: `Day ${seed}`, people: ["Ada"] }),
    });
  }
  await writeZip(path, entries);
}

export interface Sources {
  readonly pictures: string;
  /** Half of its pictures are among `pictures` as well, and say other things there. */
  readonly takeout: string;
  /** So many pictures that their documents are committed as a pack. */
  readonly many: string;
}

/** Makes the pictures that the scenarios discover. */
export async function makeSources(folder: string): Promise<Sources> {
  const sources = {
    pictures: join(folder, "pictures"),
    takeout: join(folder, "takeout-20260601T101112Z-001.zip"),
    many: join(folder, "takeout-20260701T101112Z-001.zip"),
  };
  for (let seed = 0; seed < 10; seed++)
    await put(join(sources.pictures, `${seed % 3}`, `DSC_${seed}.jpg`), picture(seed));
  await takeout(sources.takeout, 5, 10);
  await takeout(sources.many, 100, 110);
  return sources;
}
