import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hexOf } from "../../../src/domain/ids.js";
import { sha256Of } from "../../../src/infra/hash.js";
import { type Disk, realDisk } from "../../../src/stores/disk.js";
import { stagedHashes, sweepStaging } from "../../../src/stores/staged-files.js";
import { staging } from "../../../src/stores/staging.js";
import { sampleBytes } from "../../contract/blob-store-samples.js";
import { errnoError, watchedDisk } from "../../fakes/watched-disk.js";
import { call, inFolder } from "./store-folder.js";

const bytes = sampleBytes(5000, 1);
const hash = sha256Of(bytes);
const other = sampleBytes(3000, 2);

const filesIn = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

function opened(root: string, disk?: Disk) {
  const notes: string[] = [];
  const area = staging({
    root,
    note: (line) => notes.push(line),
    ...(disk === undefined ? {} : { disk }),
  });
  return { area, notes };
}

describe("bytes are kept by their hash", () => {
  test("whole, found again by hash and size, and forgotten", () =>
    inFolder(async (folder) => {
      const root = join(folder, "staging");
      const { area } = opened(root);
      expect(await area.find(hash, bytes.length)).toBeNull();
      await area.keep(hash, bytes);
      const path = await area.find(hash, bytes.length);
      expect(path).toBe(join(root, hexOf(hash).slice(0, 2), hexOf(hash)));
      expect(new Uint8Array(await readFile(path ?? ""))).toEqual(bytes);
      expect(await area.find(hash, bytes.length + 1)).toBeNull();
      await area.forget(hash);
      await area.forget(hash);
      expect(await filesIn(root)).toEqual([]);
    }));

  test("as a stream, of more or fewer bytes than announced as well, or dropped without a trace", () =>
    inFolder(async (folder) => {
      const { area } = opened(folder);
      for (const announced of [1, 5000, 90_000]) {
        const stream = await area.begin(announced);
        await stream?.write(bytes.subarray(0, 2000));
        await stream?.write(bytes.subarray(2000));
        await stream?.keep(hash);
        expect(await area.find(hash, bytes.length)).not.toBeNull();
        await area.forget(hash);
      }
      const dropped = await area.begin(10);
      await dropped?.write(bytes);
      await dropped?.drop();
      expect(await filesIn(folder)).toEqual([]);
    }));

  test("many at once, also the same ones", () =>
    inFolder(async (folder) => {
      const { area } = opened(folder);
      await Promise.all(Array.from({ length: 20 }, (_, n) => area.keep(...pair(n % 5))));
      const kept: string[] = [];
      for await (const each of stagedHashes(realDisk, folder, call)) kept.push(each);
      expect(kept.sort()).toEqual([0, 1, 2, 3, 4].map((n) => pair(n)[0]).sort());
    }));
});

const pair = (seed: number) => {
  const given = sampleBytes(1000, seed);
  return [sha256Of(given), given] as const;
};

describe("trouble with the disk never fails a run", () => {
  test.each(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES"])(
    "%s ends the keeping, with one note and no half file",
    (code) =>
      inFolder(async (folder) => {
        let writes = 0;
        const disk = watchedDisk(({ name }) => {
          if (name === "handle.write" && ++writes === 2) throw errnoError(code);
        });
        const { area, notes } = opened(folder, disk);
        await area.keep(hash, bytes);
        await area.keep(sha256Of(other), other);
        await area.keep(...pair(7));
        expect(await area.begin(10)).toBeNull();
        expect(await filesIn(folder)).toEqual([hexOf(hash)]);
        expect(notes).toHaveLength(1);
      }),
  );

  test("every file operation failing in turn leaves whole files alone", () =>
    inFolder(async (folder) => {
      for (let nth = 0, hit = true; hit; nth++) {
        hit = false;
        let operations = 0;
        const disk = watchedDisk(() => {
          if (operations++ !== nth) return;
          hit = true;
          throw errnoError("EIO");
        });
        const root = join(folder, String(nth));
        const { area } = opened(root, disk);
        await area.keep(hash, bytes);
        const stream = await area.begin(other.length);
        await stream?.write(other);
        await stream?.keep(sha256Of(other));
        await area.forget(hash);
        const left = await filesIn(root).catch(() => []);
        for (const name of left) expect([hexOf(hash), hexOf(sha256Of(other))]).toContain(name);
      }
    }));

  test("too many open files are passing trouble", () =>
    inFolder(async (folder) => {
      let fail = true;
      const disk = watchedDisk(({ name }) => {
        if (name === "open" && fail) throw errnoError("EMFILE");
      });
      const { area, notes } = opened(folder, disk);
      await area.keep(hash, bytes);
      fail = false;
      await area.keep(hash, bytes);
      expect(await filesIn(folder)).toEqual([hexOf(hash)]);
      expect(notes).toEqual([]);
    }));

  test("a folder that was deleted meanwhile is made again", () =>
    inFolder(async (folder) => {
      const { area } = opened(join(folder, "gone"));
      await area.keep(hash, bytes);
      await realDisk.rm(join(folder, "gone"), { recursive: true });
      await area.keep(hash, bytes);
      await area.keep(hash, bytes);
      expect(await area.find(hash, bytes.length)).not.toBeNull();
    }));

  test("room for others is left on the disk: what fits is kept, what does not is not", () =>
    inFolder(async (folder) => {
      // A disk of 100,000 bytes, of which a twentieth stays free: 4,000 bytes are to be had.
      const statfs: Disk["statfs"] = async () => ({ bsize: 1, blocks: 100_000, bavail: 9_000 });
      const { area, notes } = opened(folder, { ...realDisk, statfs });
      await area.keep(hash, bytes);
      expect(await area.find(hash, bytes.length)).toBeNull();
      await area.keep(sha256Of(other), other);
      expect(await area.find(sha256Of(other), other.length)).not.toBeNull();
      expect(notes).toHaveLength(1);
      const liar = await area.begin(0);
      await liar?.write(bytes);
      await liar?.keep(hash);
      expect(await filesIn(folder)).toEqual([hexOf(sha256Of(other))]);
    }));
});

test("what killed writers left half-written is swept, kept bytes and living writers' files are not", () =>
  inFolder(async (folder) => {
    const { area } = opened(folder);
    await area.keep(hash, bytes);
    const living = await area.begin(10);
    const dead = ".00000000-1-1-000000000000.photosync-tmp";
    await writeFile(join(folder, dead), "half");
    await utimes(join(folder, dead), 0, 0);
    await mkdir(join(folder, "zz"));
    await sweepStaging(realDisk, folder);
    await living?.write(other);
    await living?.keep(sha256Of(other));
    expect(await filesIn(folder)).toEqual([hexOf(hash), hexOf(sha256Of(other))].sort());
  }));
