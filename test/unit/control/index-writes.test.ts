import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { IndexWrites, indexError } from "../../../src/control/index-writes.js";
import { indexFolder, type LocalIndex, openLocalIndex } from "../../../src/control/local-index.js";

let home: string;
let index: LocalIndex;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "photosync-writes-"));
  index = await openLocalIndex(home, { scratch: false });
});
afterEach(async () => {
  await index.close();
  rmSync(home, { recursive: true, force: true });
});

it("shows every write once it has settled", async () => {
  const writes = new IndexWrites(index);
  for (let n = 0; n < 2500; n++) writes.put(index.checked, `key ${n}`, `${n}`);
  await writes.settled();
  expect([0, 999, 1000, 2499].map((n) => index.checked.get(`key ${n}`))).toEqual([
    "0",
    "999",
    "1000",
    "2499",
  ]);
});

it("keeps the first error of a write for whoever awaits it", async () => {
  const writes = new IndexWrites(index);
  writes.put(index.checked, "k".repeat(5000), "too long a key for LMDB");
  writes.put(index.checked, "fine", "yes");
  await expect(writes.settled()).rejects.toThrow();
  await expect(writes.settled()).rejects.toThrow();
});

it("names a full disk, another failure of the index, and leaves other errors alone", async () => {
  const folder = indexFolder(home);
  const full = Object.assign(new Error("No space left on device"), { code: 28 });
  expect(await indexError(full, folder)).toMatchObject({ kind: "user", code: "store.no-space" });
  const mapFull = Object.assign(new Error("MDB_MAP_FULL"), { code: -30792 });
  expect(await indexError(mapFull, folder)).toMatchObject({ code: "library.index-failed" });
  const other = new Error("something else");
  expect(await indexError(other, folder)).toBe(other);
});

it.each([
  ["MDB_BAD_TXN", -30782],
  ["MDB_PROBLEM", -30779],
])(
  "puts a damaged index away (%s), so that the next run makes it anew, but not for a dry run",
  async (name, code) => {
    const folder = indexFolder(home);
    const damaged = Object.assign(new Error(name), { code });
    const wanted = { kind: "transient", code: "library.index-failed" };
    expect(await indexError(damaged, folder, { keep: true })).toMatchObject(wanted);
    expect(existsSync(folder)).toBe(true);
    expect(await indexError(damaged, folder)).toMatchObject(wanted);
    expect(existsSync(folder)).toBe(false);
    expect(await indexError(damaged, folder)).toMatchObject(wanted);
    const next = await openLocalIndex(home, { scratch: false });
    expect(next.checked.get("any")).toBe(undefined);
    await next.close();
  },
);

it("puts an index away that holds a value which nobody stored", async () => {
  const raw = index.root.openDB<Uint8Array, string>({ name: "checked", encoding: "binary" });
  // An array of sixteen, of which nothing follows.
  await raw.put("any", Uint8Array.of(0xdc, 0, 16));
  const read = () => index.checked.get("any");
  const thrown = await Promise.resolve()
    .then(read)
    .catch((error: unknown) => error);
  expect(await indexError(thrown, indexFolder(home))).toMatchObject({ code: "library.index-failed" });
  expect(existsSync(indexFolder(home))).toBe(false);
});
