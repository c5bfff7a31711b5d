import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Bench, Benchmark, Row } from "../benchmark.js";
import { comparedRow, type Duration, inMegabytes, medianRun, memoryRow } from "../figures.js";
import { writeJpegs } from "../make-jpegs.js";
import { writeVideo } from "../make-video.js";
import { type Measured, measure, settle, warm } from "../measure.js";
import { intoLibrary, photosync } from "../program.js";
import { inS3World, type S3World } from "../s3-world.js";
import { storedLibrary } from "../stored-library.js";

const MEMORY_MEGABYTES = 300;
/** Blobs of the run with nothing to do. */
const OBJECTS = 100_000;
const ROUNDS = 3;

/** A library whose local store holds everything, and a second store in an empty bucket. */
async function filledLibrary(bench: Bench, world: S3World, make: (sources: string) => Promise<void>) {
  const sources = join(bench.dir, "sources");
  await mkdir(sources, { recursive: true });
  await make(sources);
  const library = join(bench.dir, "library");
  bench.log("filling a local store");
  await intoLibrary(library, [sources]);
  await rm(sources, { recursive: true });
  for (const bucket of ["ours", "theirs"]) await world.makeBucket(bucket);
  await world.addStore(library, "ours");
  warm(join(library, "blobs"));
  settle();
  return { library, blobs: join(library, "blobs") };
}

/** What encryption may take: seven tenths of the speed have to stay. */
const SEALED_AT_MOST = 1.43;

/** From the local store into empty buckets, in the clear and encrypted, against rclone: each in a cluster of its own, whose memory holds no more. */
async function uploads(bench: Bench, what: string, make: (sources: string) => Promise<void>): Promise<Row[]> {
  const replicate = ["replicate", "--execute"];
  const { library, blobs, ours } = await inS3World(bench, async (world) => {
    const filled = await filledLibrary(bench, world, make);
    bench.log("photosync");
    return { ...filled, ours: await photosync(filled.library, replicate, { env: world.env }) };
  });
  const sealed = await inS3World(bench, async (world) => {
    await world.makeBucket("sealed");
    await world.addStore(library, "sealed", "sealed");
    warm(blobs);
    settle();
    bench.log("photosync, encrypted");
    return photosync(library, replicate, { env: world.env });
  });
  const run = await inS3World(bench, async (world) => {
    await world.makeBucket("theirs");
    warm(blobs);
    settle();
    bench.log("rclone");
    return measure(world.rclone("copy", "--checksum", blobs, "ceph:theirs"));
  });
  const alternative = { name: "rclone copy --checksum", run };
  return [
    comparedRow({ what, ours, alternative, atMost: 1 }),
    comparedRow({ what: `${what}, encrypted`, ours: sealed, alternative, atMost: SEALED_AT_MOST }),
    memoryRow(`peak memory: ${what}`, ours, MEMORY_MEGABYTES),
    memoryRow(`peak memory: ${what}, encrypted`, sealed, MEMORY_MEGABYTES),
  ];
}

/** With as many transfers at once as rclone has. */
export const storesUpload: Benchmark = {
  name: "stores-upload",
  about: "2,000 blobs of 1 MB into Ceph, in the clear and encrypted, against rclone copy --checksum",
  uses: [],
  isOnlyByName: true,
  run(bench) {
    const count = bench.size(2_000);
    return uploads(bench, `${count} blobs of 1 MB into a bucket`, (folder) =>
      writeJpegs(folder, count, 1_000_000),
    );
  },
};

/** The same with few big ones, which go in parts. */
export const storesLarge: Benchmark = {
  name: "stores-large",
  about: "4 films of 1 GB into Ceph, in the clear and encrypted, against rclone copy --checksum",
  uses: [],
  isOnlyByName: true,
  run(bench) {
    const bytes = bench.size(1_000_000_000);
    return uploads(bench, `4 films of ${inMegabytes(bytes)} into a bucket`, async (folder) => {
      for (let n = 0; n < 4; n++) await writeVideo(join(folder, `VID_2024071${n}_201500.mov`), bytes + n);
    });
  },
};

/** The whole bucket by the SDK alone, in a process in which it is loaded and warm already. */
async function listing({ client }: S3World, bucket: string, least: number): Promise<Duration> {
  const before = process.cpuUsage();
  const began = performance.now();
  let count = 0;
  for (let token: string | undefined; ; ) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    count += page.KeyCount ?? 0;
    token = page.NextContinuationToken;
    if (token === undefined) break;
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (count < least) throw new Error(`the bucket lists ${count} objects`);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

/** A run with nothing to do is bounded by one listing. */
export const storesAgain: Benchmark = {
  name: "stores-again",
  about: "a second replicate over 100,000 blobs in Ceph, against listing the bucket with the SDK",
  uses: [],
  isOnlyByName: true,
  run: (bench) =>
    inS3World(bench, async (world) => {
      const count = bench.size(OBJECTS);
      const library = await storedLibrary(bench, world, count);
      const again = (...flags: readonly string[]) =>
        photosync(library, ["replicate", "--execute", ...flags], { env: world.env });
      const rounds: { readonly ours: Measured; readonly both: Measured; readonly theirs: Duration }[] = [];
      for (let round = 0; round < bench.rounds(ROUNDS); round++) {
        bench.log(`round ${round + 1}`);
        const [ours, both, theirs] = [
          await again("--to", "cloud"),
          await again(),
          await listing(world, "ours", count),
        ];
        rounds.push({ ours, both, theirs });
      }
      const [ours, both] = [
        medianRun(rounds.map((each) => each.ours)),
        medianRun(rounds.map((each) => each.both)),
      ];
      const alternative = { name: "listing with the SDK", run: medianRun(rounds.map((each) => each.theirs)) };
      const what = `second replicate of ${count} blobs, nothing to do`;
      return [
        comparedRow({ what, ours, alternative, atMost: 1.2 }),
        comparedRow({
          what: `${what}, the local store looked at as well`,
          ours: both,
          alternative,
          atMost: 1.2,
        }),
        memoryRow(`peak memory: ${what}`, ours, MEMORY_MEGABYTES),
      ];
    }),
};

/** Proving what lies in a bucket without a download. */
export const storesVerify: Benchmark = {
  name: "stores-verify",
  about: "verify of 10,000 objects in Ceph by listing and by HEAD, against rclone check",
  uses: [],
  isOnlyByName: true,
  run: (bench) =>
    inS3World(bench, async (world) => {
      const count = bench.size(10_000);
      const { library, blobs } = await filledLibrary(bench, world, (folder) =>
        writeJpegs(folder, count, 10_000),
      );
      await photosync(library, ["replicate", "--execute"], { env: world.env });
      settle();
      const verify = (...flags: readonly string[]) =>
        photosync(library, ["verify", "--store", "cloud", ...flags], { env: world.env });
      const [listing, checksums] = [await verify(), await verify("--checksums")];
      const run = await measure(world.rclone("check", blobs, "ceph:ours"));
      const alternative = { name: "rclone check", run };
      const what = `verify of ${count} objects`;
      return [
        comparedRow({ what: `${what} by listing`, ours: listing, alternative, atMost: 1 }),
        comparedRow({ what: `${what} --checksums`, ours: checksums, alternative, atMost: 1 }),
      ];
    }),
};

/** The way back out of a bucket. */
export const storesRestore: Benchmark = {
  name: "stores-restore",
  about: "restore of 2,000 blobs of 1 MB from Ceph, against rclone copy back",
  uses: [],
  isOnlyByName: true,
  run: (bench) =>
    inS3World(bench, async (world) => {
      const count = bench.size(2_000);
      const { library } = await filledLibrary(bench, world, (folder) => writeJpegs(folder, count, 1_000_000));
      await photosync(library, ["replicate", "--execute"], { env: world.env });
      settle();
      const to = join(bench.dir, "restored");
      bench.log("photosync");
      const ours = await photosync(library, ["restore", "--all", "--to", to, "--from", "cloud"], {
        env: world.env,
      });
      await rm(to, { recursive: true });
      settle();
      bench.log("rclone");
      const run = await measure(world.rclone("copy", "--checksum", "ceph:ours", join(bench.dir, "copied")));
      const what = `restore of ${count} blobs of 1 MB from a bucket`;
      return [
        comparedRow({ what, ours, alternative: { name: "rclone copy", run }, atMost: 1 }),
        memoryRow(`peak memory: ${what}`, ours, MEMORY_MEGABYTES),
      ];
    }),
};
