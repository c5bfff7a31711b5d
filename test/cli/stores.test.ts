import { chmod, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { blobsIn, picture, put, tempFolder } from "./files.js";
import { Library } from "./library.js";
import { git } from "./run-program.js";
import { checkSums } from "./sha256.js";

/** A library with three photos that knows two local stores, and has resolved everything. */
async function twoStores(home: string): Promise<{ library: Library; disk: string; blobs: string }> {
  for (const seed of [1, 2, 3]) await put(join(home, "pictures"), `${seed}.jpg`, await picture(seed));
  const library = await Library.fresh(join(home, "library"));
  const disk = join(home, "disk");
  const path = join(library.path, "config", "user-preferences.json");
  const preferences = JSON.parse(await readFile(path, "utf8"));
  preferences.blob_storage.stores = { disk: { type: "local", path: disk } };
  await writeFile(path, `${JSON.stringify(preferences, null, 2)}\n`);
  git(library.path, "commit", "--all", "--quiet", "--message", "a second disk");
  await library.run("discover", join(home, "pictures"));
  await library.run("resolve");
  return { library, disk, blobs: join(library.path, "blobs") };
}

it("fills every store, copies nothing that is there, and holds what is unplugged without forgetting it", async () => {
  const home = await tempFolder();
  const { library, disk, blobs } = await twoStores(home);
  expect(await library.run("replicate", "--execute", "--to", "local")).toMatchObject({
    exit: 0,
    counts: { planned: 3, done: 3 },
  });
  const [key = ""] = Object.keys(await blobsIn(blobs));
  const first = await stat(join(blobs, key), { bigint: true });

  expect(await library.run("replicate", "--execute")).toMatchObject({
    exit: 0,
    counts: { planned: 3, done: 3 },
  });
  expect(await blobsIn(disk)).toEqual(await blobsIn(blobs));
  expect([checkSums(disk), checkSums(blobs)]).toEqual(["", ""]);
  expect((await library.run("status")).counts).toMatchObject({ replicated: 3 });
  // With the record of the copies taken back, the files themselves are proven again and not written again.
  await library.run("undo");
  await library.run("undo");
  expect(await library.run("replicate", "--execute")).toMatchObject({
    exit: 0,
    counts: { planned: 6, skipped: 6, done: 0, bytes: 0 },
  });
  const after = await stat(join(blobs, key), { bigint: true });
  expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([first.ino, first.mtimeNs, first.ctimeNs]);

  await rename(disk, `${disk}.away`);
  await put(join(home, "pictures"), "4.jpg", await picture(4));
  await library.run("discover");
  await library.run("resolve");
  const held = await library.run("replicate", "--execute");
  expect(held).toMatchObject({ exit: 3, counts: { done: 1 } });
  expect(held.failures.map(({ message }) => message).join()).toContain("disk");
  expect(await library.run("verify")).toMatchObject({ exit: 3, counts: { checked: 4, ok: 4, missing: 0 } });
  const status = await library.run("status");
  expect(status.stores).toMatchObject([
    { name: "disk", replicas: 3, missing: 1, note: expect.any(String) },
    { name: "local", replicas: 4, missing: 0 },
  ]);
  await rename(`${disk}.away`, disk);
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 1 } });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 8, ok: 8 } });
});

it("finds a flipped byte, a missing file and a wrong size, and refills each from another store or the source", async () => {
  const home = await tempFolder();
  const { library, disk, blobs } = await twoStores(home);
  const [key = "", lost = "", longer = ""] = keysOf(library);
  await put(blobs, key, "somebody put other bytes here");
  const first = await library.run("replicate", "--execute");
  expect(first).toMatchObject({ exit: 0, counts: { planned: 6, done: 6 } });
  expect(first.notes.join()).toMatch(/local.*\.set-aside/);
  const setAside = (
    await readdir(join(blobs, ".set-aside"), { recursive: true, withFileTypes: true })
  ).filter((entry) => entry.isFile());
  expect(setAside).toHaveLength(1);
  const good = await blobsIn(disk);
  expect(await blobsIn(blobs)).toEqual(good);

  await flipByte(join(blobs, key));
  expect(await library.run("verify")).toMatchObject({ exit: 0, counts: { checked: 6, corrupt: 0 } });
  const found = await library.run("verify", "--deep", "--store", "local");
  expect(found).toMatchObject({ exit: 14, counts: { checked: 3, ok: 2, corrupt: 1 } });
  expect(found.failures).toMatchObject([{ message: expect.stringContaining(key) }]);
  expect(await library.run("replicate", "--dry-run")).toMatchObject({ counts: { planned: 1 } });
  expect(await library.run("replicate", "--execute")).toMatchObject({ counts: { planned: 1, done: 1 } });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 6, ok: 6 } });

  // Both disks damaged in different ways: the pictures themselves are still there.
  for (const store of [disk, blobs]) {
    await flipByte(join(store, key));
    await rm(join(store, lost));
    await chmod(join(store, longer), 0o600);
    await writeFile(join(store, longer), "longer", { flag: "a" });
  }
  expect(await library.run("verify", "--deep")).toMatchObject({
    exit: 14,
    counts: { checked: 6, ok: 0, missing: 2, corrupt: 4 },
  });
  expect(await library.run("replicate", "--execute")).toMatchObject({ counts: { planned: 6, done: 6 } });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 6, ok: 6 } });
  expect([await blobsIn(disk), await blobsIn(blobs)]).toEqual([good, good]);
  expect([checkSums(disk), checkSums(blobs)]).toEqual(["", ""]);
});

const keysOf = (library: Library): readonly string[] =>
  [...library.documents().values()].map(({ blob_key }) => blob_key);

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}
