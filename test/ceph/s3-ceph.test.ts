import { setTimeout as pause } from "node:timers/promises";
import { HeadObjectCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { call, keysOf } from "../contract/blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "../contract/blob-store-samples.js";
import { IN_THE_CLEAR, SEALED } from "../contract/bucket-contract.js";
import { BUCKET, type CephStore, openCephStore, raw } from "./bucket.js";

const MIB = 1024 ** 2;
const IN_PARTS = { wholeBytes: MIB, partBytes: 5 * MIB };
const MANNERS = [
  ["in the clear", IN_THE_CLEAR.settings],
  ["sealed", SEALED.settings],
] as const;

test("what Ceph can do is seen, and leaves nothing", async () => {
  const { store, bucket, close } = await openCephStore();
  expect(await store.test(call)).toEqual({
    checksBodies: true,
    keepsChecksums: false,
    conditionalPut: true,
    conditionalComplete: false,
  });
  expect(await bucket.names()).toEqual([]);
  expect(await bucket.uploads()).toEqual([]);
  await close();
});

async function partsOf({ bucket, prefix }: CephStore): Promise<readonly (string | undefined)[]> {
  const [upload] = await bucket.uploads();
  if (upload === undefined) return [];
  const { object, uploadId: UploadId } = upload;
  const { Parts = [] } = await raw.send(
    new ListPartsCommand({ Bucket: BUCKET, Key: prefix + object, UploadId }),
  );
  return Parts.map(({ LastModified }) => LastModified?.toISOString());
}

test.each(MANNERS)("an upload in parts, %s, is gone on with at the part", async (_, settings) => {
  const ceph = await openCephStore({ ...settings, ...IN_PARTS });
  const { store, again, bucket, close } = ceph;
  const bytes = sampleBytes(17 * MIB, 5);
  const blob = blobOf(bytes);
  const stop = new AbortController();
  const breaking = {
    ...blob,
    async *open() {
      yield bytes.subarray(0, 12 * MIB);
      while ((await partsOf(ceph)).length < 2) await pause(50);
      stop.abort();
      await new Promise(() => {});
    },
  };
  await expect(store.put(breaking, stop)).rejects.toMatchObject({ code: "cancelled" });
  const [begun] = await bucket.uploads();
  const had = await partsOf(ceph);
  expect(had).toHaveLength(2);
  const seen: (readonly (string | undefined)[])[] = [];
  const watched = {
    ...blob,
    async *open() {
      yield* blob.open();
      seen.push(await partsOf(ceph));
    },
  };
  const later = again();
  expect(await later.sweep(call)).toBe(0);
  expect((await bucket.uploads()).map(({ uploadId }) => uploadId)).toEqual([begun?.uploadId]);
  expect(await later.put(watched, call)).toEqual({ kind: "stored" });
  expect(seen[0]?.slice(0, 2)).toEqual(had);
  expect(Buffer.compare(await collect(later.get(blob.key, call)), bytes)).toBe(0);
  expect(await bucket.uploads()).toEqual([]);
  await close();
});

test.each(MANNERS)("of sixteen computers that put one blob at once, %s, one does", async (_, settings) => {
  const { store, again, close, bucket } = await openCephStore(settings);
  const blob = { ...blobOf(sampleBytes(100_000, 3)), isNew: true };
  await store.put(blobOf(sampleBytes(10, 1)), call);
  const before = (await bucket.names()).length;
  const outcomes = await Promise.all(Array.from({ length: 16 }, () => again().put(blob, call)));
  expect(outcomes.filter(({ kind }) => kind === "stored")).toHaveLength(1);
  expect(outcomes.filter(({ kind }) => kind === "already")).toHaveLength(15);
  expect(await bucket.names()).toHaveLength(before + 1);
  expect(Buffer.compare(await collect(store.get(blob.key, call)), sampleBytes(100_000, 3))).toBe(0);
  await close();
});

test.each(MANNERS)(
  "four computers that put one blob in parts at once, %s, leave it right and nothing else",
  async (_, settings) => {
    const { store, again, close, bucket } = await openCephStore({ ...settings, ...IN_PARTS });
    const bytes = sampleBytes(6 * MIB, 9);
    const blob = blobOf(bytes);
    const puts = Array.from({ length: 4 }, (_, n) => again({ elsewhere: `${n}` }).put(blob, call));
    for (const { kind } of await Promise.all(puts)) expect(["stored", "already"]).toContain(kind);
    expect(await keysOf(store)).toEqual([blob.key]);
    expect(Buffer.compare(await collect(store.get(blob.key, call)), bytes)).toBe(0);
    expect(await bucket.uploads()).toEqual([]);
    await close();
  },
);

test("an encryption by the server that it takes and does not do is refused, and nothing is left", async () => {
  const { store, bucket, close } = await openCephStore({ keeping: { ServerSideEncryption: "AES256" } });
  const put = store.put(blobOf(sampleBytes(1000, 2)), call);
  await expect(put).rejects.toMatchObject({ code: "store.not-encrypted" });
  expect(await bucket.names()).toEqual([]);
  await close();
});

test("with a key of the server's, every object is encrypted by it and comes back right", async () => {
  const keeping = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "photosync-key" } as const;
  const { store, bucket, prefix, close } = await openCephStore({ keeping, ...IN_PARTS });
  for (const [size, seed] of [
    [1000, 1],
    [6 * MIB, 2],
  ] as const) {
    const blob = blobOf(sampleBytes(size, seed));
    expect(await store.put(blob, call)).toEqual({ kind: "stored" });
    expect(await store.put(blob, call)).toEqual({ kind: "already" });
    expect(Buffer.compare(await collect(store.get(blob.key, call)), sampleBytes(size, seed))).toBe(0);
  }
  const wrong = blobOf(sampleBytes(500, 3));
  await bucket.write(wrong.key, sampleBytes(500, 4));
  expect(await store.put(wrong, call)).toMatchObject({ kind: "replaced" });
  for (const { key } of [wrong, blobOf(sampleBytes(1000, 1)), blobOf(sampleBytes(6 * MIB, 2))]) {
    const head = await raw.send(new HeadObjectCommand({ Bucket: BUCKET, Key: prefix + key }));
    expect([head.ServerSideEncryption, head.SSEKMSKeyId]).toEqual(["aws:kms", "photosync-key"]);
  }
  await close();
});
