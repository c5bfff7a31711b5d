import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { PhotoDocument } from "../../src/domain/photo.js";
import { jpegFile, xmpPacket } from "../fixtures/media/jpeg-file.js";
import { asFolder, asTgzs, asZips, messyExport } from "./exports.js";
import { picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";
import { checkSums } from "./sha256.js";

const STILL_CLOCK = { SOURCE_DATE_EPOCH: "1780000000" };

const PLACES = new Set(["locations", "source_of_truth_path"]);

/** The documents without the places where bytes were found. */
const withoutPlaces = (library: Library): readonly PhotoDocument[] =>
  [...library.documents().values()].map((document) =>
    JSON.parse(JSON.stringify(document, (key, value: unknown) => (PLACES.has(key) ? null : value))),
  );

it("makes a verified library of a folder and a messy export in two parts, which Git and sha256sum can check", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  const parts = await messyExport();
  const [first, second] = await asZips(join(home), parts);
  const shared = parts[0]?.find(({ name }) => name.endsWith("IMG_0005.jpg"))?.bytes ?? expect.unreachable();
  await put(pictures, "phone/copy of 5.jpg", shared);
  await put(pictures, "2024/DSC_1.jpg", await picture(1, { taken: "2024:01:15 10:30:00" }));
  await put(
    pictures,
    "2024/DSC_1.xmp",
    xmpPacket("<dc:subject><rdf:Bag><rdf:li>lake</rdf:li></rdf:Bag></dc:subject>"),
  );
  await put(pictures, "empty-exif.jpg", jpegFile());

  const library = await Library.init(join(home, "library"));
  const found = await library.run("discover", second ?? "", pictures, first ?? "");
  expect(found).toMatchObject({
    exit: 3,
    counts: { seen: 13, new: 9, updated: 0, unchanged: 0, duplicates: 2, skipped: 0, failed: 3 },
  });
  expect(found.failures.map(({ code }) => code).sort()).toEqual([
    "media.unreadable",
    "sidecar.invalid-json",
    "takeout.unexplained",
  ]);
  const accounted = found.accounting.reduce((sum, { streams }) => sum + streams, 0);
  expect(accounted).toBe(parts.flat().length + 4);
  const report = JSON.parse(git(library.path, "show", `HEAD:${found.report ?? ""}`));
  expect(report.streams).toHaveLength(parts.flat().length);
  expect(library.photo("DSC_1.jpg").document.metadata.tags).toEqual(["lake"]);
  expect(Object.keys(library.photo("copy of 5.jpg").document.instances).sort()).toEqual([
    "folder",
    "google-photos",
  ]);
  expect(library.photo("IMG_0001.jpg").document).toMatchObject({
    albums: ["Trip to Rome?"],
    people: ["Ada"],
    favorite: true,
    metadata: { caption: "The Colosseum" },
    visibility: { canonical: "private" },
  });

  const again = await library.run("discover");
  expect(again).toMatchObject({ exit: 3, commit: null, counts: { new: 0, updated: 0, unchanged: 9 } });

  const resolved = await library.run("resolve");
  expect(resolved).toMatchObject({ exit: 0, counts: { photos: 9, needs_human: 0, resolved: 9 } });
  expect(await library.run("resolve")).toMatchObject({ exit: 0, commit: null, counts: { photos: 0 } });

  const plan = await library.run("replicate", "--dry-run");
  expect(plan).toMatchObject({ exit: 0, dry_run: true, counts: { planned: 11, done: 0, failed: 0 } });
  const stored = await library.run("replicate", "--execute");
  expect(stored).toMatchObject({ exit: 0, counts: { planned: 11, done: 11, skipped: 0, failed: 0 } });
  expect(stored.plan).toEqual(plan.plan);
  expect(checkSums(join(library.path, "blobs"))).toBe("");
  expect(await library.run("replicate", "--execute")).toMatchObject({
    exit: 0,
    commit: null,
    counts: { planned: 0, done: 0, bytes: 0 },
  });

  const verified = await library.run("verify", "--deep");
  expect(verified).toMatchObject({ exit: 0, counts: { checked: 11, ok: 11, missing: 0, corrupt: 0 } });
  expect(verified.counts.bytes_read).toBe(stored.counts.bytes);
  const status = await library.run("status");
  expect(status).toMatchObject({
    exit: 0,
    counts: { photos: 9, discovered: 0, resolved: 0, replicated: 9, conflicts: 0 },
    stores: [{ name: "local", replicas: 11, missing: 0 }],
    uncommitted: [],
  });
  expect((await library.run("log")).operations.map(({ command }) => command)).toEqual([
    "replicate",
    "resolve",
    "discover",
    "init",
  ]);
  expect(await library.run("doctor")).toMatchObject({ exit: 0, counts: { problems: 0 } });

  const clone = new Library(join(home, "clone"));
  git(home, "clone", "--quiet", library.path, clone.path);
  expect(await clone.run("status")).toMatchObject({ exit: 0, counts: status.counts });
});

it("finds the same photos in an export whether it is zip, tgz or unpacked, and its parts in any order", async () => {
  const home = await tempFolder();
  const parts = await messyExport();
  for (const name of ["zip", "tgz", "unpacked"]) await mkdir(join(home, name));
  const ways = [
    await asZips(join(home, "zip"), parts),
    (await asTgzs(join(home, "tgz"), parts)).reverse(),
    [await asFolder(join(home, "unpacked"), parts)],
  ];
  const libraries: Library[] = [];
  for (const [number, paths] of ways.entries()) {
    const library = await Library.init(join(home, `library-${number}`), STILL_CLOCK);
    expect(await library.run("discover", ...paths)).toMatchObject({ exit: 3, counts: { new: 7, failed: 3 } });
    libraries.push(library);
  }
  const [zip, tgz, unpacked] = libraries.map(withoutPlaces);
  expect(tgz).toEqual(zip);
  expect(unpacked).toEqual(zip);

  // What is read anew from another kind of archive brings places, and no photo; the parts known before are read along.
  const [library] = libraries;
  expect(await library?.run("discover", ...(ways[1] ?? []))).toMatchObject({ counts: { new: 0, seen: 20 } });
  await library?.run("resolve");
  expect(await library?.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { failed: 0 } });
});
