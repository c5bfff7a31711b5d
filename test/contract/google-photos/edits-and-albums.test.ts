import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PhotoTarget } from "../../../src/ports/photo-service.js";
import { type GooglePhotosOptions, openGooglePhotos } from "../../../src/services/google-photos/adapter.js";
import { type Access, accessTo, call, codeOf } from "../../emulators/google/access.js";
import { type Sample, samplePicture, startSample } from "../../emulators/google/sample.js";
import { seedAlbum, seedItem } from "../../emulators/google/seed.js";
import { picture } from "./sample-upload.js";

let google: Sample;
let access: Access;
const open = (more: Partial<GooglePhotosOptions> = {}): PhotoTarget =>
  openGooglePhotos({ access, library: google.endpoints.library, allowsAlbums: false, ...more });
beforeEach(async () => {
  google = await startSample();
  access = accessTo(google);
});
afterEach(() => google.close());

describe("edits", () => {
  test("change the description of what is still as expected, and read it back", async () => {
    const photos = open();
    const item = seedItem(google.state, google.nowMs(), { bytes: samplePicture("a"), description: "old" });
    const before = await photos.read(item.id, call);
    const edited = await photos.edit(item.id, before?.version ?? "", { caption: "new" }, call);
    expect(edited).toMatchObject({ kind: "edited", instance: { record: { facts: { caption: "new" } } } });
    const stale = await photos.edit(item.id, before?.version ?? "", { caption: "newer" }, call);
    expect([stale.kind, item.description]).toEqual(["changed-meanwhile", "new"]);
    await photos.edit(item.id, (await photos.read(item.id, call))?.version ?? "", { caption: "" }, call);
    expect(item.description).toBe("");
    expect(await codeOf(photos.edit(item.id, "", { caption: "c".repeat(1000) }, call))).toBe(
      "google-photos.caption-too-long",
    );
  });

  test("of what is gone, or of another client's, change nothing", async () => {
    expect(await open().edit("AF1QipNobody", "v", { caption: "x" }, call)).toEqual({
      kind: "changed-meanwhile",
      instance: null,
    });
  });

  test("never touch albums unless they are allowed, and never who may see a photo", async () => {
    const photos = open();
    expect(photos.traits.editableFields.has("albums")).toBe(false);
    expect(await codeOf(photos.upload(picture("a", { fields: { albums: ["Trip"] } }), call))).toBe(
      "google-photos.albums-not-allowed",
    );
    expect(await codeOf(photos.edit("x", "v", { albums: ["Trip"] }, call))).toBe(
      "google-photos.albums-not-allowed",
    );
    expect(google.log.entries.length).toBe(0);
  });
});

describe("albums, where they are allowed", () => {
  const titled = () => [...google.state.albums.values()].map(({ title, itemIds }) => [title, itemIds.length]);

  test("are made once, filled with the upload, and told of", async () => {
    const photos = open({ allowsAlbums: true });
    seedAlbum(google.state, { title: "Trip", clientId: null });
    await Promise.all(
      ["a", "b"].map((words) =>
        photos.upload(picture(words, { fields: { albums: ["Trip", "Best"] } }), call),
      ),
    );
    expect(titled()).toEqual([
      ["Trip", 0],
      ["Trip", 2],
      ["Best", 2],
    ]);
    const [id = ""] = google.state.items.keys();
    const fresh = open({ allowsAlbums: true });
    expect((await fresh.read(id, call))?.record.facts.albums).toEqual(["Best", "Trip"]);
  });

  test("are looked for when the reply to their making was lost", async () => {
    google.faults.add({ matching: /POST .*\/albums$/, nth: 1, fault: { kind: "drop-reply" } });
    const item = seedItem(google.state, google.nowMs(), { bytes: samplePicture("a") });
    const photos = open({ allowsAlbums: true });
    const before = await photos.read(item.id, call);
    const edited = await photos.edit(item.id, before?.version ?? "", { albums: ["Trip"] }, call);
    expect(edited).toMatchObject({ kind: "edited", instance: { record: { facts: { albums: ["Trip"] } } } });
    expect(titled()).toEqual([["Trip", 1]]);
  });
});
