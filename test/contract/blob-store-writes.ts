import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256Of } from "../../src/infra/hash.js";
import type { BlobSource } from "../../src/ports/blob-store.js";
import { type BlobStoreContractOptions, call, first, keysOf, withStore } from "./blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "./blob-store-samples.js";

/** What `put` promises: kept and proven, or refused and nothing left. */
export function writingContract(name: string, options: BlobStoreContractOptions): void {
  const { bigBytes = 3 * 1024 * 1024 + 1 } = options;

  describe(`${name} keeps blobs`, () => {
    test.each([0, 1, 1000, bigBytes])("%i bytes come back as they went in", async (sizeBytes) => {
      await withStore(options, async ({ store, leftovers }) => {
        const bytes = sampleBytes(sizeBytes, 7);
        const blob = blobOf(bytes);
        expect(await store.put(blob, call)).toEqual({ kind: "stored" });
        expect(Buffer.compare(await collect(store.get(blob.key, call)), bytes)).toBe(0);
        expect(await store.stat([blob.key], call)).toEqual(new Map([[blob.key, sizeBytes]]));
        expect(await leftovers()).toEqual([]);
      })();
    });

    test.each([300_000, 300_001])(
      "a source that reads %i bytes into the room that it is given is kept as it is",
      async (sizeBytes) => {
        await withStore(options, async ({ store }) => {
          const bytes = sampleBytes(sizeBytes, 8);
          const blob: BlobSource = {
            ...blobOf(bytes),
            async *open(into = new Uint8Array(0)) {
              for (let at = 0; at < bytes.length; at += 100_000) {
                const piece = bytes.subarray(at, at + 100_000);
                const room = into.subarray(at, at + piece.length);
                const fits = room.length === piece.length;
                if (fits) room.set(piece);
                yield fits ? room : piece;
              }
            },
          };
          expect(await store.put(blob, call)).toEqual({ kind: "stored" });
          expect(Buffer.compare(await collect(store.get(blob.key, call)), bytes)).toBe(0);
        })();
      },
    );

    test(
      "a second put finds it there and does not read the source",
      withStore(options, async ({ store }) => {
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
      withStore(options, async ({ store, leftovers }) => {
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
      withStore(options, async ({ store }) => {
        const blobs = Array.from({ length: 12 }, (_, n) =>
          blobOf(sampleBytes(5000, n), `2023-${10 + (n % 3)}`),
        );
        await Promise.all(blobs.map((blob) => store.put(blob, call)));
        expect(await keysOf(store)).toEqual(blobs.map(({ key }) => key).sort());
      }),
    );
  });

  describe(`${name} may take a spare file`, () => {
    const bytes = sampleBytes(100_000, 15);
    const inSpare = async (given: Uint8Array, run: (spareFile: string) => Promise<void>) => {
      const folder = await mkdtemp(join(tmpdir(), "photosync-spare-"));
      try {
        await writeFile(join(folder, "spare"), given);
        await run(join(folder, "spare"));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    };
    const reading = (spareFile: string): BlobSource => ({
      ...blobOf(bytes),
      spareFile,
      async *open() {
        yield await readFile(spareFile);
      },
    });

    test(
      "with the right bytes: stored, and right",
      withStore(options, async ({ store, leftovers }) => {
        await inSpare(bytes, async (spareFile) => {
          const blob = reading(spareFile);
          expect(await store.put(blob, call)).toEqual({ kind: "stored" });
          expect(Buffer.compare(await collect(store.get(blob.key, call)), bytes)).toBe(0);
          expect(await leftovers()).toEqual([]);
        });
      }),
    );

    test.each([
      ["other bytes of the same size", bytes.with(7, (bytes[7] ?? 0) ^ 1)],
      ["other bytes of another size", bytes.subarray(1)],
    ])("with %s: refused, and nothing is left under the key", async (_, wrong) => {
      await withStore(options, async ({ store, leftovers }) => {
        await store.put(first, call);
        await inSpare(wrong, async (spareFile) => {
          const code = "blob.wrong-bytes";
          await expect(store.put(reading(spareFile), call)).rejects.toMatchObject({ code });
        });
        expect(await keysOf(store)).toEqual([first.key]);
        expect(await leftovers()).toEqual([]);
      })();
    });

    test(
      "that is gone: the bytes are read from the source",
      withStore(options, async ({ store }) => {
        const blob = { ...blobOf(bytes), spareFile: join(tmpdir(), "photosync-no-such-file") };
        expect(await store.put(blob, call)).toEqual({ kind: "stored" });
      }),
    );

    test(
      "in place of wrong bytes under the key, which are set aside",
      withStore(options, async ({ store, plant, readAside }) => {
        await store.put(first, call);
        await inSpare(bytes, async (spareFile) => {
          const blob = reading(spareFile);
          await plant(blob.key, sampleBytes(10, 4));
          const outcome = await store.put(blob, call);
          expect(await readAside(outcome.kind === "replaced" ? outcome.asidePath : "")).toEqual(
            sampleBytes(10, 4),
          );
          expect(sha256Of(await collect(store.get(blob.key, call)))).toBe(blob.hash);
        });
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
      await withStore(options, async ({ store, leftovers }) => {
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
      "a source that does not end is refused as soon as it is too long",
      withStore(options, async ({ store, leftovers }) => {
        let given = 0;
        const endless = {
          ...first,
          async *open() {
            for (; given < 1000; given++) yield sampleBytes(500, 2);
          },
        };
        await expect(store.put(endless, call)).rejects.toMatchObject({ code: "blob.wrong-bytes" });
        expect(given).toBeLessThan(10);
        expect(await leftovers()).toEqual([]);
      }),
    );

    test(
      "a source that fails midway passes its error on, leaves nothing, and can be put again",
      withStore(options, async ({ store, leftovers }) => {
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
      await withStore(options, async ({ store, plant, readAside }) => {
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
      withStore(options, async ({ store, plant, readAside }) => {
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
      withStore(options, async ({ store, plant }) => {
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
}
