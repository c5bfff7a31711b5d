import { linkSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import { sha256Of } from "../../../../src/infra/hash.js";
import { type Disk, realDisk } from "../../../../src/stores/disk.js";
import { fileTree } from "../../../../src/stores/file-tree.js";
import { faultyStore } from "../../../fakes/faulty-store.js";
import { quietRun } from "../../../fakes/replicate-world.js";
import { emptyFolder, filesIn, photoOf, restoreInto, storeOf } from "./restore-world.js";

const DAY = "2024/2024-01-15";
const one = photoOf("one", { filename: "one.jpg", edited: "one, edited" });
const two = photoOf("two", { filename: "two.jpg", taken: "2024-01-15T10:30:00+02:00" });
const photos = [one, two];
const a = () =>
  storeOf("a", [
    [one, "one"],
    [one, "one, edited"],
    [two, "two"],
  ]);
const all = {
  [`${DAY}/one.jpg`]: "one",
  [`${DAY}/one-edited.jpg`]: "one, edited",
  [`${DAY}/two.jpg`]: "two",
};

const storeError = (code: string): PhotosyncError =>
  new PhotosyncError({ kind: "transient", code, message: "no.", next: ["Wait."] });

describe("a restore", () => {
  it("writes what its dry run showed, with the time of capture, and finds all of it there again", async () => {
    const root = emptyFolder();
    const wish = { photos, stores: [a()], root };
    const shown = await restoreInto(wish, { dryRun: true });
    expect(() => statSync(root)).toThrow();
    const done = await restoreInto(wish);
    expect(done.steps).toEqual(shown.steps);
    expect(done.codes).toEqual([]);
    expect(filesIn(root)).toEqual(all);
    expect(statSync(join(root, DAY, "two.jpg")).mtime.toISOString()).toBe("2024-01-15T08:30:00.000Z");
    const again = await restoreInto(wish);
    expect([again.steps, again.codes]).toEqual([[], []]);
  });

  it("takes the bytes from the next store where one holds wrong ones, or none, and tells which", async () => {
    const everywhere = photos.map((photo) =>
      photoOf(photo === one ? "one" : "two", {
        ...photo.metadata,
        taken: photo.metadata.taken_date,
        stores: ["a", "b"],
      }),
    );
    const [first, second] = everywhere as [typeof one, typeof two];
    const bad = storeOf("a", [[first, "ONE"]]);
    bad.blobs.set(first.blob_key, Buffer.from("0ne"));
    const good = storeOf("b", [
      [first, "one"],
      [second, "two"],
    ]);
    const root = emptyFolder();
    const { codes, suspects, results } = await restoreInto({ photos: everywhere, stores: [bad, good], root });
    expect(codes.toSorted()).toEqual(["replica.corrupt", "replica.missing"]);
    expect(suspects).toContain(`a ${first.blob_key}`);
    expect(results.map(({ kind }) => kind)).toEqual(["done", "done"]);
    expect(filesIn(root)).toEqual({ [`${DAY}/one.jpg`]: "one", [`${DAY}/two.jpg`]: "two" });
  });

  it.each(["one", "longer than it should be"])(
    "with wrong bytes alone (%s) leaves nothing, and restores the rest",
    async (wrong) => {
      const store = a();
      store.blobs.set(one.blob_key, Buffer.from(wrong.toUpperCase()));
      const root = emptyFolder();
      const { codes } = await restoreInto({ photos, stores: [store], root, layout: { sidecars: true } });
      expect(codes).toEqual(["replica.corrupt"]);
      expect(Object.keys(filesIn(root)).sort()).toEqual(
        [`${DAY}/one-edited.jpg`, `${DAY}/two.jpg`, `${DAY}/two.jpg.xmp`].sort(),
      );
    },
  );

  it("tells of each photo that is archived, and goes on", async () => {
    const frozen = faultyStore(a(), (method, key) =>
      method === "get" && key === one.blob_key
        ? { kind: "throw", error: storeError("store.archived") }
        : undefined,
    );
    const root = emptyFolder();
    const { codes, failures } = await restoreInto({ photos, stores: [frozen], root });
    expect(codes).toEqual(["store.archived"]);
    expect(failures[0]).toMatchObject({ subject: one.photo_id, hint: "Wait." });
    expect(Object.keys(filesIn(root))).toEqual([`${DAY}/one-edited.jpg`, `${DAY}/two.jpg`]);
  });

  it("asks a store that went away no more, tells it once, and takes from another what that one has", async () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      photoOf(`photo ${n}`, { filename: `${n}.jpg`, stores: n === 0 ? ["a", "b"] : ["a"] }),
    );
    let asked = 0;
    const dead = faultyStore(storeOf("a", []), (method) => {
      if (method === "get") asked++;
      return method === "get" ? { kind: "throw", error: storeError("store.unavailable") } : undefined;
    });
    const [first] = many;
    if (first === undefined) expect.unreachable();
    const root = emptyFolder();
    const { failures, results } = await restoreInto({
      photos: many,
      stores: [dead, storeOf("b", [[first, "photo 0"]])],
      root,
    });
    expect(asked).toBeLessThanOrEqual(8);
    expect(failures).toMatchObject([
      { subject: "store a", code: "store.unavailable", message: expect.stringContaining("29") },
    ]);
    expect(results.filter(({ kind }) => kind === "done")).toHaveLength(1);
  });

  it("says of what no store holds that it does not", async () => {
    const lost = photoOf("lost", { stores: [] });
    const elsewhere = photoOf("elsewhere", { stores: ["c"], filename: "c.jpg" });
    const { codes, steps } = await restoreInto({
      photos: [lost, elsewhere],
      stores: [a()],
      root: emptyFolder(),
    });
    expect(codes.toSorted()).toEqual(["restore.no-replica", "restore.not-in-store"]);
    expect(steps).toEqual([]);
  });
});

describe("what stands in the folder", () => {
  it("is never replaced by other bytes, unless told", async () => {
    const root = emptyFolder();
    mkdirSync(join(root, DAY), { recursive: true });
    writeFileSync(join(root, DAY, "one.jpg"), "mine");
    const wish = { photos, stores: [a()], root, layout: { sidecars: true } };
    const kept = await restoreInto(wish);
    expect(kept.codes).toEqual(["restore.in-the-way"]);
    expect(filesIn(root)).toMatchObject({ ...all, [`${DAY}/one.jpg`]: "mine" });
    expect(filesIn(root)).not.toHaveProperty([`${DAY}/one.jpg.xmp`]);
    const replaced = await restoreInto({ ...wish, overwrite: true });
    expect(replaced.steps.map(({ action }) => action)).toEqual(["replace-file", "write-sidecar"]);
    expect(filesIn(root)).toMatchObject(all);
  });

  it("keeps a sidecar that says something else, unless told", async () => {
    const root = emptyFolder();
    const wish = { photos: [two], stores: [a()], root, layout: { sidecars: true } };
    await restoreInto(wish);
    const path = join(root, DAY, "two.jpg.xmp");
    writeFileSync(path, "mine");
    expect((await restoreInto(wish)).codes).toEqual(["restore.sidecar-differs"]);
    expect(filesIn(root)[`${DAY}/two.jpg.xmp`]).toBe("mine");
    expect((await restoreInto({ ...wish, overwrite: true })).codes).toEqual([]);
    expect(filesIn(root)[`${DAY}/two.jpg.xmp`]).toContain("<x:xmpmeta");
  });

  it("leads nowhere else: links in the tree are not followed, nor replaced", async () => {
    const root = emptyFolder();
    const outside = join(root, "..", "outside");
    mkdirSync(outside);
    mkdirSync(join(root, "2024"), { recursive: true });
    symlinkSync(outside, join(root, DAY));
    for (const overwrite of [false, true]) {
      const { codes } = await restoreInto({
        photos: [two],
        stores: [a()],
        root,
        overwrite,
        layout: { sidecars: true },
      });
      expect(codes).toEqual(["restore.in-the-way"]);
    }
    expect(filesIn(outside)).toEqual({});
    const linked = emptyFolder();
    mkdirSync(join(linked, DAY), { recursive: true });
    writeFileSync(join(outside, "victim"), "mine");
    symlinkSync(join(outside, "victim"), join(linked, DAY, "two.jpg"));
    const { codes } = await restoreInto({ photos: [two], stores: [a()], root: linked, overwrite: true });
    expect(codes).toEqual(["restore.in-the-way"]);
    expect(filesIn(outside)).toEqual({ victim: "mine" });
  });

  it("leads nowhere else either when a link takes a folder's place while it is being filled", async () => {
    const root = emptyFolder();
    const outside = join(root, "..", "outside");
    mkdirSync(outside);
    const tree = fileTree(root);
    const write = (name: string) => {
      const bytes = Buffer.from(name);
      const file = { path: `${DAY}/${name}`, hash: sha256Of(bytes), sizeBytes: bytes.length };
      return tree.write({ ...file, modifiedMs: null, replaces: false }, Readable.from([bytes]), quietRun());
    };
    expect(await write("one")).toEqual({ kind: "written" });
    renameSync(join(root, "2024"), join(root, "moved"));
    symlinkSync(outside, join(root, "2024"));
    mkdirSync(join(root, DAY));
    await expect(write("two")).rejects.toMatchObject({ code: "restore.in-the-way" });
    await expect(tree.link(`${DAY}/one`, { path: `${DAY}/again`, replaces: false })).rejects.toMatchObject({
      code: "restore.in-the-way",
    });
    expect(filesIn(outside)).toEqual({});
  });

  it("keeps its name when a photo comes that would have it, whatever is selected", async () => {
    const same = ["a1", "b2", "c3", "d4"].map((content) => photoOf(content, { filename: "IMG.jpg" }));
    const store = storeOf(
      "a",
      same.map((photo, n) => [photo, ["a1", "b2", "c3", "d4"][n] ?? ""] as const),
    );
    const root = emptyFolder();
    const [late, ...early] = same.toSorted((x, y) => (x.photo_id < y.photo_id ? -1 : 1));
    await restoreInto({ photos: early, stores: [store], root });
    const before = filesIn(root);
    expect(Object.keys(before)).toHaveLength(3);
    await restoreInto({ photos: same, stores: [store], root });
    expect(filesIn(root)).toMatchObject(before);
    expect(Object.keys(filesIn(root))).toHaveLength(4);
    const alone = emptyFolder();
    await restoreInto({
      photos: same,
      stores: [store],
      root: alone,
      only: ({ photo_id }) => photo_id !== late?.photo_id,
    });
    for (const name of Object.keys(filesIn(alone))) expect(name).toMatch(/IMG-[0-9a-f]{8}\.jpg$/);
  });

  it("that a killed run left half-written is cleared away", async () => {
    const root = emptyFolder();
    mkdirSync(join(root, DAY), { recursive: true });
    const { tempName } = await import("../../../../src/stores/temp-name.js");
    const ofTheDead = tempName().replace(`-${process.pid}-`, "-999999-");
    writeFileSync(join(root, DAY, ofTheDead), "hal");
    await restoreInto({ photos, stores: [a()], root });
    expect(filesIn(root)).toEqual(all);
    // Killed when all was written but the last temporary name gone, the next run has nothing to write there.
    writeFileSync(join(root, DAY, ofTheDead), "whole");
    await restoreInto({ photos, stores: [a()], root });
    expect(filesIn(root)).toEqual(all);
  });
});

describe("a tree by album", () => {
  const both = photoOf("both", { filename: "both.jpg", albums: ["Venice", "../../Evil: 1"] });
  const none = photoOf("none", { filename: "none.jpg", taken: null });
  const store = () =>
    storeOf("a", [
      [both, "both"],
      [none, "none"],
    ]);

  it("has a photo in each of its albums, as one file where links are known, and none outside", async () => {
    const root = emptyFolder();
    const wish = { photos: [both, none], stores: [store()], root, layout: { by: "album" as const } };
    await restoreInto(wish);
    expect(Object.keys(filesIn(root))).toEqual([
      "No album/undated/none.jpg",
      "Venice/both.jpg",
      "___.._Evil_ 1/both.jpg",
    ]);
    expect(statSync(join(root, "Venice", "both.jpg")).nlink).toBe(2);
    expect((await restoreInto(wish)).steps).toEqual([]);
    const venice = emptyFolder();
    await restoreInto({
      ...wish,
      root: venice,
      only: (photo) => photo === both,
      layout: { by: "album", wantsAlbum: (title) => title === "Venice" },
    });
    expect(Object.keys(filesIn(venice))).toEqual(["Venice/both.jpg"]);
  });

  it("has copies where the file system knows no links", async () => {
    const noLinks: Disk = {
      ...realDisk,
      link: async () => {
        throw Object.assign(new Error("EPERM"), { code: "EPERM", syscall: "link" });
      },
    };
    const root = emptyFolder();
    await restoreInto({ photos: [both], stores: [store()], root, layout: { by: "album" }, disk: noLinks });
    expect(Object.values(filesIn(root))).toEqual(["both", "both"]);
    expect(statSync(join(root, "Venice", "both.jpg")).nlink).toBe(1);
  });
});

describe("a disk", () => {
  it("that is full ends the run with one failure, and nothing half-written", async () => {
    const many = Array.from({ length: 20 }, (_, n) => photoOf(`photo ${n}`, { filename: `${n}.jpg` }));
    let opened = 0;
    const full: Disk = {
      ...realDisk,
      async open(path, flags, mode) {
        if (flags === "wx+" && ++opened > 5)
          throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "open" });
        return realDisk.open(path, flags, mode);
      },
    };
    const root = emptyFolder();
    const contents = many.map((photo, n) => [photo, `photo ${n}`] as const);
    const { codes, results } = await restoreInto({
      photos: many,
      stores: [storeOf("a", contents)],
      root,
      disk: full,
    });
    expect(codes).toEqual(["restore.no-space"]);
    expect(results).toHaveLength(20);
    expect(Object.keys(filesIn(root))).toHaveLength(5);
    expect(Object.keys(filesIn(root)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("is asked for links without replacing: a file that came meanwhile is left alone", async () => {
    const root = emptyFolder();
    mkdirSync(join(root, DAY), { recursive: true });
    writeFileSync(join(root, "theirs"), "theirs");
    const racing: Disk = {
      ...realDisk,
      async link(from, to) {
        if (String(to).endsWith("two.jpg")) linkSync(join(root, "theirs"), String(to));
        return realDisk.link(from, to);
      },
    };
    const { codes } = await restoreInto({ photos: [two], stores: [a()], root, disk: racing });
    expect(codes).toEqual(["restore.in-the-way"]);
    expect(filesIn(root)[`${DAY}/two.jpg`]).toBe("theirs");
  });
});

it("an interruption ends the run and leaves only whole files", async () => {
  const abort = new AbortController();
  const root = emptyFolder();
  const many = Array.from({ length: 40 }, (_, n) => photoOf(`photo ${n}`, { filename: `${n}.jpg` }));
  const store = storeOf(
    "a",
    many.map((photo, n) => [photo, `photo ${n}`] as const),
  );
  let reads = 0;
  const watched = faultyStore(store, (method) => {
    if (method === "get" && ++reads === 12) abort.abort();
    return undefined;
  });
  await expect(
    restoreInto({ photos: many, stores: [watched], root, run: quietRun(abort.signal) }),
  ).rejects.toMatchObject({
    code: "cancelled",
  });
  const left = filesIn(root);
  for (const [name, text] of Object.entries(left))
    expect(`photo ${/(\d+)\.jpg$/.exec(name)?.[1]}`).toBe(text);
  const { codes } = await restoreInto({ photos: many, stores: [store], root });
  expect(codes).toEqual([]);
  expect(Object.keys(filesIn(root))).toHaveLength(40);
});
