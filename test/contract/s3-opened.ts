import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemTime, type Time } from "../../src/infra/http/time.js";
import { capabilityFile } from "../../src/stores/s3/probing/s3-capabilities.js";
import { STORE_PATIENCE } from "../../src/stores/s3/requests/s3-policy.js";
import { type S3Store, type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.js";
import { type UploadNotes, uploadNotes } from "../../src/stores/s3/writing/upload-notes.js";
import { etagOf } from "../emulators/s3/objects.js";
import { type S3Emulator, startS3, TEST_KEYS, TEST_REGION } from "../emulators/s3/start.js";
import { AWS_LIKE, type Operation, type Profile, type StoredObject } from "../emulators/s3/state.js";
import type { BucketObjects } from "./behind-bucket.js";
import { blobOf, sampleBytes } from "./blob-store-samples.js";

/** A store in an emulated bucket, and everything that is behind it. */
export interface S3World {
  readonly server: S3Emulator;
  readonly store: S3Store;
  readonly notes: UploadNotes;
  readonly bucket: BucketObjects;
  /** Another computer's store in the same bucket, or this one's after a restart. */
  again(
    options?: { readonly elsewhere?: boolean } & Partial<S3StoreOptions>,
    clock?: Pick<Time, "nowMs">,
  ): S3Store;
  /** The same with settings that say nothing of encryption. */
  inTheClear(): S3Store;
  objects(): Map<string, StoredObject>;
  /** Puts bytes under a name in the store, past it. */
  plant(name: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}

export const PREFIX = "library/";

/** As patient as in the field, and far quicker. */
export const QUICK = {
  ...STORE_PATIENCE,
  backoff: { firstMs: 1, longestMs: 10 },
  breaker: { ...STORE_PATIENCE.breaker, firstBreakMs: 10 },
};

/** A server with this profile and a store in it. */
export async function openS3World(
  profile: Profile,
  settings: Partial<S3StoreOptions> = {},
): Promise<S3World> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-s3-"));
  const server = await startS3({ profile });
  const place = {
    endpoint: server.url,
    region: TEST_REGION,
    bucket: "photos",
    prefix: PREFIX,
    pathStyle: true,
  };
  const { encryption, ...inTheClear } = settings;
  const open = (
    options: Partial<S3StoreOptions>,
    local: string,
    clock: Pick<Time, "nowMs"> = systemTime,
  ): S3Store =>
    s3Store({
      name: "bucket",
      place,
      keys: async () => TEST_KEYS,
      keeping: {},
      memory: capabilityFile(join(folder, local, "capabilities.json"), place, clock),
      notes: uploadNotes(join(folder, local, "uploads")),
      time: systemTime,
      random: Math.random,
      patience: QUICK,
      ...inTheClear,
      ...options,
    });
  const sealed = encryption === undefined ? {} : { encryption };
  const objects = () => server.bucket("photos").objects;
  const plant = (name: string, bytes: Uint8Array): void => {
    const body = Buffer.from(bytes);
    objects().set(PREFIX + name, {
      bytes: body,
      etag: etagOf(body, profile),
      sha256: null,
      encryption: null,
      storageClass: "STANDARD",
      modifiedMs: 0,
    });
  };
  return {
    server,
    store: open(sealed, "here"),
    inTheClear: () => open({}, "here"),
    notes: uploadNotes(join(folder, "here", "uploads")),
    again: ({ elsewhere = false, ...options } = {}, clock = systemTime) =>
      open({ ...sealed, ...options }, elsewhere ? "elsewhere" : "here", clock),
    objects,
    plant,
    bucket: {
      address: `s3://photos/${PREFIX}`,
      read: async (object) => new Uint8Array(objects().get(PREFIX + object)?.bytes ?? []),
      write: async (object, bytes) => plant(object, bytes),
      names: async () => [...objects().keys()].map((key) => key.slice(PREFIX.length)),
      uploads: async () =>
        [...server.bucket("photos").uploads.values()].map(({ key, id }) => ({
          object: key.slice(PREFIX.length),
          uploadId: id,
        })),
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const MIB = 1024 ** 2;
/** The blob that most tests store. */
export const photo = blobOf(sampleBytes(40_000, 1));
/** Almost everything goes in parts. */
export const PARTS = { wholeBytes: 1000, partBytes: 10_000 };
/** A server like AWS that takes small parts. */
export const SMALL_PARTS = { ...AWS_LIKE, leastPartBytes: 1 };

/** A test's body on a server with this profile, which is closed afterwards. */
export const inWorld =
  (profile: Profile, run: (world: S3World) => Promise<void>, settings = {}) =>
  async (): Promise<void> => {
    const world = await openS3World(profile, settings);
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };

/** So many requests of a kind the server has had. */
export const count = ({ server }: S3World, operation: Operation, key = ""): number =>
  server.state.log.filter((each) => each.operation === operation && each.key.includes(key)).length;
