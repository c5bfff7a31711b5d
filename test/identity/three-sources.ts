import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isOnlyDay } from "../../src/domain/identity/capture-time.js";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { albumsJson, EXPORT_SECRET, photoJson } from "../fixtures/flickr/export-builder.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import type { Labelled } from "./labelled.js";

/** Labelled pictures where the program finds them. */
export interface ThreeSources {
  /** What `discover` is given. */
  readonly paths: readonly string[];
  /** Each picture's content hash as it was written there. */
  readonly hashes: ReadonlyMap<Labelled, string>;
}

/** The JPEG with an EXIF segment of what its camera would have written. */
function withExif(jpeg: Buffer, { takenDate = "", camera }: Labelled["appearance"]): Buffer {
  const [, date = "", time = "", fraction] = /^([\d-]+)T([\d:]+)(?:\.(\d+))?/.exec(takenDate) ?? [];
  const tiff = exifBlock({
    main: {
      ...(camera?.make && { [TAG.make]: camera.make }),
      ...(camera?.model && { [TAG.model]: camera.model }),
    },
    exif: {
      [TAG.taken]: `${date.replaceAll("-", ":")} ${time}`,
      ...(fraction !== undefined && { [TAG.subSecTaken]: fraction }),
    },
  });
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const header = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), header, body, jpeg.subarray(2)]);
}

const isInstant = (date: string | undefined): boolean => date?.endsWith("Z") ?? false;
/** What Google tells of a picture that came without any date: when it was uploaded. */
const UPLOADED = Date.UTC(2024, 2, 2, 11, 0, 7) / 1000;

/**
 * Lays pictures out as three sources have them: folders with EXIF, a Takeout with sidecars, an export of Flickr's account. What a
 * source does not know of a picture is written nowhere.
 */
export async function layOut(pictures: readonly Labelled[], dir: string): Promise<ThreeSources> {
  const hashes = new Map<Labelled, string>();
  const [takeout, account, photos] = [
    ["takeout-1.zip", [] as { name: string; bytes: Uint8Array }[]],
    ["flickr-account.zip", [] as { name: string; bytes: Uint8Array }[]],
    ["flickr-photos.zip", [] as { name: string; bytes: Uint8Array }[]],
  ] as const;
  const folders = new Set<string>();
  const taken = new Set<string>();
  let nth = 0;
  for (const picture of pictures) {
    nth += 1;
    const { filename = "", takenDate, camera, sources } = picture.appearance;
    const [source = "folder"] = sources;
    const jpeg = await readFile(picture.path);
    // A service that says an instant had no EXIF to repeat; a wall clock at Google comes from the picture itself.
    const isExif =
      takenDate !== undefined && !isInstant(takenDate) && !isOnlyDay(takenDate) && source !== "flickr";
    const bytes = isExif
      ? withExif(jpeg, { ...picture.appearance, ...(camera !== undefined && { camera }) })
      : jpeg;
    hashes.set(picture, createHash("sha256").update(bytes).digest("hex"));
    if (source === "google-photos") {
      const isTwice = taken.has(filename);
      taken.add(filename);
      const place = `Takeout/Google Photos/${isTwice ? `Set ${nth}` : "Photos from 2023"}/${filename}`;
      const clock =
        takenDate === undefined ? Number.NaN : Date.parse(isInstant(takenDate) ? takenDate : `${takenDate}Z`);
      const takenSeconds = Number.isNaN(clock) ? UPLOADED + nth : Math.floor(clock / 1000);
      takeout[1].push(
        { name: place, bytes },
        {
          name: `${place}.supplemental-metadata.json`,
          bytes: sidecarJson({ title: filename, takenSeconds }),
        },
      );
    } else if (source === "flickr") {
      const id = String(52_800_000_000 + nth);
      const isTitled = !/^\d{11}_/.test(filename);
      account[1].push(
        photoJson(id, {
          name: isTitled ? path.parse(filename).name : "",
          description: "",
          date_taken: takenDate?.slice(0, 19).replace("T", " ") ?? "0000-00-00 00:00:00",
        }),
      );
      photos[1].push({ name: `${id}_${EXPORT_SECRET}_o.jpg`, bytes });
    } else {
      // One folder each where a name comes twice.
      const inFolder = path.join(source, taken.has(`${source}/${filename}`) ? `set-${nth}` : "all");
      taken.add(`${source}/${filename}`);
      await mkdir(path.join(dir, inFolder), { recursive: true });
      await writeFile(path.join(dir, inFolder, filename), bytes);
      folders.add(path.join(dir, source));
    }
  }
  account[1].push(albumsJson());
  const zips = [takeout, account, photos].filter(([, entries]) => entries.length > 1);
  for (const [name, entries] of zips) await writeZip(path.join(dir, name), entries);
  return { paths: [...folders, ...zips.map(([name]) => path.join(dir, name))], hashes };
}
