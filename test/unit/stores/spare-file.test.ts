import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BlobSource } from "../../../src/ports/blob-store.js";
import type { Disk } from "../../../src/stores/disk.js";
import { localStore } from "../../../src/stores/local-store.js";
import { blobOf, sampleBytes } from "../../contract/blob-store-samples.js";
import { errnoError, watchedDisk } from "../../fakes/watched-disk.js";
import { call, inFolder, listed } from "./store-folder.js";

const bytes = sampleBytes(20_000, 3);

/** A blob with a spare file in `folder`; counts how often its bytes were asked for. */
async function withSpare(folder: string, given: Uint8Array = bytes) {
  const spareFile = join(folder, "spare");
  await writeFile(spareFile, given);
  const opened = { times: 0 };
  const blob: BlobSource = {
    ...blobOf(bytes),
    spareFile,
    open() {
      opened.times++;
      return blobOf(bytes).open();
    },
  };
  return { blob, spareFile, opened };
}
const storeIn = (folder: string, disk?: Disk) =>
  localStore({ name: "usb", root: join(folder, "blobs"), ...(disk === undefined ? {} : { disk }) });

describe("a local store and a spare file on its disk", () => {
  test("takes it as it is: not a byte is copied", () =>
    inFolder(async (folder) => {
      const { blob, spareFile, opened } = await withSpare(folder);
      const { ino } = await stat(spareFile);
      expect(await storeIn(folder).put(blob, call)).toEqual({ kind: "stored" });
      const kept = await stat(join(folder, "blobs", blob.key));
      expect([kept.ino, kept.nlink, opened.times, existsSync(spareFile)]).toEqual([ino, 1, 0, false]);
      if (process.platform !== "win32") expect(kept.mode & 0o777).toBe(0o444);
    }));

  test("makes its bytes and its name durable before it lets go of the old name", () =>
    inFolder(async (folder) => {
      const { blob, spareFile } = await withSpare(folder);
      const store = storeIn(folder);
      await store.put(blobOf(sampleBytes(9, 9)), call);
      const steps: string[] = [];
      const path = join(folder, "blobs", blob.key);
      const watched = watchedDisk(({ name, path: at }) => {
        if (at === spareFile || at === join(path, "..")) steps.push(name);
      });
      await storeIn(folder, watched).put(blob, call);
      const order = ["handle.sync", "link", "handle.sync", "unlink"];
      expect(steps.filter((name) => order.includes(name)).slice(-4)).toEqual(order);
    }));

  test.each(["open", "handle.sync", "handle.read", "link", "unlink"])(
    "with trouble at %s the blob is stored or the spare file is still there",
    (failing) =>
      inFolder(async (folder) => {
        const { blob, spareFile } = await withSpare(folder);
        const disk = watchedDisk(({ name, path }) => {
          if (path === spareFile && name === failing) throw errnoError("EIO");
        });
        const outcome = await storeIn(folder, disk)
          .put(blob, call)
          .catch(() => null);
        const isStored = existsSync(join(folder, "blobs", blob.key));
        expect(isStored || existsSync(spareFile)).toBe(true);
        if (outcome !== null)
          expect(await readFile(join(folder, "blobs", blob.key))).toEqual(Buffer.from(bytes));
      }),
  );

  test("on what turns out to be another disk it is copied", () =>
    inFolder(async (folder) => {
      const { blob, spareFile, opened } = await withSpare(folder);
      const disk = watchedDisk(({ name, path }) => {
        if (path === spareFile && (name === "link" || name === "rename")) throw errnoError("EXDEV");
      });
      expect(await storeIn(folder, disk).put(blob, call)).toEqual({ kind: "stored" });
      expect([opened.times, existsSync(spareFile)]).toEqual([1, true]);
    }));

  test("with wrong bytes leaves it alone and reads the source", () =>
    inFolder(async (folder) => {
      const { blob, opened } = await withSpare(folder, bytes.with(0, (bytes[0] ?? 0) ^ 1));
      expect(await storeIn(folder).put(blob, call)).toEqual({ kind: "stored" });
      expect(opened.times).toBe(1);
      expect(await readFile(join(folder, "blobs", blob.key))).toEqual(Buffer.from(bytes));
    }));

  test("that somebody else has a name for as well is copied, not shared", () =>
    inFolder(async (folder) => {
      const { blob, spareFile } = await withSpare(folder);
      await link(spareFile, join(folder, "mine"));
      await storeIn(folder).put(blob, call);
      expect((await stat(join(folder, "mine"))).mode & 0o200).toBe(0o200);
      expect((await stat(join(folder, "blobs", blob.key))).nlink).toBe(1);
    }));

  test("that is a link or a folder is never followed", () =>
    inFolder(async (folder) => {
      const { blob, spareFile } = await withSpare(folder);
      await rename(spareFile, join(folder, "real"));
      await symlink(join(folder, "real"), spareFile);
      expect(await storeIn(folder).put(blob, call)).toEqual({ kind: "stored" });
      expect(existsSync(join(folder, "real"))).toBe(true);
      const second = blobOf(sampleBytes(50, 8));
      await mkdir(join(folder, "folder"));
      await storeIn(folder).put({ ...second, spareFile: join(folder, "folder") }, call);
      expect((await listed(storeIn(folder))).length).toBe(2);
    }));

  test("given to ten puts at once becomes one blob", () =>
    inFolder(async (folder) => {
      const { blob, spareFile } = await withSpare(folder);
      const store = storeIn(folder);
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.put(blob, call)));
      expect(outcomes.filter(({ kind }) => kind === "stored")).toHaveLength(1);
      expect(await readFile(join(folder, "blobs", blob.key))).toEqual(Buffer.from(bytes));
      expect(existsSync(spareFile)).toBe(false);
    }));
});
