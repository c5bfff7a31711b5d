import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { albumsJson, EXPORT_SECRET, exportTag, photoJson } from "../fixtures/flickr/export-builder.js";
import { clip } from "./exports.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";

const [SEA, FILM, GONE] = ["52000000007", "52000000008", "52000000009"] as const;
const ACCOUNT = "72157711111111111_0a1b2c3d4e5f_part1.zip";

/** An export of one picture in three albums' worth of words, a film with its poster, and a photo that it lacks. */
async function exportedTo(folder: string): Promise<readonly [account: string, media: string]> {
  const account = join(folder, ACCOUNT);
  const media = join(folder, "data-download-1.zip");
  await writeZip(account, [
    photoJson(SEA, { privacy: "public", tags: [exportTag("Open Sea")] }),
    photoJson(FILM, { name: "Waves", privacy: "friend & family" }),
    photoJson(GONE),
    albumsJson({ id: "72157600000000001", title: "Coast", photos: [SEA, GONE] }),
    { name: "account_profile.json", bytes: new TextEncoder().encode('{"nsid":"1@N01"}') },
  ]);
  await writeZip(media, [
    { name: `${SEA}_${EXPORT_SECRET}_o.jpg`, bytes: await picture(1, { taken: "2019:05:04 10:20:30" }) },
    { name: `waves_${FILM}_o.jpg`, bytes: await picture(2) },
    { name: `waves_${FILM}.mov`, bytes: clip(1_556_965_230) },
  ]);
  return [account, media];
}

it("discovers a Flickr export by looking, shows what it says, and finds nothing new the second time", async () => {
  const home = await tempFolder();
  const library = await Library.fresh(join(home, "library"));
  const zips = await exportedTo(home);

  const found = await library.run("discover", ...zips);
  expect(found).toMatchObject({ exit: 0, counts: { seen: 3, new: 2, failed: 0 } });
  expect(found.sources.map(({ kind, service }) => `${kind} ${service}`)).toEqual([
    ...["flickr-export flickr", "flickr-export flickr"],
  ]);
  expect(found.notes.join(" ")).toContain(GONE);
  expect(found.accounting.reduce((sum, { streams }) => sum + streams, 0)).toBe(8);

  const { document } = library.photo(`${SEA}_o.jpg`);
  expect(document).toMatchObject({
    metadata: { title: "Harbour", tags: ["Open Sea"], taken_date: "2019-05-04T10:20:30" },
    albums: ["Coast"],
    canonical_source: `flickr:${SEA}`,
    visibility: { per_service: { flickr: "public" } },
    instances: { flickr: { id: SEA, quality: "original", url: `https://www.flickr.com/photos/ada/${SEA}/` } },
  });
  const film = library.photo(`waves_${FILM}.mov`).document;
  expect(film).toMatchObject({
    media: { mime_type: "video/mp4" },
    visibility: { per_service: { flickr: "friends" } },
    variants: [{ role: "other", filename: `waves_${FILM}_o.jpg` }],
  });
  const shown = await library.run("show", document.photo_id);
  expect(shown).toMatchObject({ exit: 0, photo: { photo_id: document.photo_id } });
  expect(JSON.stringify([document.sources, document.metadata])).not.toContain(EXPORT_SECRET);
  expect(readFileSync(join(library.path, found.report ?? ""), "utf8")).toContain(
    "its picture or video is not in these parts",
  );

  const again = await library.run("discover");
  expect(again).toMatchObject({ exit: 0, commit: null, counts: { new: 0, updated: 0, unchanged: 2 } });
});

it("makes the same photos of an export that is unpacked, and of one whose halves come one after the other", async () => {
  const home = await tempFolder();
  const zips = await exportedTo(home);
  const told = (library: Library) =>
    [...library.documents().values()]
      .map(({ photo_id, metadata, albums, visibility, variants }) => ({
        ...{ photo_id, metadata, albums, visibility, variants: variants?.length },
      }))
      .sort((a, b) => (a.photo_id < b.photo_id ? -1 : 1));
  const whole = await Library.fresh(join(home, "whole"));
  await whole.run("discover", ...zips);

  const halves = await Library.fresh(join(home, "halves"));
  expect(await halves.run("discover", zips[1])).toMatchObject({ exit: 0, counts: { new: 2 } });
  const then = await halves.run("discover", zips[0]);
  expect(then).toMatchObject({ exit: 0, counts: { new: 0, updated: 2 } });
  expect(then.notes.join(" ")).toContain("was read along");
  expect(told(halves)).toEqual(told(whole));

  const folder = join(home, "unpacked");
  await put(folder, `account/photo_${SEA}.json`, photoJson(SEA).bytes);
  await put(folder, `data-download-1/sea_${SEA}_o.jpg`, await picture(1, { taken: "2019:05:04 10:20:30" }));
  const unpacked = await Library.fresh(join(home, "from-folder"));
  const found = await unpacked.run("discover", folder);
  expect(found).toMatchObject({ exit: 0, counts: { new: 1 }, sources: [{ kind: "flickr-export" }] });
  expect(unpacked.photo(`sea_${SEA}_o.jpg`).document.instances["flickr"]?.id).toBe(SEA);
});
