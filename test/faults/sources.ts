import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { box, EPOCH_GAP, fileType, movieHeader, track } from "../fixtures/media/box-file.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { jpegFile, xmpPacket } from "../fixtures/media/jpeg-file.js";
import { albumJson, sidecarJson } from "../fixtures/takeout/takeout-builder.js";

/** Where the pictures of the sweeps lie. */
export interface Sources {
  readonly folder: string;
  readonly zip: string;
}

const TAKEN = "2024:05:01 12:00:00";

/** Other numbers give other pictures. */
export const picture = (number: number, taken = TAKEN, description?: string): Buffer =>
  jpegFile({
    exif: exifBlock({
      main: {
        [TAG.model]: `Camera ${number}`,
        ...(description === undefined ? {} : { [TAG.description]: description }),
      },
      exif: { [TAG.taken]: taken },
    }),
    trailer: Buffer.alloc(3_000, number),
  });

const rawFile = exifBlock({
  // The sensor compression tells a RAW file from a plain TIFF.
  main: { [TAG.make]: "NIKON CORPORATION", [TAG.model]: "NIKON D750", 259: 34713 },
  exif: { [TAG.taken]: TAKEN },
});

const clip = Buffer.concat([
  fileType("mp42", "isom"),
  box("moov", movieHeader(EPOCH_GAP + Date.UTC(2024, 4, 1, 12) / 1000), track([1, 0, 0, 1])),
  box("mdat", Buffer.from("frames")),
]);

const sidecar = (description: string): Buffer =>
  Buffer.from(
    xmpPacket(
      `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description>`,
    ),
  );

/**
 * Writes a folder and a Takeout that are small and hold some of everything: a RAW and its JPEG, a live photo, sidecars, a
 * duplicate, the same photo with another caption in the Takeout (a conflict), an album, and `more` plain pictures.
 */
export async function writeSources(home: string, more: number): Promise<Sources> {
  const folder = join(home, "sources", "card");
  const zip = join(home, "sources", "takeout-20260601T101112Z-001.zip");
  const files: Record<string, Uint8Array> = {
    "a/IMG_1.jpg": picture(1, TAKEN, "On the card"),
    "b/copy.jpg": picture(1, TAKEN, "On the card"),
    "a/DSC_2.NEF": rawFile,
    "a/DSC_2.JPG": picture(2),
    "a/IMG_3.jpg": picture(3),
    "a/IMG_3.mp4": clip,
    "b/IMG_4.jpg": picture(4, "2023:07:22 04:26:40"),
    "b/IMG_4.jpg.xmp": sidecar("By the lake"),
  };
  for (let number = 10; number < 10 + more; number += 1) {
    files[`c/IMG_${number}.jpg`] = picture(number, `2022:${number % 3 === 0 ? "01" : "02"}:03 10:00:00`);
  }
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const year = "Takeout/Google Photos/Photos from 2024";
  const album = "Takeout/Google Photos/Lake";
  const described = (name: string, description: string): Uint8Array =>
    sidecarJson({ title: name, id: `AF1Qip${name}`, description, people: ["Ada"] });
  await writeZip(zip, [
    { name: `${year}/IMG_1.jpg`, bytes: picture(1, TAKEN, "On the card") },
    { name: `${year}/IMG_1.jpg.supplemental-metadata.json`, bytes: described("IMG_1.jpg", "In the cloud") },
    { name: `${year}/IMG_5.jpg`, bytes: picture(5) },
    { name: `${year}/IMG_5.jpg.supplemental-metadata.json`, bytes: described("IMG_5.jpg", "") },
    { name: `${album}/IMG_6.jpg`, bytes: picture(6), stored: true },
    { name: `${album}/metadata.json`, bytes: albumJson("Lake") },
  ]);
  return { folder, zip };
}
