import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isSoundIndexFile } from "../../../src/control/index-file.js";
import { indexFolder, openLocalIndex } from "../../../src/control/local-index.js";
import { contentHash } from "../../../src/domain/ids.js";

const HASH = contentHash("7".repeat(64));
const TRAITS = { kind: "image", mimeType: "image/jpeg", extension: "jpg" } as const;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "photosync-index-test-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = () => join(indexFolder(home), "index.lmdb");

/** Leaves a closed index behind that is several hundred pages long. */
async function filled(): Promise<void> {
  const index = await openLocalIndex(home, { scratch: false });
  for (let n = 0; n < 2000; n++) void index.checked.put(`key ${n}`, "v".repeat(200));
  await index.root.committed;
  await index.close();
}

const remembered = async (): Promise<string | undefined> => {
  const index = await openLocalIndex(home, { scratch: false });
  const value = index.checked.get("key 7");
  await index.checked.put("usable", "yes");
  const usable = index.checked.get("usable");
  await index.close();
  expect(usable).toBe("yes");
  return value;
};

describe("openLocalIndex", () => {
  it("keeps what it knows from one opening to the next", async () => {
    await filled();
    expect(await isSoundIndexFile(file())).toBe(true);
    expect(await remembered()).toBe("v".repeat(200));
  });

  it("keeps what it knows when pages at the end were taken and given back in one transaction", async () => {
    await filled();
    const index = await openLocalIndex(home, { scratch: false });
    // LMDB writes no such pages once it knows of free ones, which come of removing.
    for (let n = 1000; n < 2000; n++) index.checked.removeSync(`key ${n}`);
    for (const key of ["a", "b", "c"]) index.checked.putSync(key, "v");
    const before = statSync(file()).size;
    index.root.transactionSync(() => {
      index.checked.putSync("key 8", "w");
      index.small.putSync(HASH, new Uint8Array(4_000_000));
      index.small.removeSync(HASH);
    });
    expect(await isSoundIndexFile(file())).toBe(false);
    await index.close();
    expect(statSync(file()).size).toBeGreaterThan(before + 3_000_000);
    expect(await isSoundIndexFile(file())).toBe(true);
    expect(await remembered()).toBe("v".repeat(200));
  });

  it("reads back records of any fields, also after their table was cleared", async () => {
    const examined = (n: number) => ({
      stamp: `${n}`,
      examined: {
        sizeBytes: n,
        hash: HASH,
        kind: "other" as const,
        ...(n % 2 === 0 ? {} : { traits: TRAITS }),
      },
    });
    let index = await openLocalIndex(home, { scratch: false });
    for (const round of [0, 1]) {
      index.files.clearSync();
      index.root.transactionSync(() => {
        for (let n = round; n < 100; n++) index.files.putSync(`place ${n}`, examined(n));
      });
      await index.close();
      index = await openLocalIndex(home, { scratch: false });
      for (let n = round; n < 100; n++) expect(index.files.get(`place ${n}`)).toEqual(examined(n));
      expect(index.files.get("place 0") === undefined).toBe(round === 1);
    }
    await index.close();
  });

  it("says so instead of opening it when the disk is full, and still gives a copy to look at", async () => {
    await filled();
    const isFull = async (folder: string) => folder === home;
    await expect(openLocalIndex(home, { scratch: false, isFull })).rejects.toMatchObject({
      code: "store.no-space",
    });
    const copy = await openLocalIndex(home, { scratch: false, reading: true, isFull });
    expect(copy.checked.get("key 7")).toBe("v".repeat(200));
    await copy.close();
  });

  it("replaces a file that stands where its folder belongs", async () => {
    mkdirSync(join(home, ".photosync"));
    writeFileSync(indexFolder(home), "in the way");
    expect(await remembered()).toBeUndefined();
    expect(existsSync(file())).toBe(true);
  });

  // LMDB answers most of these with a signal that ends the process: were they not seen first, this file could not run.
  const damages: Readonly<Record<string, () => void>> = {
    "overwritten with other bytes": () =>
      writeFileSync(file(), Buffer.alloc(readFileSync(file()).length, 0x41)),
    "cut to a hundred bytes": () => truncateSync(file(), 100),
    "cut to its first page": () => truncateSync(file(), 4096),
    "cut in the middle": () => truncateSync(file(), Math.floor(readFileSync(file()).length / 2)),
    "short of its last page": () => truncateSync(file(), readFileSync(file()).length - 4096),
    emptied: () => truncateSync(file(), 0),
    "a text": () => writeFileSync(file(), "version https://git-lfs.github.com/spec/v1\n"),
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`is made anew when its file is ${name}`, async () => {
      await filled();
      damage();
      expect(await remembered()).toBeUndefined();
      expect(await isSoundIndexFile(file())).toBe(true);
    });
  }

  it("throws an index of another layout away", async () => {
    await filled();
    const index = await openLocalIndex(home, { scratch: false });
    await index.state.put("layout", "0");
    await index.close();
    expect(await remembered()).toBeUndefined();
  });

  it("works on a copy for a dry run, and leaves the index as it was", async () => {
    await filled();
    const before = readFileSync(file());
    const index = await openLocalIndex(home, { scratch: true });
    expect(index.checked.get("key 7")).toBe("v".repeat(200));
    await index.checked.put("key 7", "changed");
    await index.close();
    expect(readFileSync(file()).equals(before)).toBe(true);
    expect(await remembered()).toBe("v".repeat(200));
  });

  it("leaves nothing in the temporary folder when a copy cannot be made", async () => {
    mkdirSync(file(), { recursive: true });
    const temporary = join(home, "tmp");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    await expect(openLocalIndex(home, { scratch: true })).rejects.toThrow();
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("makes nothing in the library for a dry run without an index, nor from a damaged one", async () => {
    const index = await openLocalIndex(home, { scratch: true });
    await index.close();
    expect(existsSync(indexFolder(home))).toBe(false);
    await filled();
    truncateSync(file(), 100);
    copyFileSync(file(), join(home, "before"));
    await (await openLocalIndex(home, { scratch: true })).close();
    expect(readFileSync(file()).equals(readFileSync(join(home, "before")))).toBe(true);
  });
});

it("survives being remade by several at once", async () => {
  await filled();
  truncateSync(file(), 100);
  const opened = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", REMAKE, home]),
    ),
  );
  expect(opened.map(({ stdout }) => stdout)).toEqual(["yes", "yes", "yes", "yes"]);
  const index = await openLocalIndex(home, { scratch: false });
  await index.close();
  expect(readdirSync(join(home, ".photosync"))).toEqual(["index"]);
}, 120_000);

const REMAKE = `
import { openLocalIndex } from ${JSON.stringify(new URL("../../../src/control/local-index.ts", import.meta.url).href)};
const index = await openLocalIndex(process.argv[1], { scratch: false });
await index.checked.put("usable", "yes");
process.stdout.write(index.checked.get("usable") ?? "no");
await index.close();
`;
