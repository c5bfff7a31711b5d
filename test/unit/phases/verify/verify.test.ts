import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../../src/domain/errors.js";
import type { BlobKey } from "../../../../src/domain/ids.js";
import type { PhotoDocument } from "../../../../src/domain/photo.js";
import { sha256Of } from "../../../../src/infra/hash.js";
import { countFinding, NOTHING_VERIFIED, type VerifyFinding } from "../../../../src/phases/verify/finding.js";
import { endOf, nextArc } from "../../../../src/phases/verify/sample.js";
import { type VerifyRequest, verifyReplicas } from "../../../../src/phases/verify/verify-replicas.js";
import type { BlobStore } from "../../../../src/ports/blob-store.js";
import { type MemoryStore, memoryStore } from "../../../../src/stores/memory-store.js";
import { fakeLibrary, photoDocument, variantOf } from "../../../fakes/fake-catalog.js";
import { faultyStore } from "../../../fakes/faulty-store.js";
import { quietRun } from "../../../fakes/replicate-world.js";

const bytes = (text: string) => new TextEncoder().encode(text);

/** `count` photos of 7 bytes each, all recorded in and held by the store. */
function storedPhotos(count: number, ...stores: readonly MemoryStore[]): readonly PhotoDocument[] {
  return Array.from({ length: count }, (_, n) => {
    const content = `photo ${n}`;
    const document = photoDocument({ content, stores: stores.map(({ name }) => name) });
    for (const { blobs } of stores) blobs.set(document.blob_key, bytes(content));
    return document;
  });
}

async function verify(
  photos: readonly PhotoDocument[],
  stores: readonly BlobStore[],
  options: Partial<VerifyRequest> = {},
  run = quietRun(),
) {
  const request = {
    catalog: fakeLibrary(photos).catalog(),
    stores: new Map(stores.map((store) => [store.name, store])),
    deep: false,
    ...options,
  };
  const findings: VerifyFinding[] = [];
  for await (const finding of verifyReplicas(request, run)) findings.push(finding);
  return { findings, counts: findings.reduce(countFinding, NOTHING_VERIFIED) };
}

const codesOf = (findings: readonly VerifyFinding[]) =>
  findings.flatMap((finding) => ("failure" in finding ? [finding.failure.code] : []));

describe("verifyReplicas", () => {
  it("counts what is there, and reads no byte unless deep", async () => {
    const store = memoryStore("local");
    const { counts } = await verify(storedPhotos(3, store), [store]);
    expect(counts).toEqual({ ...NOTHING_VERIFIED, checked: 3, ok: 3 });
  });

  it("reads every byte when deep, variants included", async () => {
    const store = memoryStore("local");
    const variant = variantOf("picture", { content: "edited", stores: ["local"] });
    const document = photoDocument({ stores: ["local"], variants: [variant] });
    store.blobs.set(document.blob_key, bytes("picture")).set(variant.blob_key, bytes("edited"));
    const { counts } = await verify([document], [store], { deep: true });
    expect(counts).toEqual({ ...NOTHING_VERIFIED, checked: 2, ok: 2, bytes_read: 13, read_whole: 2 });
  });

  it("asks a store that prefers it for one listing instead of after each blob, and finds the same", async () => {
    const store = memoryStore("cloud");
    const photos = storedPhotos(120, store);
    for (const { blob_key } of photos.slice(5, 6)) store.blobs.delete(blob_key);
    const listed: BlobStore = {
      ...store,
      prefersListing: true,
      stat: () => Promise.reject(new Error("asked one by one")),
    };
    const { counts } = await verify(photos, [listed]);
    expect(counts).toEqual((await verify(photos, [store])).counts);
    expect(counts).toMatchObject({ checked: 120, ok: 119, missing: 1 });
  });

  it("says why a store cannot be asked, where the store told", async () => {
    const store = memoryStore("cloud");
    const error = new PhotosyncError({
      kind: "transient",
      code: "store.unavailable",
      message: "Store cloud cannot be used now: its session has expired.",
      next: ["Sign in again."],
      data: { because: "store.session-expired" },
    });
    const broken: BlobStore = { ...store, stat: () => Promise.reject(error) };
    const { findings } = await verify(storedPhotos(3, store), [broken]);
    expect(findings).toMatchObject([
      {
        kind: "unchecked",
        replicas: 3,
        failure: {
          message: expect.stringContaining("its session has expired"),
          hint: expect.stringContaining("Sign in again."),
        },
      },
    ]);
  });

  it("finds every planted fault", async () => {
    const store = memoryStore("local");
    const photos = storedPhotos(40, store);
    for (const [n, { blob_key }] of photos.entries()) {
      if (n % 8 === 0) store.blobs.delete(blob_key);
      if (n % 8 === 1) store.blobs.set(blob_key, bytes("short"));
      if (n % 8 === 2) store.blobs.set(blob_key, bytes(`phOto ${n}`));
    }
    const shallow = await verify(photos, [store]);
    expect(shallow.counts).toMatchObject({ checked: 40, missing: 5, corrupt: 5, ok: 30 });
    const deep = await verify(photos, [store], { deep: true });
    expect(deep.counts).toMatchObject({ checked: 40, missing: 5, corrupt: 10, ok: 25 });
    expect(new Set(codesOf(deep.findings))).toEqual(new Set(["replica.missing", "replica.corrupt"]));
    const told = deep.findings.find((finding) => finding.kind === "corrupt" && finding.bytes_read > 0);
    expect(told).toMatchObject({ store: "local", failure: { message: expect.stringContaining("sha256:") } });
  });

  it("finds a bit that flips on reading", async () => {
    const store = memoryStore("local");
    const photos = storedPhotos(4, store);
    const lying = faultyStore(store, (method, key) =>
      method === "get" && key === photos[0]?.blob_key ? { kind: "flip-bit" } : undefined,
    );
    const { counts } = await verify(photos, [lying], { deep: true });
    expect(counts).toMatchObject({ checked: 4, corrupt: 1, ok: 3 });
  });

  it("counts what cannot be read as corrupt, and goes on", async () => {
    const store = memoryStore("local");
    const photos = storedPhotos(4, store);
    const failing = faultyStore(store, (method, key) =>
      method === "get" && key === photos[1]?.blob_key
        ? {
            kind: "throw",
            error: new PhotosyncError({ kind: "transient", code: "store.io", message: "EIO" }),
          }
        : undefined,
    );
    const { findings, counts } = await verify(photos, [failing], { deep: true });
    expect(counts).toMatchObject({ checked: 4, corrupt: 1, ok: 3 });
    expect(codesOf(findings)).toEqual(["store.io"]);
  });

  it("does not count as checked what a store that is not there should hold", async () => {
    const local = memoryStore("local");
    const photos = [
      ...storedPhotos(2, local),
      photoDocument({ content: "elsewhere", stores: ["usb"] }),
      photoDocument({ content: "elsewhere too", stores: ["usb"] }),
    ];
    const { findings, counts } = await verify(photos, [local, memoryStore("usb")], { deep: true });
    expect(counts).toMatchObject({ checked: 2, ok: 2, missing: 0, unchecked: 2 });
    expect(codesOf(findings)).toEqual(["store.unavailable"]);
  });

  it("keeps what it found when a store goes away in the middle", async () => {
    const store = memoryStore("local");
    let reads = 0;
    const leaving = faultyStore(store, (method) =>
      method === "get" && reads++ >= 3
        ? {
            kind: "throw",
            error: new PhotosyncError({ kind: "transient", code: "store.unavailable", message: "gone" }),
          }
        : undefined,
    );
    const { findings, counts } = await verify(storedPhotos(10, store), [leaving], { deep: true });
    expect(counts.checked + counts.unchecked).toBe(10);
    expect(counts.checked).toBe(3);
    expect(codesOf(findings)).toEqual(["store.unavailable"]);
  });

  it("looks at one store alone when asked, and knows no other name", async () => {
    const [local, usb] = [memoryStore("local"), memoryStore("usb")];
    const photos = [...storedPhotos(2, local), ...storedPhotos(3, usb).slice(2)];
    expect((await verify(photos, [local, usb], { store: "usb" })).counts.checked).toBe(1);
    await expect(verify(photos, [local], { store: "nas" })).rejects.toMatchObject({ code: "store.unknown" });
  });

  it("checks the sample of each store that it is told, and no more", async () => {
    const store = memoryStore("local");
    const photos = storedPhotos(60, store);
    const keysOf = async (from: number) => {
      const samples = new Map([["local", nextArc(from, 30)]]);
      const { findings } = await verify(photos, [store], { samples });
      return findings.map((finding) => (finding.kind === "unchecked" ? "" : finding.key));
    };
    const first = await keysOf(0);
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(40);
    const next = await keysOf(endOf(nextArc(0, 30)));
    expect(next.some((key) => first.includes(key))).toBe(false);
  });

  it("a store that does not answer keeps no other waiting", async () => {
    const [local, silent] = [memoryStore("local"), memoryStore("silent")];
    const photos = storedPhotos(5, local, silent);
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const waiting: BlobStore = {
      ...silent,
      stat: async (keys, call) => {
        await answered;
        return silent.stat(keys, call);
      },
    };
    const catalog = fakeLibrary(photos).catalog();
    const stores = new Map([waiting, local].map((store) => [store.name, store]));
    const seen: string[] = [];
    for await (const finding of verifyReplicas({ catalog, stores, deep: false }, quietRun())) {
      seen.push(finding.store);
      if (seen.length === 5) answer();
    }
    expect(seen).toEqual([...Array(5).fill("local"), ...Array(5).fill("silent")]);
  });

  it("compares the checksums that a store keeps, and claims nothing where it keeps none", async () => {
    const store = memoryStore("cloud");
    const photos = storedPhotos(3, store).toSorted((a, b) => (a.photo_id < b.photo_id ? -1 : 1));
    const hashes = new Map(photos.map(({ blob_key, content_hash }) => [blob_key, content_hash]));
    const [, wrong, unknown] = photos.map(({ blob_key }) => blob_key);
    const keeping: BlobStore = {
      ...store,
      checksums: async (keys, call) => {
        const sizes = await store.stat(keys, call);
        const hashOf = (key: BlobKey) => {
          if (key === unknown) return null;
          return key === wrong ? sha256Of(new Uint8Array(1)) : (hashes.get(key) ?? null);
        };
        return new Map(Array.from(sizes, ([key, sizeBytes]) => [key, { sizeBytes, hash: hashOf(key) }]));
      },
    };
    const { findings } = await verify(photos, [keeping], { checksums: true });
    expect(findings).toMatchObject([
      { kind: "ok", by_checksum: true },
      { kind: "corrupt" },
      { kind: "ok", by_checksum: false },
    ]);
    const none = await verify(photos, [{ ...store, checksums: async () => null }], { checksums: true });
    expect(none.findings).toMatchObject(Array(3).fill({ kind: "ok", by_checksum: false }));
  });

  it("ends at an abort with what it found before", async () => {
    const store = memoryStore("local");
    const abort = new AbortController();
    const run = quietRun(abort.signal);
    const catalog = fakeLibrary(storedPhotos(20, store)).catalog();
    const request = { catalog, stores: new Map([["local", store]]), deep: true };
    let found = 0;
    const all = async () => {
      for await (const _ of verifyReplicas(request, run)) if (++found === 4) abort.abort();
    };
    await expect(all()).rejects.toMatchObject({ code: "cancelled" });
    expect(found).toBeLessThan(20);
  });
});
