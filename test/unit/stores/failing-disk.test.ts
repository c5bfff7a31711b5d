import { writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import { isBlobKey } from "../../../src/domain/ids.js";
import { sha256Of } from "../../../src/infra/hash.js";
import { type Disk, realDisk } from "../../../src/stores/disk.js";
import { localStore } from "../../../src/stores/local-store.js";
import { errnoError, type Operation, watchedDisk } from "../../fakes/watched-disk.js";
import { call, inFolder, listed, sample } from "./store-folder.js";
import { writeWrong } from "./write-wrong.js";

const CODES = [
  "store.no-space",
  "store.read-only",
  "store.unavailable",
  "file.io-error",
  "file.too-many-open",
  "blob.not-found",
];
const RIGHT = [sample(1).hash, sample(2).hash];

async function* onlyFirst() {
  yield sample(1);
}

/** Everything a store does, from never used to wrong bytes set aside. `onPlanted` is told when those are in place. */
async function everything(root: string, disk: Disk, wrong: string, onPlanted = () => {}): Promise<void> {
  const store = localStore({ name: "usb", root, disk });
  await store.put(sample(1), call);
  await store.put(sample(1), call);
  await writeWrong(root, sample(2).key, wrong);
  onPlanted();
  await store.put(sample(2), call);
  await store.writeChecksumList(onlyFirst(), call);
  for await (const _ of store.get(sample(1).key, call));
  await store.stat([sample(1).key], call);
  await listed(store);
  await store.sweep(call);
}

const namesUnder = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true })).map((name) => name.replaceAll("\\", "/"));

/** The texts of all files under `root` that start with "wrong". */
async function wrongTexts(root: string): Promise<string[]> {
  const names = await namesUnder(root);
  const texts = await Promise.all(names.map((name) => readFile(join(root, name), "utf8").catch(() => "")));
  return texts.filter((text) => text.startsWith("wrong"));
}

/** A disk whose `nth` operation fails, and whether it came to that. `spared` ones are neither counted nor failed. */
function failingDisk(nth: number, errno: string, isSpared: (operation: Operation) => boolean = () => false) {
  const state = { wasHit: false };
  let count = 0;
  const disk = watchedDisk((operation) => {
    if (isSpared(operation) || ++count !== nth) return;
    state.wasHit = true;
    throw errnoError(errno);
  });
  return { disk, state };
}

describe("a local store whose every file operation fails in turn", () => {
  // Each operation with two kinds of trouble.
  test.each([
    ["EIO", 1, 1],
    ["ENOSPC", 1, 3],
    ["EMFILE", 2, 3],
    ["EROFS", 3, 3],
  ])(
    "with %s says so, keeps no wrong bytes, loses none, and goes on afterwards",
    async (errno, first, step) => {
      let failures = 0;
      for (let nth = first, isOver = false; !isOver; nth += step) {
        await inFolder(async (folder) => {
          const root = join(folder, "blobs");
          const { disk, state } = failingDisk(nth, errno);
          let wasPlanted = false;
          const onPlanted = () => {
            wasPlanted = true;
          };
          const error: unknown = await everything(root, disk, "wrong one", onPlanted).catch(
            (thrown) => thrown,
          );
          if (error !== undefined) {
            failures++;
            expect(error).toBeInstanceOf(PhotosyncError);
            expect(CODES).toContain(error instanceof PhotosyncError ? error.code : "");
          }
          expect([nth, (await wrongTexts(folder)).includes("wrong one")]).toEqual([nth, wasPlanted]);
          await everything(root, realDisk, "wrong two");
          for (const key of (await namesUnder(root)).filter(isBlobKey)) {
            expect(RIGHT).toContain(sha256Of(await readFile(join(root, key))));
          }
          expect(await wrongTexts(join(root, ".set-aside"))).toContain("wrong two");
          isOver = !state.wasHit;
        });
      }
      expect(failures * step).toBeGreaterThan(40);
    },
    60_000,
  );

  test("leaves no temporary file behind, whichever operation of a put fails", async () => {
    for (let nth = 1, isOver = false; !isOver; nth++) {
      await inFolder(async (folder) => {
        const { disk, state } = failingDisk(nth, "EIO", ({ name }) => name === "unlink");
        const store = localStore({ name: "usb", root: join(folder, "blobs"), disk });
        await store.put(sample(1), call).catch(() => {});
        const names = await namesUnder(folder);
        expect(names.filter((name) => name.endsWith(".photosync-tmp"))).toEqual([]);
        isOver = !state.wasHit;
      });
    }
  }, 60_000);

  test("refuses a disk that gives back other bytes than were written", () =>
    inFolder(async (folder) => {
      const root = join(folder, "blobs");
      await localStore({ name: "usb", root }).put(sample(1), call);
      let temp = "";
      const disk = watchedDisk(({ name, path }) => {
        if (name === "handle.write") temp = path;
        if (name === "handle.read" && path === temp) writeFileSync(path, "rot");
      });
      const store = localStore({ name: "usb", root, disk });
      const expected = { kind: "integrity", code: "store.unreliable" };
      await expect(store.put(sample(2), call)).rejects.toMatchObject(expected);
      expect(await namesUnder(root)).not.toContain(sample(2).key);
      expect(await listed(store)).toEqual([sample(1).key]);
    }));
});
