import { readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeZip } from "../fixtures/archive/zip-writer.js";
import { sidecarJson } from "../fixtures/takeout/takeout-builder.js";
import { picture, put, snapshot, tempFolder } from "./files.js";
import { Library } from "./library.js";

it("costs one look for a file that has not changed, and loses nothing of one that changed or went", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  const first = await put(pictures, "a.jpg", await picture(1, { taken: "2024:01:15 10:30:00" }));
  const second = await put(pictures, "b.jpg", await picture(2));
  await put(pictures, ".hidden/c.jpg", await picture(3));
  await put(pictures, "private/d.jpg", await picture(4));
  // To the whole second: that much of a time can be set back from here.
  await utimes(first, new Date("2024-01-15T10:30:00Z"), new Date("2024-01-15T10:30:00Z"));
  const library = await Library.init(join(home, "library"));
  expect(await library.run("discover", pictures, "--exclude", "private/**")).toMatchObject({
    exit: 0,
    counts: { seen: 2, new: 2 },
  });
  await library.run("resolve");
  await library.run("replicate", "--execute");

  expect(await library.run("discover", pictures, "--exclude", "private/**")).toMatchObject({
    exit: 0,
    commit: null,
    counts: { seen: 2, new: 0, updated: 0, unchanged: 2 },
  });

  // Other bytes in the same file, of the same size and with the time set back, are another photo all the same.
  const before = await stat(first);
  const bytes = await readFile(first);
  const at = bytes.indexOf("Camera 1");
  bytes.write("Camera X", at, "latin1");
  const descriptor = await writeInPlace(first, bytes, before.mtime);
  expect(descriptor).toEqual([before.ino, before.size]);
  expect(await library.run("discover", pictures, "--exclude", "private/**")).toMatchObject({
    exit: 0,
    counts: { seen: 2, new: 1, updated: 0, unchanged: 1 },
  });
  const full = await library.run("discover", pictures, "--exclude", "private/**", "--full-scan");
  expect(full).toMatchObject({ exit: 0, commit: null, counts: { seen: 2, new: 0, unchanged: 2 } });

  // A changed file is another photo, a removed one stays, a new one comes, and so do those left out so far.
  await writeFile(second, await picture(22));
  await rm(first);
  await put(pictures, "e.jpg", await picture(5));
  const later = await library.run("discover");
  expect(later).toMatchObject({ exit: 0, counts: { seen: 3, new: 3, updated: 0, unchanged: 0 } });
  expect(library.documents().size).toBe(6);
  expect(await library.run("discover", pictures, "--hidden", "--include", ".hidden/**")).toMatchObject({
    counts: { seen: 1, new: 1 },
  });
  expect(await library.run("verify", "--deep")).toMatchObject({ exit: 0, counts: { checked: 2, ok: 2 } });

  // What is older than --since is skipped, not forgotten.
  await utimes(join(pictures, "e.jpg"), new Date("2020-01-01"), new Date("2020-01-01"));
  expect(await library.run("discover", pictures, "--since", "2021-01-01")).toMatchObject({
    commit: null,
    counts: { seen: 2, new: 0, skipped: 1 },
  });
  expect(library.documents().size).toBe(7);
});

/** Overwrites the file without making a new one, and sets its time back; tells inode and size. */
async function writeInPlace(path: string, bytes: Uint8Array, modified: Date): Promise<[number, number]> {
  await writeFile(path, bytes, { flag: "r+" });
  await utimes(path, modified, modified);
  const { ino, size } = await stat(path);
  return [ino, size];
}

it("adds what a later export says, and takes nothing that is absent from one as deleted", async () => {
  const home = await tempFolder();
  const year = "Takeout/Google Photos/Photos from 2023";
  const [one, two, three] = [await picture(1), await picture(2), await picture(3)];
  const sidecar = (name: string, description: string, more = {}) => ({
    name: `${year}/${name}.supplemental-metadata.json`,
    bytes: sidecarJson({ title: name, id: `AF1Qip${name}`, description, more }),
  });
  const zip = (month: string) => join(home, `takeout-2026${month}01T101112Z-001.zip`);
  await writeZip(zip("01"), [
    { name: `${year}/one.jpg`, bytes: one },
    sidecar("one.jpg", "first words"),
    { name: `${year}/two.jpg`, bytes: two },
    sidecar("two.jpg", ""),
  ]);
  const library = await Library.init(join(home, "library"));
  expect(await library.run("discover", zip("01"))).toMatchObject({ exit: 0, counts: { new: 2 } });
  await library.run("resolve");

  await writeZip(zip("02"), [{ name: `${year}/three.jpg`, bytes: three }, sidecar("three.jpg", "new")]);
  expect(await library.run("discover", zip("02"))).toMatchObject({
    exit: 0,
    counts: { seen: 1, new: 1, updated: 0, unchanged: 0 },
  });

  await writeZip(zip("09"), [
    { name: `${year}/one.jpg`, bytes: one },
    sidecar("one.jpg", "better words", { favorited: true }),
    { name: "Takeout/Google Photos/Lake/metadata.json", bytes: Buffer.from('{"title":"Lake"}') },
    { name: "Takeout/Google Photos/Lake/one.jpg", bytes: one },
  ]);
  expect(await library.run("discover", zip("09"))).toMatchObject({
    exit: 0,
    counts: { seen: 2, new: 0, updated: 1, duplicates: 1 },
  });
  expect(library.documents().size).toBe(3);
  const { document } = library.photo("one.jpg");
  expect(document).toMatchObject({ albums: ["Lake"], favorite: true });
  expect(JSON.stringify(document.sources)).toContain("first words");
  expect(JSON.stringify(document.sources)).toContain("better words");
  await library.run("resolve");
  expect(library.photo("two.jpg").document.processing_state).toBe("resolved");
  expect(await library.run("replicate", "--execute")).toMatchObject({ exit: 0, counts: { done: 3 } });

  // All three exports on top of one another, read again from nothing, change nothing.
  expect(await library.run("discover", "--full-scan")).toMatchObject({
    exit: 0,
    commit: null,
    counts: { seen: 5, new: 0, updated: 0, unchanged: 3 },
  });
  await rm(zip("01"));
  const gone = await library.run("discover");
  expect(gone).toMatchObject({ exit: 0, commit: null, counts: { new: 0, updated: 0 } });
  expect(gone.notes.join()).toContain(zip("01"));
});

it("shows by --dry-run what the real run does, and leaves every byte and time as it was", async () => {
  const home = await tempFolder();
  const pictures = join(home, "pictures");
  for (const seed of [1, 2, 3]) await put(pictures, `${seed}.jpg`, await picture(seed));
  await put(pictures, "again.jpg", await picture(3));
  await symlink(pictures, join(pictures, "loop"));
  const library = await Library.init(join(home, "library"), { SOURCE_DATE_EPOCH: "1780000000" });
  const steps = [
    ["discover", [pictures], []],
    ["resolve", [], []],
    ["replicate", [], ["--execute"]],
  ] as const;
  for (const [command, args, execute] of steps) {
    const before = await snapshot(library.path);
    const shown = await library.run(command, ...args, "--dry-run");
    expect(await snapshotWithoutGitStatus(library.path)).toEqual(withoutGitStatus(before));
    const done = await library.run(command, ...args, ...execute);
    expect(shown).toMatchObject({ dry_run: true, commit: null });
    expect(done.plan).toEqual(shown.plan);
    expect(shown.plan.length).toBeGreaterThan(0);
  }
  const before = await snapshot(library.path);
  expect(await library.run("undo", "--dry-run")).toMatchObject({ dry_run: true, counts: { restored: 3 } });
  expect(await snapshotWithoutGitStatus(library.path)).toEqual(withoutGitStatus(before));
});

/** Native `git status`, which these tests run, may refresh Git's index and the times of the folder it lies in. */
const withoutGitStatus = (tree: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...tree].filter(([name]) => name !== ".git/index" && name !== ".git"));

const snapshotWithoutGitStatus = async (root: string) => withoutGitStatus(await snapshot(root));
