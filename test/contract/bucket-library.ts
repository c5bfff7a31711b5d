import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type GitControlPlane, openControlPlane } from "../../src/control/git-control-plane.js";
import { parsePhoto } from "../../src/control/records.js";
import type { S3StoreSettings } from "../../src/domain/preferences.js";
import { sha256Of } from "../../src/infra/hash.js";
import { systemTime, type Time } from "../../src/infra/http/time.js";
import { discover } from "../../src/operations/discover.js";
import { replicate } from "../../src/operations/replicate.js";
import { resolve } from "../../src/operations/resolve.js";
import type { ReplicateResult, StatusResult } from "../../src/operations/results.js";
import { status } from "../../src/operations/status.js";
import { verify } from "../../src/operations/verify.js";
import type { VerifyResult } from "../../src/operations/verify-result.js";
import { picture, put } from "../cli/files.js";
import { type S3Emulator, startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { AWS_LIKE, newBucket, type Profile } from "../emulators/s3/state.js";
import { quietRun } from "../fakes/replicate-world.js";
import { nobodysComputer } from "../fixtures/surroundings.js";
import { gitEnvironment, put as putEdit } from "../unit/control/native-git.js";
import { makeLibrary, type TestLibrary } from "../unit/operations/library.js";

const PREFERENCES = "config/user-preferences.json";
/** Waits are as long as in the field to all that plans them, and pass so many times as fast. */
const HURRY = 15;

const hurriedTime = (hurry: number): Time => ({
  nowMs: systemTime.nowMs,
  elapsedMs: () => systemTime.elapsedMs() * hurry,
  sleep: (ms, call) => systemTime.sleep(ms / hurry, call),
});

export const RIGHT_KEYS = {
  AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
};

/** One computer's library, driven by the operations themselves. */
export interface Computer {
  readonly root: string;
  readonly control: GitControlPlane;
  replicate(options?: {
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  }): Promise<ReplicateResult>;
  verify(options?: {
    readonly deep?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<VerifyResult>;
  status(env?: Readonly<Record<string, string>>): Promise<StatusResult>;
  /**
   * How many replicas the documents record in the bucket. Throws for an original that this computer has no longer, and, unless the bucket is
   * sealed, for a replica that is not there with its very bytes.
   */
  recordedTruly(): Promise<number>;
  end(): void;
}

/** A server, and a library of photos that are in its local store and nowhere else, to be copied for each test. */
export interface BucketWorld {
  readonly server: S3Emulator;
  readonly photos: number;
  /** A copy of the library, as a second clone of it would be. */
  computer(): Promise<Computer>;
  /** Empties the server, well again and with these abilities. */
  reset(profile?: Profile): void;
  end(): Promise<void>;
}

async function filled(sizes: readonly number[], cloud: S3StoreSettings): Promise<TestLibrary> {
  const library = await makeLibrary();
  const preferences = JSON.parse(readFileSync(join(library.root, PREFERENCES), "utf8"));
  preferences.blob_storage = { primary: "local", local_path: "./blobs", stores: { cloud } };
  await library.commit([putEdit(PREFERENCES, `${JSON.stringify(preferences, null, 2)}\n`)]);
  const pictures = join(library.root, "..", `${library.root.split("/").at(-1)}-pictures`);
  for (const [n, bytes] of sizes.entries())
    await put(pictures, `${n}.jpg`, Buffer.concat([await picture(n + 1), Buffer.alloc(bytes, n)]));
  await discover(
    library.root,
    library.control,
    { paths: [pictures], fullScan: false, include: [], exclude: [], hidden: false, dryRun: false },
    quietRun(),
  );
  await resolve(library.root, library.control, { autoResolve: "simple", dryRun: false }, quietRun());
  const options = { mode: "do" as const, to: ["local"], surroundings: nobodysComputer };
  await replicate(library.root, library.control, options, quietRun());
  rmSync(pictures, { recursive: true, force: true });
  return library;
}

/** Makes the world: a photo of about each size, in bytes. */
export async function openBucketWorld(
  sizes: readonly number[],
  settings: Partial<S3StoreSettings> = {},
): Promise<BucketWorld> {
  const server = await startS3();
  const cloud: S3StoreSettings = {
    type: "s3",
    bucket: "photos",
    prefix: "lib",
    region: TEST_REGION,
    endpoint: server.url,
    ...settings,
  };
  const template = await filled(sizes, cloud);
  let copies = 0;
  return {
    server,
    photos: sizes.length,
    async computer() {
      copies++;
      const root = `${template.root}-${copies}`;
      cpSync(template.root, root, { recursive: true });
      return computerAt(root, server, settings);
    },
    reset(profile = AWS_LIKE) {
      const { state } = server;
      state.buckets.clear();
      state.buckets.set("photos", newBucket());
      state.denied.clear();
      state.skewMs = 0;
      state.isExpired = false;
      state.profile = profile;
      state.log.length = 0;
      server.faults.clear();
    },
    async end() {
      template.end();
      await server.close();
    },
  };
}

/** Passphrases take as long as in the field; all else can be hurried. */
async function computerAt(
  root: string,
  server: S3Emulator,
  settings: Partial<S3StoreSettings>,
): Promise<Computer> {
  const isSealed = settings.encryption !== undefined;
  const control = await openControlPlane(root, { environment: gitEnvironment });
  const surroundings = (env: Readonly<Record<string, string>>) => ({
    ...nobodysComputer,
    time: hurriedTime(settings.encryption === "age" ? 1 : HURRY),
    random: Math.random,
    env: { ...nobodysComputer.env, ...env },
  });
  return {
    root,
    control,
    replicate: ({ env = RIGHT_KEYS, signal } = {}) =>
      replicate(root, control, { mode: "do", to: [], surroundings: surroundings(env) }, quietRun(signal)),
    verify: ({ deep = false, env = RIGHT_KEYS } = {}) =>
      verify(
        root,
        control,
        { deep, repair: false, dryRun: false, surroundings: surroundings(env) },
        quietRun(),
      ),
    status: (env = RIGHT_KEYS) => status(root, control, quietRun(), surroundings(env)),
    async recordedTruly() {
      let recorded = 0;
      const head = await control.head();
      for await (const { path, oid } of control.listFiles(head, "photos", quietRun())) {
        const read = parsePhoto(path, await control.readObject(oid));
        if (read.kind !== "ok") throw new Error(`${path} is not valid`);
        const replica = read.document.replicas["cloud"];
        if (replica === undefined) continue;
        recorded++;
        const isRight = (bytes: Uint8Array | undefined) =>
          bytes !== undefined && replica.key.includes(sha256Of(bytes).slice("sha256:".length));
        const kept = server.bucket("photos").objects.get(`lib/${replica.key}`)?.bytes;
        if (!isSealed && !isRight(kept)) throw new Error(`recorded and not there: ${replica.key}`);
        if (!isRight(readFileSync(join(root, "blobs", replica.key)))) throw new Error(`lost: ${replica.key}`);
      }
      return recorded;
    },
    end() {
      control.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
