import { describe, expect, test } from "vitest";
import { bundlesContract } from "./blob-store-bundles.js";
import { type BlobStoreContractOptions, call, each, first, keysOf, withStore } from "./blob-store-opened.js";
import { readingContract } from "./blob-store-reads.js";
import { removingContract } from "./blob-store-removals.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";
import { writingContract } from "./blob-store-writes.js";

const aborted = { signal: AbortSignal.abort() };

/** Every promise of the `BlobStore` port, as independent tests. Each adapter's own test file only calls this. */
export function blobStoreContract(name: string, options: BlobStoreContractOptions): void {
  const { neverUsed = "new" } = options;

  writingContract(name, options);
  readingContract(name, options);
  bundlesContract(name, options);
  removingContract(name, options);

  describe(`${name} tells whether it can be believed`, () => {
    test(
      `never used it is ${neverUsed}, and after the first put ready`,
      withStore(options, async ({ store }) => {
        expect(await store.availability(call)).toBe(neverUsed);
        expect(await store.sweep(call)).toBe(0);
        await store.put(first, call);
        expect(await store.availability(call)).toBe("ready");
        expect(await store.sweep(call)).toBe(0);
        expect(await keysOf(store)).toEqual([first.key]);
      }),
    );

    test.runIf(neverUsed === "new")(
      "never used it gives no answer that could be taken for an empty store",
      withStore(options, async ({ store }) => {
        const refused = { code: "store.unavailable" };
        await expect(keysOf(store)).rejects.toMatchObject(refused);
        await expect(store.stat([first.key], call)).rejects.toMatchObject(refused);
        await expect(collect(store.get(first.key, call))).rejects.toMatchObject(refused);
        await expect(store.writeChecksumList(each([]), call)).rejects.toMatchObject(refused);
      }),
    );

    test(
      "a used store without blobs lists nothing",
      withStore(options, async ({ store }) => {
        const failing = { ...first, open: blobOf(sampleBytes(4, 4)).open };
        await expect(store.put(failing, call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
        expect(await keysOf(store)).toEqual([]);
      }),
    );
  });

  describe(`${name} stops when told`, () => {
    test(
      "before the start every call is cancelled",
      withStore(options, async ({ store }) => {
        await store.put(first, call);
        const expected = { kind: "cancelled", code: "cancelled" };
        const second = blobOf(sampleBytes(8, 8));
        await expect(store.availability(aborted)).rejects.toMatchObject(expected);
        await expect(store.put(second, aborted)).rejects.toMatchObject(expected);
        await expect(collect(store.get(first.key, aborted))).rejects.toMatchObject(expected);
        await expect(store.stat([first.key], aborted)).rejects.toMatchObject(expected);
        await expect(store.list(aborted)[Symbol.asyncIterator]().next()).rejects.toMatchObject(expected);
        await expect(store.writeChecksumList(each([first]), aborted)).rejects.toMatchObject(expected);
        await expect(store.sweep(aborted)).rejects.toMatchObject(expected);
        expect(await keysOf(store)).toEqual([first.key]);
      }),
    );

    test(
      "during a put, even one whose source hangs, it leaves nothing",
      withStore(options, async ({ store, leftovers }) => {
        await store.put(first, call);
        const blob = blobOf(sampleBytes(100_000, 6));
        const stop = new AbortController();
        const hanging = {
          ...blob,
          async *open() {
            yield sampleBytes(100_000, 6).subarray(0, 10);
            setImmediate(() => stop.abort());
            await new Promise(() => {});
          },
        };
        await expect(store.put(hanging, stop)).rejects.toMatchObject({ code: "cancelled" });
        expect(await keysOf(store)).toEqual([first.key]);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test(
      "during a list it ends there",
      withStore(options, async ({ store }) => {
        for (const seed of [1, 2, 3]) await store.put(blobOf(sampleBytes(9, seed)), call);
        const stop = new AbortController();
        const listing = async () => {
          for await (const _ of store.list(stop)) stop.abort();
        };
        await expect(listing()).rejects.toMatchObject({ code: "cancelled" });
      }),
    );
  });
}
