import { describe, expect, test } from "vitest";
import { type BlobKey, blobKey } from "../../src/domain/ids.js";
import { photoIdOf, sha256Of } from "../../src/infra/hash.js";
import type { BlobSource, BlobStore } from "../../src/ports/blob-store.js";

/** A store that was never used, and ways to look behind it. */
export interface OpenedStore {
  readonly store: BlobStore;
  /** Puts these bytes under a key as another program would, past the store. */
  plant(key: BlobKey, bytes: Uint8Array): Promise<void>;
  /** The bytes that were set aside at `asidePath`. */
  readAside(asidePath: string): Promise<Uint8Array>;
  /** The text of the checksum list. */
  readChecksumList(): Promise<string>;
  /** Names of everything left of unfinished writes. */
  leftovers(): Promise<readonly string[]>;
  close?(): Promise<void>;
}

export interface BlobStoreContractOptions {
  open(): Promise<OpenedStore>;
  /** What a never-used store says it is; `ready` for stores that cannot be mistaken for another (default `new`). */
  readonly neverUsed?: "new" | "ready";
  /** Size of the biggest blob tried: one byte over a part for stores that write in parts. */
  readonly bigBytes?: number;
}

const call = { signal: new AbortController().signal };
const aborted = { signal: AbortSignal.abort() };

/** Bytes that look random and are the same in every run. */
export function sampleBytes(sizeBytes: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed + 1;
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** A blob of these bytes, taken in this month, given in chunks. */
export function blobOf(bytes: Uint8Array, month = "2024-01", chunkBytes = 64 * 1024): BlobSource {
  const hash = sha256Of(bytes);
  return {
    key: blobKey(month === "undated" ? null : `${month}-15T10:30:00`, photoIdOf(hash), hash, "jpg"),
    hash,
    sizeBytes: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

/** All the bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

async function keysOf(store: BlobStore, after?: BlobKey): Promise<BlobKey[]> {
  const keys: BlobKey[] = [];
  for await (const { key } of store.list(after === undefined ? call : { ...call, after })) keys.push(key);
  return keys;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

/** Every promise of the `BlobStore` port, as independent tests. Each adapter's own test file only calls this. */
export function blobStoreContract(name: string, options: BlobStoreContractOptions): void {
  const { open, neverUsed = "new", bigBytes = 3 * 1024 * 1024 + 1 } = options;

  const withStore = (run: (opened: OpenedStore) => Promise<void>) => async () => {
    const opened = await open();
    try {
      await run(opened);
    } finally {
      await opened.close?.();
    }
  };
  const first = blobOf(sampleBytes(1000, 1));

  describe(`${name} keeps blobs`, () => {
    test.each([0, 1, 1000, bigBytes])("%i bytes come back as they went in", async (sizeBytes) => {
      await withStore(async ({ store, leftovers }) => {
        const bytes = sampleBytes(sizeBytes, 7);
        const blob = blobOf(bytes);
        expect(await store.put(blob, call)).toEqual({ kind: "stored" });
        expect(Buffer.compare(await collect(store.get(blob.key, call)), bytes)).toBe(0);
        expect(await store.stat([blob.key], call)).toEqual(new Map([[blob.key, sizeBytes]]));
        expect(await leftovers()).toEqual([]);
      })();
    });

    test(
      "a second put finds it there and does not read the source",
      withStore(async ({ store }) => {
        await store.put(first, call);
        let opened = 0;
        const counted = {
          ...first,
          open: () => {
            opened++;
            return first.open();
          },
        };
        expect(await store.put(counted, call)).toEqual({ kind: "already" });
        expect(opened).toBe(0);
      }),
    );

    test(
      "ten puts of one blob at once leave one blob",
      withStore(async ({ store, leftovers }) => {
        const blob = blobOf(sampleBytes(200_000, 3));
        const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.put(blob, call)));
        expect(outcomes.filter(({ kind }) => kind === "stored")).toHaveLength(1);
        expect(outcomes.filter(({ kind }) => kind === "already")).toHaveLength(9);
        expect(sha256Of(await collect(store.get(blob.key, call)))).toBe(blob.hash);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test(
      "puts of different blobs at once do not disturb each other",
      withStore(async ({ store }) => {
        const blobs = Array.from({ length: 12 }, (_, n) =>
          blobOf(sampleBytes(5000, n), `2023-${10 + (n % 3)}`),
        );
        await Promise.all(blobs.map((blob) => store.put(blob, call)));
        expect(await keysOf(store)).toEqual(blobs.map(({ key }) => key).sort());
      }),
    );
  });

  describe(`${name} refuses what is not right`, () => {
    const bytes = sampleBytes(100_000, 5);
    const wrong = bytes.with(50_000, (bytes[50_000] ?? 0) ^ 1);
    const broken: Record<string, Uint8Array> = {
      "a changed bit": wrong,
      "a byte missing": bytes.subarray(1),
      "a byte too many": new Uint8Array([...bytes, 0]),
      nothing: new Uint8Array(),
    };

    test.each(Object.keys(broken))("wrong bytes (%s) leave nothing", async (what) => {
      await withStore(async ({ store, leftovers }) => {
        await store.put(first, call);
        const { key, hash, sizeBytes } = blobOf(bytes);
        const source = { key, hash, sizeBytes, open: blobOf(broken[what] ?? bytes).open };
        await expect(store.put(source, call)).rejects.toMatchObject({
          kind: "integrity",
          code: "blob.wrong-bytes",
        });
        expect(await keysOf(store)).toEqual([first.key]);
        expect(await leftovers()).toEqual([]);
      })();
    });

    test(
      "a source that fails midway passes its error on, leaves nothing, and can be put again",
      withStore(async ({ store, leftovers }) => {
        await store.put(first, call);
        const blob = blobOf(bytes);
        const failing = {
          ...blob,
          async *open() {
            yield bytes.subarray(0, 60_000);
            throw new Error("cable");
          },
        };
        await expect(store.put(failing, call)).rejects.toThrow("cable");
        expect(await keysOf(store)).toEqual([first.key]);
        expect(await leftovers()).toEqual([]);
        expect(await store.put(blob, call)).toEqual({ kind: "stored" });
      }),
    );

    test.each([
      ["of another size", sampleBytes(10, 1)],
      ["of the same size", wrong],
    ])("wrong bytes %s under the key are set aside and replaced", async (_, planted) => {
      await withStore(async ({ store, plant, readAside }) => {
        const blob = blobOf(bytes);
        await store.put(first, call);
        await plant(blob.key, planted);
        const outcome = await store.put(blob, call);
        expect(outcome.kind).toBe("replaced");
        const asidePath = outcome.kind === "replaced" ? outcome.asidePath : "";
        expect(Buffer.compare(await readAside(asidePath), planted)).toBe(0);
        expect(sha256Of(await collect(store.get(blob.key, call)))).toBe(blob.hash);
        expect(await keysOf(store)).toEqual([blob.key, first.key].sort());
      })();
    });

    test(
      "what was set aside before is kept as well",
      withStore(async ({ store, plant, readAside }) => {
        await store.put(first, call);
        const asides: string[] = [];
        for (const seed of [21, 22]) {
          await plant(first.key, sampleBytes(30, seed));
          const outcome = await store.put(first, call);
          if (outcome.kind === "replaced") asides.push(outcome.asidePath);
        }
        expect(await Promise.all(asides.map(readAside))).toEqual([sampleBytes(30, 21), sampleBytes(30, 22)]);
      }),
    );

    test(
      "wrong bytes under the key stay when the source is wrong too",
      withStore(async ({ store, plant }) => {
        const blob = blobOf(bytes);
        await store.put(first, call);
        await plant(blob.key, sampleBytes(10, 9));
        await expect(store.put({ ...blob, open: blobOf(wrong).open }, call)).rejects.toMatchObject({
          code: "blob.wrong-bytes",
        });
        expect(await collect(store.get(blob.key, call))).toEqual(sampleBytes(10, 9));
      }),
    );
  });

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
      await withStore(async ({ store }) => {
        await store.put(first, call);
        const bytes = await collect(first.open());
        expect(await collect(store.get(first.key, { ...call, range }))).toEqual(bytes.slice(start, end));
      })();
    });

    test(
      "an absent blob is not found, and not in stat",
      withStore(async ({ store }) => {
        await store.put(first, call);
        const absent = blobOf(sampleBytes(5, 77)).key;
        await expect(collect(store.get(absent, call))).rejects.toMatchObject({ code: "blob.not-found" });
        expect(await store.stat([absent, first.key], call)).toEqual(new Map([[first.key, 1000]]));
        expect(await store.stat([], call)).toEqual(new Map());
      }),
    );

    test(
      "the list is sorted by key, with sizes, and can be resumed after any key",
      withStore(async ({ store }) => {
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
      withStore(async ({ store, readChecksumList, leftovers }) => {
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
      "a checksum list out of order is refused and the old one stays",
      withStore(async ({ store, readChecksumList }) => {
        await store.put(first, call);
        await store.writeChecksumList(each([first]), call);
        await expect(store.writeChecksumList(each([first, first]), call)).rejects.toMatchObject({
          code: "bug.checksum-list",
        });
        expect(await readChecksumList()).toContain(first.key);
      }),
    );
  });

  describe(`${name} tells whether it can be believed`, () => {
    test(
      `never used it is ${neverUsed}, and after the first put ready`,
      withStore(async ({ store }) => {
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
      withStore(async ({ store }) => {
        const refused = { code: "store.unavailable" };
        await expect(keysOf(store)).rejects.toMatchObject(refused);
        await expect(store.stat([first.key], call)).rejects.toMatchObject(refused);
        await expect(collect(store.get(first.key, call))).rejects.toMatchObject(refused);
        await expect(store.writeChecksumList(each([]), call)).rejects.toMatchObject(refused);
      }),
    );

    test(
      "a used store without blobs lists nothing",
      withStore(async ({ store }) => {
        const failing = { ...first, open: blobOf(sampleBytes(4, 4)).open };
        await expect(store.put(failing, call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
        expect(await keysOf(store)).toEqual([]);
      }),
    );
  });

  describe(`${name} stops when told`, () => {
    test(
      "before the start every call is cancelled",
      withStore(async ({ store }) => {
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
      withStore(async ({ store, leftovers }) => {
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
      withStore(async ({ store }) => {
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
