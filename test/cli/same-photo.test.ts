import { join } from "node:path";
import { expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { exifBlock, TAG } from "../fixtures/media/exif-block.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { clip } from "./exports.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";

/** A camera's RAW file, told by the sensor compression that its directory names. */
const raw = (taken: string): Buffer =>
  exifBlock({
    main: { [TAG.make]: "NIKON CORPORATION", [TAG.model]: "NIKON D750", 259: 34713 },
    exif: { [TAG.taken]: taken },
  });

it("makes one photo of equal bytes wherever they lie, and keeps others apart whatever their names", async () => {
  const home = await tempFolder();
  const folder = join(home, "pictures");
  const shared = await picture(1, { taken: "2023:07:22 04:26:40", caption: "On the card" });
  await put(folder, "card/IMG_1.jpg", shared);
  await put(folder, "other/IMG_1.jpg", await picture(2));
  await put(folder, "other/copy.jpg", shared);
  const zip = join(home, "takeout-20260601T101112Z-001.zip");
  const year = "Takeout/Google Photos/Photos from 2023";
  await writeZip(zip, [
    { name: `${year}/IMG_1.jpg`, bytes: shared },
    {
      name: `${year}/IMG_1.jpg.supplemental-metadata.json`,
      bytes: sidecarJson({ title: "IMG_1.jpg", id: "AF1QipShared", people: ["Ada"] }),
    },
  ]);
  const library = await Library.fresh(join(home, "library"));
  expect(await library.run("discover", folder, zip)).toMatchObject({
    exit: 0,
    counts: { seen: 4, new: 2, duplicates: 2 },
  });
  const both = [...library.documents().values()].find(({ instances }) => "google-photos" in instances);
  expect(both?.instances["folder"]).toMatchObject({ copies: [{}] });
  expect(Object.keys(both?.sources ?? {}).sort()).toEqual(["google-photos", "original"]);
  expect(both?.people).toEqual(["Ada"]);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  expect(Object.keys(await blobsIn(join(library.path, "blobs")))).toHaveLength(2);
});

it("keeps RAW and JPEG, and still and clip, together as one photo each, also when the RAW was known first", async () => {
  const home = await tempFolder();
  const camera = join(home, "camera");
  const taken = "2024:05:01 12:00:00";
  const seconds = Date.UTC(2024, 4, 1, 12) / 1000;
  await put(camera, "DSC_1.NEF", raw(taken));
  const library = await Library.fresh(join(home, "library"));
  expect(await library.run("discover", camera)).toMatchObject({ counts: { seen: 1, new: 1 } });
  const first = library.photo("DSC_1.NEF").document;

  await put(camera, "DSC_1.JPG", await picture(1, { taken }));
  await put(camera, "IMG_2.jpg", await picture(2, { taken }));
  await put(camera, "IMG_2.mp4", clip(seconds));
  await put(camera, "IMG_3.jpg", await picture(3, { taken }));
  await put(camera, "IMG_3.mp4", clip(seconds + 86_400 * 3 + 100));
  expect(await library.run("discover")).toMatchObject({ exit: 0, counts: { seen: 6, new: 3, updated: 1 } });
  const documents = [...library.documents().values()];
  expect(documents).toHaveLength(4);
  const joined = documents.find(({ photo_id }) => photo_id === first.photo_id);
  expect(joined).toMatchObject({
    content_hash: first.content_hash,
    blob_key: first.blob_key,
    variants: [{ role: "camera-jpeg" }],
  });
  expect(library.photo("IMG_2.jpg").document.variants).toMatchObject([{ role: "motion" }]);
  expect(library.photo("IMG_3.jpg").document.variants ?? []).toEqual([]);

  await library.run("resolve");
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 6 } });
  expect(await library.run("discover", "--full-scan")).toMatchObject({ exit: 0, commit: null });
});
