import { describe, expect, test } from "vitest";
import { type BlobKey, blobKey } from "../../src/domain/ids.js";
import { photoIdOf } from "../../src/infra/hash.js";
import type { BlobStore } from "../../src/ports/blob-store.js";
import { type BlobStoreContractOptions, call, each, first, keysOf, withStore } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";

/** What `get`, `stat`, `list` and the checksum list promise. */
export function readingContract(name: string, options: BlobStoreContractOptions): void {
  describe(`${name} answers`, () => {
    const blobs = ["2019-12", "2024-01", "2024-01", "2024-02", "undated"].map((month, n) =>
      blobOf(sampleBytes(100 + n, 40 + n), month),
    );
    const sorted = blobs.map(({ key }) => key).sort();
    const filled = async (store: BlobStore) => {
      for (const blob of [...blobs].reverse()) await store.put(blob, call);
    };

    test.each<readonly [readonly [number, number], number, number]>([
      [[0, 0], 0, 1],
      [[10, 19], 10, 20],
      [[990, 5000], 990, 1000],
      [[1000, 1001], 1000, 1000],
      [[0, 999], 0, 1000],
    ])("range %j gives those bytes", async (range, start, end) => {
      await withStore(options, async ({ store }) => {
        await store.put(first, call);
        const bytes = await collect(first.open());
        expect(await collect(store.get(first.key, { ...call, range }))).toEqual(bytes.slice(start, end));
      })();
    });

    test.each([0, 1, 999, 1000, 1001, 4000])(
      "room for %i bytes changes nothing but where bytes may lie",
      async (room) => {
        await withStore(options, async ({ store }) => {
          await store.put(first, call);
          const around = new Uint8Array(room + 2).fill(7);
          const into = around.subarray(1, room + 1);
          const bytes = await collect(first.open());
          expect(await collect(store.get(first.key, { ...call, into }))).toEqual(bytes);
          expect([around[0], around.at(-1)]).toEqual([7, 7]);
          const range = [10, 19] as const;
          expect(await collect(store.get(first.key, { ...call, range, into }))).toEqual(bytes.slice(10, 20));
        })();
      },
    );

    test(
      "an absent blob is not found, and not in stat",
      withStore(options, async ({ store }) => {
        await store.put(first, call);
        const absent = blobOf(sampleBytes(5, 77)).key;
        await expect(collect(store.get(absent, call))).rejects.toMatchObject({ code: "blob.not-found" });
        expect(await store.stat([absent, first.key], call)).toEqual(new Map([[first.key, 1000]]));
        expect(await store.stat([], call)).toEqual(new Map());
      }),
    );

    test(
      "the list is sorted by key, with sizes, and can be resumed after any key",
      withStore(options, async ({ store }) => {
        await filled(store);
        const sizes = new Map<BlobKey, number>();
        for await (const { key, sizeBytes } of store.list(call)) sizes.set(key, sizeBytes);
        expect([...sizes.keys()]).toEqual(sorted);
        expect(sizes).toEqual(new Map(blobs.map(({ key, sizeBytes }) => [key, sizeBytes])));
        for (const [index, after] of sorted.entries()) {
          expect(await keysOf(store, after)).toEqual(sorted.slice(index + 1));
        }
        const between = blobKey("2024-01-01T00:00:00", photoIdOf(first.hash), first.hash, "jpg");
        expect(await keysOf(store, between)).toEqual(sorted.filter((key) => key > between));
      }),
    );

    test(
      "the checksum list names every entry, and a shorter one replaces it",
      withStore(options, async ({ store, readChecksumList, leftovers }) => {
        await filled(store);
        const entries = [...blobs].sort((a, b) => (a.key < b.key ? -1 : 1));
        const lines = entries.map(({ key, hash }) => `${hash.slice("sha256:".length)}  ${key}\n`);
        await store.writeChecksumList(each(entries), call);
        expect(await readChecksumList()).toBe(lines.join(""));
        await store.writeChecksumList(each(entries.slice(1)), call);
        expect(await readChecksumList()).toBe(lines.slice(1).join(""));
        expect(await keysOf(store)).toEqual(sorted);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test(
      "the stamp of the checksum list stays while the list does, and no longer",
      withStore(options, async ({ store }) => {
        await filled(store);
        if (store.checksumListStamp === undefined) return;
        const entries = [...blobs].sort((a, b) => (a.key < b.key ? -1 : 1));
        expect(await store.checksumListStamp(call)).toBeNull();
        await store.writeChecksumList(each(entries), call);
        const stamp = await store.checksumListStamp(call);
        expect(stamp).toEqual(expect.any(String));
        await store.writeChecksumList(each(entries), call);
        expect(await store.checksumListStamp(call)).toBe(stamp);
        await store.writeChecksumList(each(entries.slice(1)), call);
        expect(await store.checksumListStamp(call)).not.toBe(stamp);
      }),
    );

    test(
      "a checksum list out of order is refused and the old one stays",
      withStore(options, async ({ store, readChecksumList }) => {
        await store.put(first, call);
        await store.writeChecksumList(each([first]), call);
        await expect(store.writeChecksumList(each([first, first]), call)).rejects.toMatchObject({
          code: "bug.checksum-list",
        });
        expect(await readChecksumList()).toContain(first.key);
      }),
    );
  });
}
