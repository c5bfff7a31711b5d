import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { localStore } from "../../../src/stores/local-store.js";
import { watchedDisk } from "../../fakes/watched-disk.js";
import { call, inFolder, sample } from "./store-folder.js";
import { writeWrong } from "./write-wrong.js";

/**
 * What a disk is sure to hold when it keeps only what was synced: the bytes of a file once its handle was synced after
 * the last write, a name once its folder was synced after the name was given.
 */
function syncingDisk() {
  const synced = new Set<string>();
  const unsyncedBytes = new Set<string>();
  const unsyncedNames = new Set<string>();
  const namesGiven: { readonly to: string; readonly bytesWereSafe: boolean }[] = [];
  const disk = watchedDisk(({ name, path, to }) => {
    if (name === "handle.write") {
      unsyncedBytes.add(path);
      unsyncedNames.add(path);
    }
    if (name === "mkdir") unsyncedNames.add(path);
    if ((name === "link" || name === "rename") && to !== undefined) {
      namesGiven.push({ to, bytesWereSafe: !unsyncedBytes.has(path) });
      unsyncedNames.add(to);
    }
    if (name === "handle.sync") {
      synced.add(path);
      unsyncedBytes.delete(path);
      for (const given of [...unsyncedNames]) if (dirname(given) === path) unsyncedNames.delete(given);
    }
  });
  const isSafe = (path: string) => !unsyncedBytes.has(path) && !unsyncedNames.has(path);
  return { disk, namesGiven, synced, isSafe };
}

describe.runIf(process.platform !== "win32")("a power cut", () => {
  test("after a put finds the blob, its folders and the store's marker whole", () =>
    inFolder(async (folder) => {
      const { disk, namesGiven, isSafe } = syncingDisk();
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root, disk });
      const blob = sample(1);
      await store.put(blob, call);
      const path = join(root, blob.key);
      expect(namesGiven.map(({ to }) => to)).toEqual([join(root, ".photosync-store"), path]);
      for (const needed of [path, dirname(path), dirname(dirname(path)), root, namesGiven[0]?.to ?? ""]) {
        expect([needed, isSafe(needed)]).toEqual([needed, true]);
      }
    }));

  test("at any instant finds no name whose bytes were not safe before", () =>
    inFolder(async (folder) => {
      const { disk, namesGiven } = syncingDisk();
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root, disk });
      for (const seed of [1, 2, 3]) {
        if (seed > 1) await writeWrong(root, sample(seed).key, "wrong");
        await store.put(sample(seed), call);
      }
      expect(namesGiven.length).toBeGreaterThanOrEqual(6);
      expect(namesGiven.filter(({ bytesWereSafe }) => !bytesWereSafe)).toEqual([]);
    }));

  test("after wrong bytes were replaced finds both the right ones and those set aside", () =>
    inFolder(async (folder) => {
      const { disk, isSafe } = syncingDisk();
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root, disk });
      await store.put(sample(1), call);
      await writeWrong(root, sample(1).key, "wrong");
      const outcome = await store.put(sample(1), call);
      const aside = outcome.kind === "replaced" ? outcome.asidePath : "";
      expect([aside, dirname(aside), join(root, sample(1).key)].filter((path) => !isSafe(path))).toEqual([]);
    }));

  test("after a put found the blob there finds it, whoever wrote it a moment before", () =>
    inFolder(async (folder) => {
      const { disk, synced } = syncingDisk();
      const root = join(folder, "blobs");
      await localStore({ name: "usb", root }).put(sample(1), call);
      expect(await localStore({ name: "usb", root, disk }).put(sample(1), call)).toEqual({ kind: "already" });
      const path = join(root, sample(1).key);
      for (const needed of [path, dirname(path), dirname(dirname(path)), root])
        expect(synced).toContain(needed);
    }));

  test("after a put finds folders that were removed and made again", () =>
    inFolder(async (folder) => {
      const { disk, isSafe } = syncingDisk();
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root, disk });
      const month = dirname(join(root, sample(1).key));
      await store.put(sample(1), call);
      await rm(dirname(month), { recursive: true });
      await store.put(sample(1), call);
      expect([isSafe(month), isSafe(dirname(month))]).toEqual([true, true]);
    }));
});
