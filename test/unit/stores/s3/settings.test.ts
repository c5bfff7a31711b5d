import { expect, it } from "vitest";
import type { S3StoreSettings } from "../../../../src/domain/preferences.js";
import { pacedBodies, uploadRate } from "../../../../src/stores/s3/requests/upload-rate.js";
import { keepingOf } from "../../../../src/stores/s3/settings/s3-keeping.js";
import { s3PlaceOf } from "../../../../src/stores/s3/settings/s3-place.js";
import { partBytesFor } from "../../../../src/stores/s3/writing/send-parts.js";

const place = (settings: Omit<S3StoreSettings, "type" | "bucket"> & { readonly bucket?: string }) =>
  s3PlaceOf("cloud", { type: "s3", bucket: "photos", ...settings });

it.each([
  [{}, "https://s3.us-east-1.amazonaws.com", false],
  [{ preset: "aws", region: "eu-central-1" }, "https://s3.eu-central-1.amazonaws.com", false],
  [{ preset: "b2" }, "https://s3.us-west-004.backblazeb2.com", true],
  [{ preset: "hetzner", region: "nbg1" }, "https://nbg1.your-objectstorage.com", true],
  [{ preset: "minio", endpoint: "http://127.0.0.1:9000/" }, "http://127.0.0.1:9000", true],
  [{ endpoint: "https://nas.example:9000" }, "https://nas.example:9000", true],
])("settings %j mean %s", (settings, endpoint, pathStyle) => {
  expect(place(settings)).toMatchObject({ endpoint, pathStyle });
});

it.each([
  [undefined, ""],
  ["", ""],
  ["photos", "photos/"],
  ["/a//b/", "a/b/"],
])("the prefix %j is %j", (prefix, expected) => {
  expect(place(prefix === undefined ? {} : { prefix }).prefix).toBe(expected);
});

it.each([
  { preset: "nobody" },
  { preset: "r2" },
  { region: "evil.example/" },
  { bucket: "a/b" },
  { endpoint: "http://nas.local:9000" },
  { endpoint: "https://user:secret@nas.example" },
  { endpoint: "nas" },
  { prefix: "a/../b" },
])("settings %j are refused, and no secret is repeated", (settings) => {
  const error = (() => {
    try {
      return place(settings);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ kind: "user", code: "config.store" });
  expect(String(error)).not.toContain("secret");
});

it("storage class and encryption by the server are taken as written, and unknown ones refused", () => {
  const keeping = (settings: Partial<S3StoreSettings>) =>
    keepingOf("cloud", { type: "s3", bucket: "photos", ...settings });
  expect(keeping({})).toEqual({});
  expect(keeping({ storage_class: "DEEP_ARCHIVE", server_side_encryption: "AES256" })).toEqual({
    StorageClass: "DEEP_ARCHIVE",
    ServerSideEncryption: "AES256",
  });
  expect(keeping({ server_side_encryption: "aws:kms:key/1" })).toEqual({
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: "key/1",
  });
  for (const wrong of [{ storage_class: "GOLD" }, { server_side_encryption: "rot13" }])
    expect(() => keeping(wrong)).toThrow(expect.objectContaining({ code: "config.store" }));
});

it.each([
  ["5 MB/s", 5_000_000],
  ["500kB/s", 500_000],
  ["2 MiB/s", 2 * 1024 ** 2],
  ["1.5M", 1_500_000],
  ["100", 100],
])("the rate %s is %i bytes a second", (text, bytes) => {
  expect(uploadRate("cloud", text)).toBe(bytes);
});

it.each(["", "fast", "0", "-1 MB/s", "5 TB/s"])("the rate %j is refused", (text) => {
  expect(() => uploadRate("cloud", text)).toThrow(expect.objectContaining({ code: "config.store" }));
});

it("parts grow where 10,000 of the least size would not do", () => {
  const least = 8 * 1024 ** 2;
  expect(partBytesFor(1, least)).toBe(least);
  for (const sizeBytes of [1e9, 100e9, 1e12, 5e12]) {
    const bytes = partBytesFor(sizeBytes, least);
    expect(sizeBytes / bytes).toBeLessThanOrEqual(10_000);
    expect(bytes).toBeLessThanOrEqual(5 * 1024 ** 3);
  }
});

it("everything that is sent at once shares the rate", async () => {
  let now = 0;
  let lastMs = 0;
  const time = {
    elapsedMs: () => now,
    nowMs: () => now,
    sleep: async (ms: number) => {
      lastMs = Math.max(lastMs, now + ms);
      await Promise.resolve();
    },
  };
  const bodies = pacedBodies(1_000_000, time);
  const call = { signal: new AbortController().signal };
  const sent = await Promise.all(
    [1, 2].map(async (seed) => {
      const parts: Uint8Array[] = [];
      for await (const part of bodies(new Uint8Array(1_000_000).fill(seed), call))
        if (part instanceof Uint8Array) parts.push(part);
      return Buffer.concat(parts);
    }),
  );
  expect(sent.map((bytes) => [bytes.length, bytes[999_999]])).toEqual([
    [1_000_000, 1],
    [1_000_000, 2],
  ]);
  now = lastMs;
  expect(lastMs).toBeGreaterThan(1_900);
  expect(lastMs).toBeLessThan(2_000);
});
