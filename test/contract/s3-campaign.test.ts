import { expect, test } from "vitest";
import type { BlobSource } from "../../src/ports/blob-store.js";
import type { FaultKind } from "../emulators/s3/faults.js";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { dice } from "../fixtures/dice.js";
import { runs } from "../property/runs.js";
import { call, keysOf } from "./blob-store-opened.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";
import { openS3World, PREFIX, type S3World } from "./s3-opened.js";

const ROUNDS = runs(12);
const FIRST_SEED = Number(process.env["PHOTOSYNC_SEED"] ?? 1);
const BLOBS = 5;
/** Servers that prove what they keep are believed, so only the others lie. */
const KINDS: readonly FaultKind[] = [
  "slow-down",
  "internal-error",
  "reset",
  "reset-after",
  "cut",
  "late-error",
];
const OPERATIONS = [
  "HeadObject",
  "GetObject",
  "PutObject",
  "ListObjectsV2",
  "CreateMultipartUpload",
  "UploadPart",
  "ListParts",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
] as const;

const isRight = ({ server }: S3World, { key, hash }: BlobSource, bytes: Uint8Array): boolean => {
  const kept = server.bucket("photos").objects.get(PREFIX + key)?.bytes;
  return (
    kept !== undefined && key.includes(hash.slice("sha256:".length)) && Buffer.compare(kept, bytes) === 0
  );
};

/** One life of a bucket under faults; tells how many it met. */
async function round(
  seed: number,
): Promise<{ readonly faults: number; readonly failed: number; readonly aborted: number }> {
  const roll = dice(seed);
  const profile = [AWS_LIKE, CEPH_LIKE, POOR][roll(3)] ?? POOR;
  const kinds = profile === POOR ? [...KINDS, "lie" as const] : KINDS;
  const world = await openS3World(
    { ...profile, leastPartBytes: 1, pageSize: 3 },
    { wholeBytes: 20_000, partBytes: 10_000 },
  );
  let failed = 0;
  let aborted = 0;
  try {
    await world.store.test(call);
    const blobs = Array.from({ length: BLOBS }, (_, n) => {
      const bytes = sampleBytes(1 + roll(60_000), seed * 100 + n);
      return { bytes, blob: blobOf(bytes) };
    });
    for (let life = 0; life < 3; life++) {
      for (let n = 0; n < 6; n++) {
        const kind = kinds[roll(kinds.length)] ?? "reset";
        const operation = OPERATIONS[roll(OPERATIONS.length)] ?? "PutObject";
        world.server.faults.add({ kind, operation, times: 1 + roll(kind === "lie" ? 2 : 9), after: roll(4) });
      }
      const store = world.again({ elsewhere: roll(4) === 0 });
      const stop = new AbortController();
      if (roll(3) === 0) setTimeout(() => stop.abort(), roll(120));
      const puts = blobs.map(async ({ blob, bytes }) => {
        try {
          await store.put(blob, stop);
        } catch {
          if (stop.signal.aborted) aborted++;
          else failed++;
          return;
        }
        // Said to be stored: then it is.
        expect(isRight(world, blob, bytes), `seed ${seed}: ${blob.key}`).toBe(true);
      });
      await Promise.all(puts);
    }
    world.server.faults.clear();
    const last = world.again();
    for (const { blob } of blobs) await last.put(blob, call);
    for (const { blob, bytes } of blobs)
      expect(isRight(world, blob, bytes), `seed ${seed}: ${blob.key}`).toBe(true);
    expect(await keysOf(last)).toEqual(blobs.map(({ blob }) => blob.key).sort());
    await last.sweep(call);
    expect(await world.notes.all()).toEqual([]);
    const faults = Object.values(world.server.faults.met).reduce((sum, count) => sum + count, 0);
    return { faults, failed, aborted };
  } finally {
    await world.close();
  }
}

test(`${ROUNDS} lives of buckets under faults: nothing is lost, and nothing is said to be stored that is not`, async () => {
  const sums = { faults: 0, failed: 0, aborted: 0 };
  for (let n = 0; n < ROUNDS; n++) {
    const { faults, failed, aborted } = await round(FIRST_SEED + n);
    sums.faults += faults;
    sums.failed += failed;
    sums.aborted += aborted;
  }
  console.log(
    `seeds ${FIRST_SEED} to ${FIRST_SEED + ROUNDS - 1}: ${sums.faults} faults, ${ROUNDS * BLOBS} blobs, ${sums.failed} puts failed and ${sums.aborted} aborted on the way; lost 0, false 0`,
  );
  expect(sums.faults).toBeGreaterThan(ROUNDS);
}, 600_000);
