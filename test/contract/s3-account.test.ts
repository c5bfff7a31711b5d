import { expect, it, onTestFinished } from "vitest";
import { systemTime } from "../../src/infra/http/time.js";
import { openS3Client } from "../../src/stores/s3/requests/s3-client.js";
import { storePolicy } from "../../src/stores/s3/requests/s3-policy.js";
import { s3Requests } from "../../src/stores/s3/requests/s3-requests.js";
import { listBuckets, makeBucket } from "../../src/stores/s3/settings/s3-account.js";
import { startS3, TEST_KEYS } from "../emulators/s3/start.js";
import { AWS_LIKE, CEPH_LIKE, type Operation, POOR, type Profile } from "../emulators/s3/state.js";
import { call } from "./blob-store-opened.js";
import { openS3World, QUICK } from "./s3-opened.js";

/** An account at an emulated server, as requests about one of its buckets. */
async function account(profile: Profile, region = "us-east-1") {
  const server = await startS3({ profile, buckets: ["older", "another"], region });
  onTestFinished(() => server.close());
  const requests = (bucket: string) => {
    const place = { endpoint: server.url, region, bucket, prefix: "", pathStyle: true };
    return s3Requests({
      store: "cloud",
      place,
      time: systemTime,
      bodies: (bytes) => bytes,
      policy: storePolicy({
        store: "cloud",
        concurrency: 2,
        time: systemTime,
        random: Math.random,
        patience: QUICK,
      }),
      open: () => openS3Client({ place, keys: TEST_KEYS, connections: 4, idleMs: 5000 }),
    });
  };
  return { server, requests };
}

it("lists the buckets of an account, or says that the keys may not", async () => {
  const { server, requests } = await account(AWS_LIKE);
  expect(await listBuckets(requests(""), call)).toEqual(["another", "older"]);
  server.state.denied.add("ListBuckets");
  expect(await listBuckets(requests(""), call)).toBeNull();
});

it.each(["us-east-1", "eu-central-1"])(
  "makes a bucket in %s that is closed to the public, with versions",
  async (region) => {
    const { server, requests } = await account(AWS_LIKE, region);
    expect(await makeBucket(requests("mine"), { versioned: true }, call)).toEqual({
      kind: "made",
      publicAccessBlocked: true,
      versioned: true,
    });
    expect(server.bucket("mine")).toMatchObject({
      isPublicAccessBlocked: true,
      refusesPublicAcls: true,
      objects: new Map(),
      versions: new Map(),
    });
  },
);

it("makes a bucket that its owner can write to where a server refuses that with the public ACLs", async () => {
  const { server, requests } = await account(CEPH_LIKE);
  expect(await makeBucket(requests("mine"), { versioned: false }, call)).toMatchObject({
    kind: "made",
    publicAccessBlocked: true,
  });
  const { isPublicAccessBlocked, refusesPublicAcls, objects } = server.bucket("mine");
  expect([isPublicAccessBlocked, refusesPublicAcls, objects.size]).toEqual([true, false, 0]);
});

it("tells what a server did not do, and makes a bucket of one's own no second time", async () => {
  const { requests } = await account(POOR);
  const made = await makeBucket(requests("mine"), { versioned: true }, call);
  expect(made).toEqual({ kind: "made", publicAccessBlocked: false, versioned: false });
  expect(await makeBucket(requests("older"), { versioned: false }, call)).toMatchObject({ kind: "own" });
});

it("refuses names that no bucket can have, and those of others", async () => {
  const { server, requests } = await account(AWS_LIKE);
  server.state.takenNames.add("photos");
  await expect(makeBucket(requests("Photos_2"), { versioned: false }, call)).rejects.toMatchObject({
    code: "store.bad-bucket-name",
  });
  await expect(makeBucket(requests("photos"), { versioned: false }, call)).rejects.toMatchObject({
    code: "store.bucket-taken",
  });
});

const DENIALS: readonly (readonly [readonly Operation[], readonly string[]])[] = [
  [["PutObject"], ["s3:PutObject"]],
  [["GetObject"], ["s3:GetObject"]],
  [["ListObjectsV2"], ["s3:ListBucket"]],
  [["DeleteObject"], ["s3:DeleteObject"]],
  [["ListMultipartUploads"], ["s3:ListBucketMultipartUploads"]],
  [["AbortMultipartUpload"], ["s3:AbortMultipartUpload"]],
  [["ListParts"], ["s3:ListMultipartUploadParts"]],
  [["CreateMultipartUpload"], ["s3:PutObject"]],
  [
    ["PutObject", "GetObject", "DeleteObject"],
    ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
  ],
];

it.each(DENIALS)(
  "of keys that may not %s says that %s is missing, and leaves nothing",
  async (denied, missing) => {
    const world = await openS3World(AWS_LIKE);
    onTestFinished(() => world.close());
    for (const operation of denied) world.server.state.denied.add(operation);
    const found = await world.store.permissions(call);
    expect(found.filter(({ isGranted }) => isGranted === false).map(({ action }) => action)).toEqual(missing);
    const left = denied.includes("DeleteObject") && !denied.includes("PutObject") ? 1 : 0;
    expect(world.objects().size).toBe(left);
  },
);

it("finds nothing missing where nothing is, also where the server knows little", async () => {
  for (const profile of [AWS_LIKE, POOR]) {
    const world = await openS3World(profile);
    onTestFinished(() => world.close());
    const found = await world.store.permissions(call);
    expect(found.filter(({ isGranted }) => isGranted !== true)).toEqual([]);
    expect(world.objects().size).toBe(0);
    expect(world.server.bucket("photos").uploads.size).toBe(0);
  }
});
