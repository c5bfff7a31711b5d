import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { undo } from "../../../src/operations/undo.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { put } from "../control/native-git.js";
import { makeLibrary, pathOf, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const takeBack = (operation?: string, dryRun = false) =>
  undo(library.root, library.control, operation, { dryRun }, quietRun());
const present = async () => [...(await library.documents())].map(([path, document]) => ({ path, document }));

const photo = photoDocument({ content: "a" });
const captioned = (document: PhotoDocument, caption: string): PhotoDocument => ({
  ...document,
  metadata: { ...document.metadata, caption },
});
const dated = (document: PhotoDocument, taken_date: string): PhotoDocument => ({
  ...document,
  metadata: { ...document.metadata, taken_date },
});
const seenBy = (document: PhotoDocument, canonical: "private" | "public"): PhotoDocument => ({
  ...document,
  visibility: { ...document.visibility, canonical },
});

describe("undo", () => {
  it("brings a photo back to where it was when only its date had changed", async () => {
    await library.change([], [photo]);
    const later = dated(photo, "2020-06-01T12:00:00");
    await library.change([photo], [later]);
    const { counts } = await takeBack();
    expect(await present()).toEqual([{ path: pathOf(photo), document: photo }]);
    expect(counts).toEqual({ restored: 1, removed: 0, recreated: 0, kept_narrower: 0 });
  });

  it("does not make a photo public again because the operation also moved it", async () => {
    const shown = seenBy(photo, "public");
    await library.change([], [shown]);
    const hidden = seenBy(dated(shown, "2020-06-01T12:00:00"), "private");
    await library.change([shown], [hidden]);
    const { counts } = await takeBack();
    const [only, ...others] = await present();
    expect(others).toEqual([]);
    expect(only?.path).toBe(pathOf(photo));
    expect(only?.document.visibility.canonical).toBe("private");
    expect(counts["kept_narrower"]).toBe(1);
  });

  it("does not bring an approval back that the operation withdrew while moving the photo", async () => {
    const approval = {
      service: "flickr",
      visibility: "public" as const,
      approved_by: "Ana",
      approved_at: "2024-02-01T00:00:00Z",
      reason: "shown at the exhibition",
    };
    const approved = { ...photo, approvals: [approval] };
    await library.change([], [approved]);
    await library.change([approved], [dated(photo, "2020-06-01T12:00:00")]);
    await takeBack();
    expect((await present()).map(({ document }) => document.approvals)).toEqual([undefined]);
  });

  it("takes an operation out from under a later move of the same photo", async () => {
    await library.change([], [photo]);
    const spoken = captioned(photo, "wrong");
    const captioning = await library.change([photo], [spoken]);
    const moved = dated(spoken, "2020-06-01T12:00:00");
    await library.change([spoken], [moved]);
    await takeBack(captioning);
    const expected = dated(photo, "2020-06-01T12:00:00");
    expect(await present()).toEqual([
      { path: pathOf(expected), document: expect.objectContaining({ metadata: expected.metadata }) },
    ]);
  });

  it("keeps what happened to a moved photo since", async () => {
    await library.change([], [photo]);
    const moved = dated(photo, "2020-06-01T12:00:00");
    const moving = await library.change([photo], [moved]);
    await library.change([moved], [captioned(moved, "kept")]);
    await takeBack(moving);
    const [only] = await present();
    expect(only?.path).toBe(pathOf(photo));
    expect(only?.document.metadata).toEqual(captioned(photo, "kept").metadata);
  });

  it("refuses to undo the making of a photo that was moved since, and changes nothing", async () => {
    const making = await library.change([], [photo]);
    await library.change([photo], [dated(photo, "2020-06-01T12:00:00")]);
    const head = await library.control.head();
    await expect(takeBack(making)).rejects.toMatchObject({ code: "undo.clash" });
    expect(await library.control.head()).toBe(head);
  });

  it("takes an undo back, and the operation stands again", async () => {
    await library.change([], [photo]);
    await library.change([photo], [captioned(photo, "again")]);
    const { commit } = await takeBack();
    expect((await present())[0]?.document).toEqual(photo);
    await takeBack(commit ?? "");
    expect((await present())[0]?.document.metadata.caption).toBe("again");
    await takeBack();
    expect((await present())[0]?.document).toEqual(photo);
  });

  // Found by the law "of everything, in any order": seed 1948185841.
  it("remembers that a removal is out although the photo had been made again, and so brings it back", async () => {
    await library.change([], [photo]);
    const removal = await library.change([photo], []);
    const again = await library.change([], [photo]);
    const captioning = await library.change([photo], [captioned(photo, "one")]);
    const { commit, counts } = await takeBack(removal);
    expect(commit).not.toBeNull();
    expect(counts).toEqual({ restored: 0, removed: 0, recreated: 0, kept_narrower: 0 });
    await expect(takeBack(removal)).rejects.toMatchObject({ code: "undo.already" });
    await takeBack(again);
    expect((await present())[0]?.document.metadata.caption).toBe("one");
    await takeBack(captioning);
    expect(await present()).toEqual([{ path: pathOf(photo), document: photo }]);
  });

  it("goes on to the operation before one whose undo changed nothing", async () => {
    await library.change([], [photo]);
    const shown = seenBy(photo, "public");
    const showing = await library.change([photo], [shown]);
    const hiding = await library.change([shown], [seenBy(photo, "private")]);
    expect((await takeBack()).undone.revision).toBe(hiding);
    expect((await takeBack()).undone.revision).toBe(showing);
  });

  it("shows what it would do without doing it", async () => {
    await library.change([], [photo]);
    const head = await library.control.head();
    const { commit, counts } = await takeBack(undefined, true);
    expect(commit).toBeNull();
    expect(counts["removed"]).toBe(1);
    expect(await library.control.head()).toBe(head);
  });

  it("leaves a file alone that the owner is editing", async () => {
    await library.change([], [photo]);
    await library.change([photo], [captioned(photo, "x")]);
    writeFileSync(join(library.root, pathOf(photo)), "in the middle of it");
    await expect(takeBack()).rejects.toMatchObject({ code: "undo.uncommitted-edit" });
  });

  it("gives a file of the owner's back, byte by byte, and an invalid document too", async () => {
    const path = `photos/2024/01/${photo.photo_id}.json`;
    await library.commit([put("notes.md", "mine\n")]);
    await library.commit([put("notes.md", "yours\n"), put(path, "{ broken")], "edit by hand\n");
    await takeBack();
    const head = await library.control.head();
    expect(Buffer.from((await library.control.readFile(head, "notes.md")) ?? []).toString()).toBe("mine\n");
    expect(await library.control.readFile(head, path)).toBeNull();
  });

  it.each([
    ["undo.nothing", undefined],
    ["undo.unknown-operation", "ffffffff"],
    ["undo.unknown-operation", "HEAD"],
  ])("refuses with %s what it is given: %s", async (code, operation) => {
    await expect(takeBack(operation)).rejects.toMatchObject({ code });
  });

  it("takes one change of the settings back and leaves the others, and refuses where a later one builds on it", async () => {
    const path = "config/user-preferences.json";
    const read = (): { blob_storage: { stores?: object } } =>
      JSON.parse(readFileSync(join(library.root, path), "utf8"));
    const settings = read();
    const disk = (place: string) => ({ type: "local", path: place });
    const withStores = async (stores: object) =>
      library.commit([
        put(
          path,
          `${JSON.stringify({ ...settings, blob_storage: { ...settings.blob_storage, stores } }, null, 2)}\n`,
        ),
      ]);
    const first = await withStores({ a: disk("/a") });
    const second = await withStores({ a: disk("/a"), b: disk("/b") });
    await takeBack(first);
    expect(read().blob_storage.stores).toEqual({ b: disk("/b") });
    await withStores({ b: disk("/elsewhere") });
    await expect(takeBack(second)).rejects.toMatchObject({ code: "undo.clash" });
    expect(read().blob_storage.stores).toEqual({ b: disk("/elsewhere") });
  });

  it("refuses to undo the library's beginning, and what is undone already", async () => {
    const first = { revision: await library.control.head() };
    await expect(takeBack(first.revision)).rejects.toMatchObject({ code: "undo.first-commit" });
    const operation = await library.change([], [photo]);
    await takeBack(operation.slice(0, 12));
    await expect(takeBack(operation)).rejects.toMatchObject({ code: "undo.already" });
  });
});
