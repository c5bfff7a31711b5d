import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { asZips, clip } from "./exports.js";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";
const TAKEN = "2023:07:22 04:26:40";
const TAKEN_SECONDS = Date.UTC(2023, 6, 22, 4, 26, 40) / 1000;

/** An export whose first part holds a clip, an edited copy and both sidecars; the pictures are in the second. */
async function tornExport(folder: string): Promise<readonly [first: string, second: string]> {
  const sidecar = (title: string, person: string) => ({
    name: `${YEAR}/${title}.supplemental-metadata.json`,
    bytes: sidecarJson({ title, id: `AF1Qip${title}`, takenSeconds: TAKEN_SECONDS, people: [person] }),
  });
  const media = (name: string, bytes: Uint8Array) => ({ name: `${YEAR}/${name}`, bytes });
  const [first, second] = await asZips(folder, [
    [
      media("L.mov", clip(TAKEN_SECONDS)),
      media("E-edited.jpg", await picture(1, { taken: TAKEN })),
      sidecar("L.jpg", "Ada"),
      sidecar("E.jpg", "Bob"),
    ],
    [media("L.jpg", await picture(2, { taken: TAKEN })), media("E.jpg", await picture(3, { taken: TAKEN }))],
  ]);
  return [first ?? expect.unreachable(), second ?? expect.unreachable()];
}

/** Which bytes are which photo's, and who is on it: what must not depend on the order of finding. */
const told = (library: Library) =>
  [...library.documents().values()]
    .map(({ photo_id, content_hash, metadata, people, variants }) => ({
      photo_id,
      content_hash,
      metadata,
      people,
      variants: (variants ?? []).map((each) => ({
        role: each.role,
        hash: each.content_hash,
        filename: each.filename,
        services: Object.keys(each.instances),
      })),
    }))
    .sort((a, b) => (a.photo_id < b.photo_id ? -1 : 1));

it("makes the same photos of an export whose parts come one by one, in either order, as of all at once", async () => {
  const home = await tempFolder();
  const parts = await tornExport(home);
  const whole = await Library.fresh(join(home, "whole"));
  expect(await whole.run("discover", ...parts)).toMatchObject({ counts: { new: 2 } });
  expect(
    told(whole)
      .flatMap(({ variants }) => variants.map(({ role }) => role))
      .sort(),
  ).toEqual(["edited", "motion"]);

  for (const [name, order] of Object.entries({ forth: parts, back: [...parts].reverse() })) {
    const library = await Library.fresh(join(home, name));
    const [first = "", second = ""] = order;
    expect(await library.run("discover", first)).toMatchObject({ counts: { new: 2 } });
    const then = await library.run("discover", second);
    expect(then).toMatchObject({ exit: 0, counts: { new: 0, updated: 2 } });
    expect(then.notes.join(" ")).toContain("known from before, was read along");
    expect(told(library)).toEqual(told(whole));
    expect(await library.run("discover", ...parts)).toMatchObject({ exit: 0, commit: null });
  }
});

it("mends photos that were torn apart while a part was away, keeps their blobs, and can take it back", async () => {
  const home = await tempFolder();
  const parts = await tornExport(home);
  const whole = await Library.fresh(join(home, "whole"));
  await whole.run("discover", ...parts);
  const library = await Library.fresh(join(home, "library"));
  const away = join(home, "away.zip");
  await library.run("discover", parts[0]);
  await rename(parts[0], away);
  expect(await library.run("discover", parts[1])).toMatchObject({ counts: { new: 2 } });
  await rename(away, parts[0]);
  await library.run("resolve");
  await library.run("replicate", "--execute");
  const blobs = await blobsIn(join(library.path, "blobs"));
  expect(Object.keys(blobs)).toHaveLength(4);
  const torn = library.tree();

  const shown = await library.run("discover", ...parts, "--dry-run");
  expect(shown).toMatchObject({ counts: { new: 0, updated: 2 }, commit: null });
  const mended = await library.run("discover", ...parts);
  expect(mended).toMatchObject({ exit: 0, counts: { new: 0, updated: 2 } });
  expect(mended.plan).toEqual(shown.plan);
  expect(told(library)).toEqual(told(whole));
  expect(await library.run("discover", "--full-scan")).toMatchObject({ exit: 0, commit: null });
  expect(await library.run("undo")).toMatchObject({ exit: 0, counts: { recreated: 2, restored: 2 } });
  expect(library.tree()).toBe(torn);

  await library.run("discover", ...parts);
  await library.run("resolve");
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0 });
  expect(await library.run("verify")).toMatchObject({ exit: 0, counts: { checked: 4, ok: 4 } });
  expect(await library.run("doctor")).toMatchObject({ exit: 0 });
  expect(await blobsIn(join(library.path, "blobs"))).toEqual(blobs);
});

it("joins a clip that lay alone in a folder to its picture when that arrives", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  await mkdir(pictures);
  await put(pictures, "L.mov", clip(TAKEN_SECONDS));
  const library = await Library.fresh(join(home, "library"));
  expect(await library.run("discover", pictures)).toMatchObject({ counts: { new: 1 } });
  const clipAlone = library.photo("L.mov").document;
  await put(pictures, "L.jpg", await picture(2, { taken: TAKEN }));
  expect(await library.run("discover")).toMatchObject({ exit: 0, counts: { new: 0, updated: 1 } });
  expect([...library.documents().values()]).toMatchObject([
    {
      metadata: { filename: "L.jpg" },
      variants: [{ role: "motion", filename: "L.mov", blob_key: clipAlone.blob_key }],
    },
  ]);
  expect(await library.run("discover", "--full-scan")).toMatchObject({ exit: 0, commit: null });
});
