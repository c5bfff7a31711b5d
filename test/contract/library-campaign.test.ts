import { afterAll, expect, test } from "vitest";
import { PhotosyncError } from "../../src/domain/errors.js";
import { newIdentity } from "../../src/infra/age/x25519-header.js";
import type { Fault, FaultKind } from "../emulators/s3/faults.js";
import { AWS_LIKE, CEPH_LIKE, POOR } from "../emulators/s3/state.js";
import { dice } from "../fixtures/dice.js";
import { runs } from "../property/runs.js";
import { type BucketWorld, type Computer, openBucketWorld, RIGHT_KEYS } from "./bucket-library.js";

const LIBRARIES = runs(2);
const FIRST_SEED = Number(process.env["PHOTOSYNC_SEED"] ?? 1);
/** The last ones go in parts. */
const SIZES = [10, 700, 5_000, 60_000, 400_000, 17_000_000];
const LIVES = 3;
/** Nothing that a correct server never does to a body; servers that prove what they keep are believed, so only the others lie. */
const KINDS: readonly FaultKind[] = [
  "slow-down",
  "internal-error",
  "reset",
  "reset-after",
  "cut",
  "flip",
  "refuse",
];
const REFUSALS: readonly Required<Fault>["refusal"][] = [
  { status: 403, code: "AccessDenied" },
  { status: 400, code: "ExpiredToken" },
  { status: 403, code: "RequestTimeTooSkewed" },
  { status: 507, code: "InsufficientStorage" },
  { status: 503, code: "ServiceUnavailable" },
];
const OPERATIONS = [
  "HeadObject",
  "GetObject",
  "PutObject",
  "DeleteObject",
  "ListObjectsV2",
  "ListMultipartUploads",
  "CreateMultipartUpload",
  "UploadPart",
  "ListParts",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
] as const;

const identity = newIdentity();
const env = { ...RIGHT_KEYS, PHOTOSYNC_STORE_CLOUD_IDENTITY: identity.secret };
const worlds = new Map<boolean, Promise<BucketWorld>>();

/** One world in the clear and one that is sealed, each made when it is first needed. */
function worldOf(isSealed: boolean): Promise<BucketWorld> {
  const sealed = { encryption: { method: "recipients" as const, recipients: [identity.recipient] } };
  const world = worlds.get(isSealed) ?? openBucketWorld(SIZES, isSealed ? sealed : {});
  worlds.set(isSealed, world);
  return world;
}

afterAll(async () => {
  for (const world of worlds.values()) await (await world).end();
});

interface Met {
  faults: number;
  replicates: number;
  failed: number;
  stopped: number;
}

/** Replicates under faults; what it throws is an error that says what happened. */
async function life(computer: Computer, stopAfterMs: number | null, met: Met): Promise<void> {
  const stop = new AbortController();
  const timer = stopAfterMs === null ? null : setTimeout(() => stop.abort(), stopAfterMs);
  met.replicates++;
  try {
    const { outcome, failures } = await computer.replicate({ env, signal: stop.signal });
    if (outcome !== "done" && outcome !== "cancelled") met.failed++;
    if (outcome === "cancelled") met.stopped++;
    for (const { code, message, hint } of failures) {
      expect(code).not.toContain("bug");
      expect(message).not.toBe("");
      expect(hint).not.toBe("");
    }
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
    if (error.kind === "cancelled") met.stopped++;
    else met.failed++;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

async function run(seed: number, met: Met): Promise<void> {
  const roll = dice(seed);
  const isSealed = seed % 2 === 0;
  const world = await worldOf(isSealed);
  const profile = [AWS_LIKE, CEPH_LIKE, POOR][roll(3)] ?? POOR;
  world.reset(profile);
  const { faults } = world.server;
  const before = Object.values(faults.met).reduce((sum, count) => sum + count, 0);
  const computers = [await world.computer(), ...(roll(2) === 0 ? [await world.computer()] : [])];
  const kinds = profile === POOR ? [...KINDS, "lie" as const] : KINDS;
  try {
    for (let n = 0; n < LIVES; n++) {
      for (let m = 0; m < 8; m++) {
        const kind = kinds[roll(kinds.length)] ?? "reset";
        const operation = OPERATIONS[roll(OPERATIONS.length)] ?? "PutObject";
        const refusal = REFUSALS[roll(REFUSALS.length)];
        faults.add({
          kind,
          operation,
          times: 1 + roll(kind === "lie" ? 2 : 8),
          after: roll(6),
          ...(refusal === undefined ? {} : { refusal }),
        });
      }
      await Promise.all(computers.map((computer) => life(computer, roll(3) === 0 ? roll(1500) : null, met)));
      for (const computer of computers) await computer.recordedTruly();
    }
    faults.clear();
    for (const computer of computers) {
      const last = await computer.replicate({ env });
      expect(last.failures, `seed ${seed}`).toEqual([]);
      expect(await computer.recordedTruly(), `seed ${seed}`).toBe(world.photos);
    }
    for (const computer of computers) {
      const { counts, failures } = await computer.verify({ deep: true, env });
      expect(failures, `seed ${seed}`).toEqual([]);
      expect(counts, `seed ${seed}`).toMatchObject({ ok: 2 * world.photos, missing: 0, corrupt: 0 });
    }
    expect(world.server.bucket("photos").uploads.size, `seed ${seed}`).toBeLessThan(99);
    met.faults += Object.values(faults.met).reduce((sum, count) => sum + count, 0) - before;
  } finally {
    for (const computer of computers) computer.end();
  }
}

test(`${LIBRARIES} libraries are replicated to a bucket under faults: no original is lost, and no record is false`, async () => {
  const met: Met = { faults: 0, replicates: 0, failed: 0, stopped: 0 };
  for (let n = 0; n < LIBRARIES; n++) await run(FIRST_SEED + n, met);
  console.log(
    `seeds ${FIRST_SEED} to ${FIRST_SEED + LIBRARIES - 1}: ${met.faults} faults, ${met.replicates} replicates under them, ${met.failed} of these failed in part and ${met.stopped} were stopped; blobs lost 0, false records 0`,
  );
  expect(met.faults).toBeGreaterThan(LIBRARIES);
}, 3_600_000);
