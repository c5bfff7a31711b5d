import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { replicate } from "../../../src/operations/replicate.js";
import { status } from "../../../src/operations/status.js";
import { verify } from "../../../src/operations/verify.js";
import { type S3Emulator, startS3, TEST_KEYS, TEST_REGION } from "../../emulators/s3/start.js";
import { AWS_LIKE, CEPH_LIKE, type Operation } from "../../emulators/s3/state.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { nobodysComputer } from "../../fixtures/surroundings.js";
import { put } from "../control/native-git.js";
import { makeLibrary, type TestLibrary } from "./library.js";

const COUNT = 52;
let library: TestLibrary;
let aws: S3Emulator;
let ceph: S3Emulator;

const env = Object.fromEntries(
  ["AWS", "CEPH"].flatMap((name) => [
    [`PHOTOSYNC_STORE_${name}_ACCESS_KEY_ID`, TEST_KEYS.accessKeyId],
    [`PHOTOSYNC_STORE_${name}_SECRET_ACCESS_KEY`, TEST_KEYS.secretAccessKey],
  ]),
);
const surroundings = { ...nobodysComputer, env: { ...nobodysComputer.env, ...env } };
const doIt = () => replicate(library.root, library.control, { mode: "do", to: [], surroundings }, quietRun());
const look = (options: { deep?: boolean; checksums?: boolean; samplePercent?: number; store?: string }) =>
  verify(
    library.root,
    library.control,
    { deep: false, repair: false, dryRun: false, surroundings, ...options },
    quietRun(),
  );
const storesNow = async () => (await status(library.root, library.control, quietRun(), surroundings)).stores;
const deepProof = async () => (await storesNow())[0]?.proofs.find(({ way }) => way === "deep");
const asked = (server: S3Emulator, operation: Operation) =>
  server.state.log.filter((each) => each.operation === operation && /\d{4}\//.test(each.key)).length;

/** Two buckets and no disk: one whose server keeps checksums, and one whose server keeps none. */
async function filledBuckets(): Promise<void> {
  library = await makeLibrary();
  [aws, ceph] = await Promise.all([startS3({ profile: AWS_LIKE }), startS3({ profile: CEPH_LIKE })]);
  const bucket = { type: "s3", bucket: "photos", region: TEST_REGION };
  const stores = { aws: { ...bucket, endpoint: aws.url }, ceph: { ...bucket, endpoint: ceph.url } };
  const preferences = {
    schema_version: 1,
    default_visibility: "private",
    auto_resolve: [],
    blob_storage: { primary: "aws", stores },
    sync_preferences: { download_originals: true, max_parallel_downloads: 4, incremental_sync_days: 30 },
  };
  await library.commit([put("config/user-preferences.json", `${JSON.stringify(preferences, null, 2)}\n`)]);
  const photos = Array.from({ length: COUNT }, (_, n) => {
    const path = join(library.root, ".photosync", `${n}.jpg`);
    writeFileSync(path, `photo ${n}`);
    return photoDocument({ content: `photo ${n}`, locations: [{ path }] });
  });
  await library.change([], photos);
  expect(await doIt()).toMatchObject({ counts: { done: 2 * COUNT, failed: 0 } });
}
afterEach(async () => {
  library.end();
  await Promise.all([aws.close(), ceph.close()]);
});

it("proofs go by listing, by the checksums that a server keeps, or by bytes; samples come round; damage is mended from bucket to bucket", async () => {
  await filledBuckets();
  for (const server of [aws, ceph]) server.state.log.length = 0;
  expect(await doIt()).toMatchObject({ counts: { planned: 0 }, outcome: "done" });
  expect([asked(aws, "HeadObject"), asked(aws, "GetObject"), asked(ceph, "HeadObject")]).toEqual([0, 0, 0]);

  // Bytes that rot keep the size that they had, and other ones can be put in their place.
  const rotten = [...aws.bucket("photos").objects.keys()].filter((key) => /^\d{4}\//.test(key)).slice(0, 2);
  for (const [at, key] of rotten.entries()) {
    const { objects } = aws.bucket("photos");
    const object = objects.get(key);
    if (object === undefined) throw new Error("no object");
    const bytes = Buffer.from(object.bytes);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    const sha256 = at === 0 ? Buffer.alloc(32).toString("base64") : object.sha256;
    objects.set(key, { ...object, bytes, sha256 });
  }
  expect(await look({})).toMatchObject({ counts: { ok: 2 * COUNT, corrupt: 0 } });
  expect([asked(aws, "HeadObject"), asked(ceph, "HeadObject")]).toEqual([0, 0]);

  expect(await look({ checksums: true })).toMatchObject({
    outcome: "integrity",
    counts: { checked: 2 * COUNT, corrupt: 1, bytes_read: 0 },
    proofs: [
      { store: "aws", way: "checksums", ok: COUNT - 1, by_size: 0, corrupt: 1 },
      { store: "ceph", way: "checksums", ok: COUNT, by_size: COUNT, corrupt: 0 },
    ],
  });
  expect([asked(aws, "HeadObject"), asked(ceph, "HeadObject"), asked(aws, "GetObject")]).toEqual([
    COUNT,
    0,
    0,
  ]);

  let found = 0;
  let checked = 0;
  for (let turn = 0; turn < 4; turn++) {
    const { counts } = await look({ deep: true, samplePercent: 25, store: "aws" });
    found += counts.corrupt;
    checked += counts.checked;
    if (turn === 2) expect(await deepProof()).toMatchObject({ percent: 25, whole_since: null });
  }
  expect({ checked, found }).toEqual({ checked: COUNT, found: 2 });
  const [awsNow] = await storesNow();
  expect(awsNow?.last_verify).not.toBeNull();
  expect(awsNow?.proofs.map(({ way }) => way).sort()).toEqual(["checksums", "deep", "listing"]);

  const isGoneElsewhere = (key: string) => !rotten.includes(key) && /^\d{4}\//.test(key);
  const gone = [...ceph.bucket("photos").objects.keys()].find(isGoneElsewhere) ?? "";
  ceph.bucket("photos").objects.delete(gone);
  for (let n = 0; n < COUNT; n++) writeFileSync(join(library.root, ".photosync", `${n}.jpg`), "");
  expect(await doIt()).toMatchObject({ counts: { done: 3, failed: 0 } });
  expect(await look({ deep: true })).toMatchObject({ outcome: "done", counts: { ok: 2 * COUNT } });
}, 60_000);
