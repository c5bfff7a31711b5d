import { describe, expect, test } from "vitest";
import { type BlobStoreContractOptions, call, first, keysOf, withStore } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";

/** What `traces` and `remove` promise: all of one blob is told and goes, and nothing of any other does. */
export function removingContract(name: string, options: BlobStoreContractOptions): void {
  const { neverUsed = "new" } = options;

  describe(`${name} removes for good`, () => {
    test(
      "one blob and leaves the others as they are",
      withStore(options, async ({ store, leftovers }) => {
        const other = blobOf(sampleBytes(3000, 2));
        await store.put(first, call);
        await store.put(other, call);
        const traces = await store.traces(first.key, call);
        expect(traces.map(({ kind, sizeBytes }) => [kind, sizeBytes])).toEqual([["blob", first.sizeBytes]]);
        expect(await store.remove(first.key, call)).toEqual({ removed: 1, olderStay: false });
        expect(await store.traces(first.key, call)).toEqual([]);
        expect(await store.stat([first.key], call)).toEqual(new Map());
        await expect(collect(store.get(first.key, call))).rejects.toMatchObject({ code: "blob.not-found" });
        expect(await keysOf(store)).toEqual([other.key]);
        expect(Buffer.compare(await collect(store.get(other.key, call)), sampleBytes(3000, 2))).toBe(0);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test(
      "what is not there is removed already, once or twice",
      withStore(options, async ({ store }) => {
        await store.put(first, call);
        expect(await store.remove(first.key, call)).toMatchObject({ removed: 1 });
        expect(await store.remove(first.key, call)).toEqual({ removed: 0, olderStay: false });
        expect(await store.availability(call)).toBe("ready");
      }),
    );

    test(
      "what was set aside from under its key, and nothing set aside from under another one",
      withStore(options, async ({ store, plant, readAside }) => {
        const other = blobOf(sampleBytes(3000, 2));
        const asides: string[] = [];
        for (const [blob, seed] of [[first, 3] as const, [other, 4] as const, [first, 5] as const]) {
          await store.put(blob, call);
          await plant(blob.key, sampleBytes(50, seed));
          const outcome = await store.put(blob, call);
          asides.push(outcome.kind === "replaced" ? outcome.asidePath : "");
        }
        const traces = await store.traces(first.key, call);
        expect(traces.map(({ kind, sizeBytes }) => [kind, sizeBytes])).toEqual([
          ["blob", first.sizeBytes],
          ["set-aside", 50],
          ["set-aside", 50],
        ]);
        expect(await store.remove(first.key, call)).toEqual({ removed: 3, olderStay: false });
        expect(await store.traces(first.key, call)).toEqual([]);
        expect(await readAside(asides[1] ?? "")).toEqual(sampleBytes(50, 4));
        expect(await keysOf(store)).toEqual([other.key]);
      }),
    );

    test(
      "and can be given the blob again",
      withStore(options, async ({ store }) => {
        await store.put(first, call);
        await store.remove(first.key, call);
        expect(await store.put(first, call)).toEqual({ kind: "stored" });
        expect(Buffer.compare(await collect(store.get(first.key, call)), sampleBytes(1000, 1))).toBe(0);
      }),
    );

    test(
      "not when told to stop before",
      withStore(options, async ({ store }) => {
        await store.put(first, call);
        const aborted = { signal: AbortSignal.abort() };
        await expect(store.remove(first.key, aborted)).rejects.toMatchObject({ code: "cancelled" });
        await expect(store.traces(first.key, aborted)).rejects.toMatchObject({ code: "cancelled" });
        expect(await keysOf(store)).toEqual([first.key]);
      }),
    );

    test.runIf(neverUsed === "new")(
      "nothing where it was never used: that could be a disk that is not there",
      withStore(options, async ({ store }) => {
        const refused = { code: "store.unavailable" };
        await expect(store.remove(first.key, call)).rejects.toMatchObject(refused);
        await expect(store.traces(first.key, call)).rejects.toMatchObject(refused);
      }),
    );
  });
}
