import { describe, expect, test } from "vitest";
import { bundleName } from "../../src/domain/bundle-name.js";
import { sha256Of } from "../../src/infra/hash.js";
import type { BundleSource } from "../../src/ports/bundle-shelf.js";
import { type BlobStoreContractOptions, call, first, keysOf, withStore } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";

const COMMIT = "1a2b3c4d5e6f".padEnd(40, "0");

/** A bundle of these bytes, made in that minute. */
function bundleOf(bytes: Uint8Array, minute = 2): BundleSource {
  return {
    name: bundleName(`2026-11-22T01:${String(minute).padStart(2, "0")}:03Z`, COMMIT),
    hash: sha256Of(bytes),
    sizeBytes: bytes.length,
    open: () => blobOf(bytes).open(),
  };
}

/** What the shelf of bundles promises. */
export function bundlesContract(name: string, options: BlobStoreContractOptions): void {
  const { bigBytes = 3 * 1024 * 1024 + 1, neverUsed = "new" } = options;

  describe(`${name} keeps bundles`, () => {
    test.each([1, 1000, bigBytes])(
      "%i bytes come back as they went in, apart from the blobs",
      async (size) => {
        await withStore(options, async ({ store, leftovers }) => {
          const bytes = sampleBytes(size, 7);
          const bundle = bundleOf(bytes);
          await store.bundles.put(bundle, call);
          expect(await store.availability(call)).toBe("ready");
          expect(Buffer.compare(await collect(store.bundles.get(bundle.name, call)), bytes)).toBe(0);
          expect(await store.bundles.list(call)).toEqual([{ name: bundle.name, sizeBytes: size }]);
          expect(await keysOf(store)).toEqual([]);
          expect(await leftovers()).toEqual([]);
        })();
      },
    );

    test(
      "they are listed by time, and a removed one is gone",
      withStore(options, async ({ store, plantBundle }) => {
        await store.put(first, call);
        expect(await store.bundles.list(call)).toEqual([]);
        for (const foreign of ["notes.txt", "20261122T010203Z-1a2b3c4d5e6f.bundle.part"])
          await plantBundle(foreign, sampleBytes(5, 5));
        const bundles = [5, 3, 9, 1, 7].map((minute) => bundleOf(sampleBytes(10 + minute, minute), minute));
        for (const bundle of bundles) await store.bundles.put(bundle, call);
        const sizes = async () => (await store.bundles.list(call)).map(({ sizeBytes }) => sizeBytes);
        expect(await sizes()).toEqual([11, 13, 15, 17, 19]);
        const gone = bundles[0]?.name ?? bundleOf(sampleBytes(1, 1)).name;
        await store.bundles.remove(gone, call);
        await store.bundles.remove(gone, call);
        expect(await sizes()).toEqual([11, 13, 17, 19]);
        await expect(collect(store.bundles.get(gone, call))).rejects.toMatchObject({
          code: "bundle.not-found",
        });
        expect(await keysOf(store)).toEqual([first.key]);
      }),
    );

    test(
      "one that is put again stays, and a torn one under its name is replaced",
      withStore(options, async ({ store, plantBundle, leftovers }) => {
        const bytes = sampleBytes(2000, 3);
        const bundle = bundleOf(bytes);
        await store.put(first, call);
        await plantBundle(bundle.name, bytes.subarray(0, 700));
        await store.bundles.put(bundle, call);
        await store.bundles.put(bundle, call);
        expect(Buffer.compare(await collect(store.bundles.get(bundle.name, call)), bytes)).toBe(0);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test.each(["other bytes", "fewer bytes", "more bytes"])("%s than it says are refused", async (what) => {
      await withStore(options, async ({ store, leftovers }) => {
        const bytes = sampleBytes(2000, 3);
        const given = what === "fewer bytes" ? bytes.subarray(1) : sampleBytes(2001, 3);
        const other = what === "other bytes" ? sampleBytes(2000, 4) : given;
        const refused = { ...bundleOf(bytes), open: () => blobOf(other).open() };
        await expect(store.bundles.put(refused, call)).rejects.toMatchObject({ code: "bundle.wrong-bytes" });
        expect(await store.bundles.list(call)).toEqual([]);
        expect(await leftovers()).toEqual([]);
      })();
    });

    test.runIf(neverUsed === "new")(
      "never used it tells of no bundles at all",
      withStore(options, async ({ store }) => {
        const { name: never } = bundleOf(sampleBytes(1, 1));
        const refused = { code: "store.unavailable" };
        await expect(store.bundles.list(call)).rejects.toMatchObject(refused);
        await expect(collect(store.bundles.get(never, call))).rejects.toMatchObject(refused);
        await expect(store.bundles.remove(never, call)).rejects.toMatchObject(refused);
      }),
    );

    test(
      "told to stop before the start, nothing is done",
      withStore(options, async ({ store }) => {
        const aborted = { signal: AbortSignal.abort() };
        const bundle = bundleOf(sampleBytes(100, 3));
        await store.bundles.put(bundle, call);
        const cancelled = { code: "cancelled" };
        await expect(store.bundles.put(bundle, aborted)).rejects.toMatchObject(cancelled);
        await expect(store.bundles.list(aborted)).rejects.toMatchObject(cancelled);
        await expect(collect(store.bundles.get(bundle.name, aborted))).rejects.toMatchObject(cancelled);
        await expect(store.bundles.remove(bundle.name, aborted)).rejects.toMatchObject(cancelled);
        expect(await store.bundles.list(call)).toHaveLength(1);
      }),
    );
  });
}
