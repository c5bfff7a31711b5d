import { renameSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { localStore } from "../../../src/stores/local-store.js";
import { errnoError, type Operation, watchedDisk } from "../../fakes/watched-disk.js";
import { call, inFolder, listed, sample } from "./store-folder.js";

const unavailable = { kind: "transient", code: "store.unavailable" };
const open = (folder: string, name = "usb") => localStore({ name, root: join(folder, "blobs") });

describe("a local store that may be unplugged", () => {
  test("is gone when the folder above its root is not there, and nothing is made", () =>
    inFolder(async (folder) => {
      const store = localStore({ name: "usb", root: join(folder, "disk", "blobs") });
      expect(await store.availability(call)).toBe("gone");
      await expect(store.put(sample(1), call)).rejects.toMatchObject(unavailable);
      await expect(listed(store)).rejects.toMatchObject(unavailable);
      expect(await readdir(folder)).toEqual([]);
    }));

  test("is gone, not new, when it empties under a running command", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      await store.put(sample(1), call);
      await rename(join(folder, "blobs"), join(folder, "unplugged"));
      await mkdir(join(folder, "blobs"));
      expect(await store.availability(call)).toBe("gone");
      await expect(store.put(sample(2), call)).rejects.toMatchObject(unavailable);
      await expect(store.stat([sample(1).key], call)).rejects.toMatchObject(unavailable);
      expect(await readdir(join(folder, "blobs"))).toEqual([]);
    }));

  test("never ends a listing early when it goes away meanwhile", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      for (const [seed, month] of ["2023-01", "2023-02", "2024-01"].entries()) {
        await store.put(sample(seed, month), call);
      }
      const listing = store.list(call)[Symbol.asyncIterator]();
      expect((await listing.next()).done).toBe(false);
      await rename(join(folder, "blobs"), join(folder, "unplugged"));
      await expect(listing.next()).rejects.toMatchObject(unavailable);
    }));

  test("never ends a listing as whole when it went away with the last folder", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      await store.put(sample(1), call);
      const listing = store.list(call)[Symbol.asyncIterator]();
      expect((await listing.next()).done).toBe(false);
      await rename(join(folder, "blobs"), join(folder, "unplugged"));
      await expect(listing.next()).rejects.toMatchObject(unavailable);
    }));

  test("never tells blobs absent because it went away meanwhile", () =>
    inFolder(async (folder) => {
      const root = join(folder, "blobs");
      const path = join(root, sample(1).key);
      const disk = watchedDisk((operation) => {
        if (operation.name === "lstat" && operation.path === path)
          renameSync(root, join(folder, "unplugged"));
      });
      await open(folder).put(sample(1), call);
      const store = localStore({ name: "usb", root, disk });
      await expect(store.stat([sample(1).key], call)).rejects.toMatchObject(unavailable);
    }));

  test("is gone when another store's disk is in its place", () =>
    inFolder(async (folder) => {
      await open(folder, "other").put(sample(1), call);
      const store = open(folder);
      expect(await store.availability(call)).toBe("gone");
      await expect(store.put(sample(2), call)).rejects.toMatchObject(unavailable);
    }));

  test.each(["", "{", "[]", "null", '{"format":2,"store":"usb"}', '{"format":1,"store":7}'])(
    "is gone when its marker is %j",
    (text) =>
      inFolder(async (folder) => {
        const store = open(folder);
        await store.put(sample(1), call);
        await writeFile(join(folder, "blobs", ".photosync-store"), text);
        expect(await store.availability(call)).toBe("gone");
      }),
  );

  test("is gone when a file lies where its root should be", () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, "blobs"), "");
      expect(await open(folder).availability(call)).toBe("gone");
    }));

  test("is ready after a plain copy that left the marker out, and gets it back", () =>
    inFolder(async (folder) => {
      await open(folder).put(sample(1), call);
      const marker = join(folder, "blobs", ".photosync-store");
      const text = await readFile(marker, "utf8");
      await rm(marker);
      const store = open(folder);
      expect(await store.availability(call)).toBe("ready");
      expect(await listed(store)).toEqual([sample(1).key]);
      expect(await store.put(sample(1), call)).toEqual({ kind: "already" });
      expect(await readFile(marker, "utf8")).toBe(text);
    }));
});

describe("the files of a local store", () => {
  test.runIf(process.platform !== "win32")("are read-only, each under its key", () =>
    inFolder(async (folder) => {
      await open(folder).put(sample(1), call);
      const stats = await stat(join(folder, "blobs", sample(1).key));
      expect(stats.mode & 0o777).toBe(0o444);
      expect(stats.nlink).toBe(1);
    }),
  );

  test("leave foreign files alone and out of the list", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      const blob = sample(1);
      await store.put(blob, call);
      const month = dirname(join(folder, "blobs", blob.key));
      const foreign = [
        join(folder, "blobs", "notes.txt"),
        join(folder, "blobs", "2023"),
        join(month, ".DS_Store"),
        join(month, "IMG_1.jpg"),
        join(month, `${blob.key.slice(8)}.bak.jpg`),
        join(month, ".0123abcd-1-1-0123456789ab.photosync-tmp"),
      ];
      for (const path of foreign) await writeFile(path, "mine");
      await mkdir(join(folder, "blobs", sample(2).key), { recursive: true });
      await symlink(join(folder, "blobs", blob.key), join(folder, "blobs", sample(3).key));
      await writeFile(join(folder, "blobs", blob.key.replace("2024/01", "2024")), "mine");
      expect(await listed(store)).toEqual([blob.key]);
      expect((await store.stat([sample(2).key, sample(3).key], call)).size).toBe(0);
      for (const path of foreign) expect(await readFile(path, "utf8")).toBe("mine");
    }));

  test.each(["link", "folder"])("a %s in the way of a blob is set aside", (kind) =>
    inFolder(async (folder) => {
      const store = open(folder);
      await store.put(sample(1), call);
      const path = join(folder, "blobs", sample(2).key);
      if (kind === "link") await symlink(join(folder, "nowhere"), path);
      else await mkdir(join(path, "inside"), { recursive: true });
      expect((await store.put(sample(2), call)).kind).toBe("replaced");
      expect(await listed(store)).toEqual([sample(1).key, sample(2).key].sort());
      expect(await readdir(join(folder, "blobs", ".set-aside"))).toHaveLength(1);
    }),
  );

  test("an equal checksum list is not written again", () =>
    inFolder(async (folder) => {
      const store = open(folder);
      await store.put(sample(1), call);
      const entries = async function* () {
        yield sample(1);
      };
      await store.writeChecksumList(entries(), call);
      const before = await stat(join(folder, "blobs", "SHA256SUMS"), { bigint: true });
      await store.writeChecksumList(entries(), call);
      const after = await stat(join(folder, "blobs", "SHA256SUMS"), { bigint: true });
      expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
    }));

  test("a resumed listing does not open earlier months", () =>
    inFolder(async (folder) => {
      const opened: string[] = [];
      const disk = watchedDisk(({ name, path }) => {
        if (name === "readdir") opened.push(path);
      });
      const store = localStore({ name: "usb", root: join(folder, "blobs"), disk });
      const blobs = ["2022-05", "2023-01", "2023-02", "undated"].map((month, seed) => sample(seed, month));
      for (const blob of blobs) await store.put(blob, call);
      opened.length = 0;
      expect(await listed(store, blobs[2]?.key)).toEqual([blobs[3]?.key]);
      const root = join(folder, "blobs");
      expect(opened).toEqual([root, join(root, "2023"), join(root, "2023", "02"), join(root, "undated")]);
    }));
});

describe("a local store on a file system without hard links", () => {
  const withoutLinks = ({ name }: Operation) => {
    if (name === "link") throw errnoError("EPERM");
  };

  test("stores, finds and sets aside all the same", () =>
    inFolder(async (folder) => {
      const root = join(folder, "blobs");
      const store = localStore({ name: "usb", root, disk: watchedDisk(withoutLinks) });
      const blob = sample(1);
      expect(await store.put(blob, call)).toEqual({ kind: "stored" });
      expect(await store.put(blob, call)).toEqual({ kind: "already" });
      for (const text of ["first", "second"]) {
        await rm(join(root, blob.key));
        await writeFile(join(root, blob.key), text);
        const outcome = await store.put(blob, call);
        expect(await readFile(outcome.kind === "replaced" ? outcome.asidePath : "", "utf8")).toBe(text);
      }
      await Promise.all(Array.from({ length: 10 }, () => store.put(sample(2), call)));
      expect(await listed(store)).toEqual([blob.key, sample(2).key].sort());
    }));
});
