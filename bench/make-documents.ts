import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { photoEdit } from "../src/control/records.js";
import { blobKey, contentHash, documentPath, uuidV5 } from "../src/domain/ids.js";
import type { PhotoDocument } from "../src/domain/photo.js";

const CAMERAS = [
  { make: "Example", model: "Phone 3" },
  { make: "Example", model: "Phone 5 Pro" },
  { make: "Sample", model: "DSLR 70", lens: "24-70mm F2.8" },
  { make: "Sample", model: "Compact X" },
] as const;

const digest = (algorithm: string, text: string | Uint8Array) => createHash(algorithm).update(text).digest();

/** The bytes that the `number`th document's content hash is of: few, and no picture's. */
export const photoBytes = (number: number): Buffer => Buffer.from(`photo ${number}`);

/** How many photos are taken on one day. */
const A_DAY = 27;

/**
 * The document of the `number`th photo of a made-up library, as it stands after all three phases: about 3 KB, taken from 2010
 * on, 27 a day, or in an earlier state of it. Another edition differs in its caption.
 */
export function photoDocument(
  number: number,
  edition = 0,
  state: PhotoDocument["processing_state"] = "replicated",
): PhotoDocument {
  const hash = contentHash(digest("sha256", photoBytes(number)).toString("hex"));
  const id = uuidV5(hash, (bytes) => digest("sha1", bytes));
  const noon = Date.UTC(2010, 0, 1 + Math.floor(number / A_DAY), 8);
  const taken = `${new Date(noon + (number % A_DAY) * 1_571_000).toISOString().slice(0, 19)}+02:00`;
  const exifDate = taken.slice(0, 19).replaceAll("-", ":").replace("T", " ");
  const camera = CAMERAS[number % CAMERAS.length] ?? CAMERAS[0];
  const filename = `IMG_${String(number).padStart(6, "0")}.jpg`;
  const path = `/home/ada/Pictures/${taken.slice(0, 4)}/${taken.slice(5, 7)}/${filename}`;
  const key = blobKey(taken, id, hash, "jpg");
  const seen = "2026-07-01T12:00:00Z";
  const place = { lat: 43 + (number % 997) / 1000, lng: 3 + (number % 911) / 1000 };
  const caption = `The ${number}th picture${edition === 0 ? "" : `, told for the ${edition}th time`}`;
  const facts = { taken_date: taken, caption, location: place, camera_info: camera };
  return {
    schema_version: 1,
    photo_id: id,
    content_hash: hash,
    canonical_source: `folder:${path}`,
    source_of_truth_path: `blobs/${key}`,
    blob_key: key,
    media: {
      mime_type: "image/jpeg",
      bytes: 2_000_000 + number,
      width: 4032,
      height: 3024,
      orientation: 1,
    },
    metadata: {
      taken_date: taken,
      filename,
      caption,
      location: place,
      tags: [`year ${taken.slice(0, 4)}`, "holiday"],
      camera_info: camera,
    },
    visibility: { canonical: "private", per_service: { folder: "private" }, discrepancies: [] },
    processing_state: state,
    conflicts: [],
    instances: {
      folder: {
        id: path,
        quality: "original",
        last_sync: seen,
        visibility: "private",
        locations: [{ path }],
      },
    },
    replicas: { local: { key, verified_at: seen } },
    sources: {
      original: [
        {
          id: hash,
          facts: { ...facts, taken_date_from: "EXIF:DateTimeOriginal, zone from EXIF:OffsetTimeOriginal" },
          raw: {
            "EXIF:DateTimeOriginal": exifDate,
            "EXIF:ExifImageHeight": 3024,
            "EXIF:ExifImageWidth": 4032,
            "EXIF:ImageDescription": caption,
            "EXIF:ISOSpeedRatings": 100 + (number % 7) * 100,
            "EXIF:ExposureTime": [1, 60 + (number % 400)],
            "EXIF:FNumber": [28, 10],
            "EXIF:Make": camera.make,
            "EXIF:Model": camera.model,
            "EXIF:OffsetTimeOriginal": "+02:00",
            "GPS:GPSLatitude": [
              [43, 1],
              [number % 60, 1],
              [number % 6000, 100],
            ],
            "GPS:GPSLatitudeRef": "N",
          },
        },
      ],
    },
    created_at: seen,
    updated_at: seen,
  };
}

/** The `number`th document as it is once `photoBytes(number)` is stored and recorded in these stores. */
export function storedDocument(number: number, stores: readonly string[]): PhotoDocument {
  const document = photoDocument(number);
  const replica = { key: document.blob_key, verified_at: document.updated_at };
  return {
    ...document,
    media: { ...document.media, bytes: photoBytes(number).length },
    replicas: Object.fromEntries(stores.map((store) => [store, replica])),
  };
}

/**
 * Writes a stream for `git fast-import` (its documented format, `M 100644 inline`) with one commit on `main` of these photos'
 * documents. With `onTop`, the commit follows the branch's present one.
 */
export async function writeDocumentStream(
  file: string,
  numbers: Iterable<number>,
  options: {
    readonly edition?: number;
    readonly onTop?: boolean;
    readonly state?: PhotoDocument["processing_state"];
    /** Instead of `photoDocument`. */
    readonly make?: (number: number) => PhotoDocument;
  } = {},
): Promise<void> {
  const out = createWriteStream(file, { highWaterMark: 2 ** 22 });
  out.write("commit refs/heads/main\ncommitter Ada <ada@example.org> 1782907200 +0000\ndata 5\nbench\n");
  if (options.onTop === true) out.write("from refs/heads/main^0\n");
  const make = options.make ?? ((number) => photoDocument(number, options.edition, options.state));
  for (const number of numbers) {
    const document = make(number);
    const { bytes } = photoEdit(documentPath(document.metadata.taken_date, document.photo_id), document);
    if (bytes === null) throw new Error("a photo document without bytes");
    const path = documentPath(document.metadata.taken_date, document.photo_id);
    out.write(`M 100644 inline ${path}\ndata ${bytes.length}\n`);
    out.write(bytes);
    if (!out.write("\n")) await once(out, "drain");
  }
  out.end();
  await finished(out);
}
