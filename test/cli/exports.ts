import { join } from "node:path";
import { writeTgz } from "../fixtures/archive/tgz-writer.js";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { box, EPOCH_GAP, fileType, heicFile, movieHeader, track } from "../fixtures/media/box-file.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { messyTakeout, type TakeoutFile } from "../fixtures/takeout/takeout-builder.js";
import { picture, put } from "./files.js";

const PICTURES_SECONDS = 1_690_000_000;

/** A film of 3.5 seconds without pictures, taken at the given second since 1970. */
export const clip = (takenSeconds: number): Buffer =>
  Buffer.concat([
    fileType("mp42", "isom"),
    box("moov", movieHeader(EPOCH_GAP + takenSeconds), track([1, 0, 0, 1])),
    box("mdat", Buffer.from(`frames of ${takenSeconds}`)),
  ]);

async function bytesLike(name: string, seed: number): Promise<Uint8Array> {
  if (name.endsWith(".HEIC")) return heicFile(exifBlock({ exif: { [TAG.taken]: "2023:07:22 04:26:40" } }));
  if (name.endsWith(".MP4")) return clip(PICTURES_SECONDS);
  return picture(seed);
}

/** The messy export of the fixtures with real pictures in it, as its two parts. */
export async function messyExport(): Promise<readonly (readonly TakeoutFile[])[]> {
  const names: string[] = [];
  messyTakeout((name) => {
    names.push(name);
    return new Uint8Array();
  });
  const bytes = new Map<string, Uint8Array>();
  for (const [number, name] of [...new Set(names)].entries())
    bytes.set(name, await bytesLike(name, 100 + number));
  return messyTakeout((name) => bytes.get(name) ?? new Uint8Array());
}

const partName = (number: number, extension: string): string =>
  `takeout-20260601T101112Z-00${number + 1}.${extension}`;

/** Writes an export's parts as zips and tells their paths. */
export function asZips(folder: string, parts: readonly (readonly TakeoutFile[])[]): Promise<string[]> {
  return Promise.all(
    parts.map(async (files, number) => {
      const path = join(folder, partName(number, "zip"));
      await writeZip(path, files);
      return path;
    }),
  );
}

/** The same as .tgz. */
export function asTgzs(folder: string, parts: readonly (readonly TakeoutFile[])[]): Promise<string[]> {
  return Promise.all(
    parts.map(async (files, number) => {
      const path = join(folder, partName(number, "tgz"));
      await writeTgz(path, files);
      return path;
    }),
  );
}

/** The same unpacked: all parts in one folder `Takeout`, whose path is told. */
export async function asFolder(folder: string, parts: readonly (readonly TakeoutFile[])[]): Promise<string> {
  for (const { name, bytes } of parts.flat()) await put(folder, name, bytes);
  return join(folder, "Takeout");
}
