import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sdk from "@aws-sdk/client-s3";
import { beforeAll, expect, test } from "vitest";
import { systemTime } from "../../src/infra/http/time.js";
import { capabilityFile } from "../../src/stores/s3/s3-capabilities.js";
import { s3Store } from "../../src/stores/s3/s3-store.js";
import { uploadNotes } from "../../src/stores/s3/upload-notes.js";
import { blobStoreContract } from "../contract/blob-store.js";
import { call } from "../contract/blob-store-opened.js";
import { blobOf, collect, sampleBytes } from "../contract/blob-store-samples.js";
import { endpoint, keys, raw } from "./bucket.js";

const BUCKET = "photos";
const MIB = 1024 ** 2;

beforeAll(async () => {
  await raw.send(new sdk.CreateBucketCommand({ Bucket: BUCKET })).catch((error: unknown) => {
    if (!(error instanceof sdk.BucketAlreadyOwnedByYou)) throw error;
  });
});

async function opened(sizes: { readonly wholeBytes: number; readonly partBytes: number }) {
  const folder = await mkdtemp(join(tmpdir(), "photosync-on-ceph-"));
  const prefix = `${randomBytes(6).toString("hex")}/`;
  const place = { endpoint, region: "us-east-1", bucket: BUCKET, prefix, pathStyle: true };
  const notes = uploadNotes(join(folder, "uploads"));
  const again = () =>
    s3Store({
      name: "ceph",
      place,
      keys: async () => keys,
      keeping: {},
      memory: capabilityFile(join(folder, "capabilities.json"), place, systemTime),
      notes,
      time: systemTime,
      random: Math.random,
      ...sizes,
    });
  const bytesOf = async (key: string): Promise<Uint8Array> => {
    const { Body } = await raw.send(new sdk.GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  return {
    store: again(),
    again,
    async plant(key: string, bytes: Uint8Array) {
      await raw.send(new sdk.PutObjectCommand({ Bucket: BUCKET, Key: prefix + key, Body: bytes }));
    },
    async plantBundle(name: string, bytes: Uint8Array) {
      await this.plant(`library/${name}`, bytes);
    },
    readAside: async (asidePath: string) =>
      new Uint8Array(await bytesOf(asidePath.slice(`s3://${BUCKET}/`.length))),
    readChecksumList: async () => Buffer.from(await bytesOf(`${prefix}SHA256SUMS`)).toString(),
    async leftovers() {
      const { Uploads = [] } = await raw.send(
        new sdk.ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }),
      );
      const noted = new Set((await notes.all()).map(({ uploadId }) => uploadId));
      return Uploads.flatMap(({ Key = "", UploadId = "" }) => (noted.has(UploadId) ? [] : [Key]));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

blobStoreContract("s3 store on Ceph", {
  bigBytes: 5 * MIB + 1,
  open: () => opened({ wholeBytes: MIB, partBytes: 5 * MIB }),
});

test("what Ceph can do is seen", async () => {
  const { store, close } = await opened({ wholeBytes: MIB, partBytes: 5 * MIB });
  expect(await store.test(call)).toMatchObject({ checksBodies: true, conditionalPut: true });
  await close();
});

test("an upload in parts is gone on with", async () => {
  const { store, again, close, leftovers } = await opened({ wholeBytes: MIB, partBytes: 5 * MIB });
  const bytes = sampleBytes(17 * MIB, 5);
  const blob = blobOf(bytes);
  const stop = new AbortController();
  const breaking = {
    ...blob,
    async *open() {
      yield bytes.subarray(0, 12 * MIB);
      await new Promise((wake) => setTimeout(wake, 3_000));
      stop.abort();
      await new Promise(() => {});
    },
  };
  await expect(store.put(breaking, stop)).rejects.toMatchObject({ code: "cancelled" });
  const { Uploads = [] } = await raw.send(new sdk.ListMultipartUploadsCommand({ Bucket: BUCKET }));
  const [upload] = Uploads.filter(({ Key }) => Key?.endsWith(blob.key));
  const had = await raw.send(
    new sdk.ListPartsCommand({ Bucket: BUCKET, Key: upload?.Key, UploadId: upload?.UploadId }),
  );
  expect(had.Parts).toHaveLength(2);
  const later = again();
  expect(await later.put(blob, call)).toEqual({ kind: "stored" });
  expect(Buffer.compare(await collect(later.get(blob.key, call)), bytes)).toBe(0);
  expect(await leftovers()).toEqual([]);
  await close();
});
