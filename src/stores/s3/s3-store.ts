import { PhotosyncError } from "../../domain/errors.js";
import { bufferPool } from "../../infra/buffer-pool.js";
import type { Patience } from "../../infra/http/account-policy.js";
import type { Time } from "../../infra/http/time.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { LibraryHistory } from "../../ports/library-history.js";
import { asUnavailable } from "../as-unavailable.js";
import { blobNotFound } from "../blob-errors.js";
import { CHECKSUM_LIST } from "../checksum-list.js";
import { TRANSFERS_AT_ONCE } from "../transfers-at-once.js";
import { inTurn } from "./in-turn.js";
import { PART_BYTES, WHOLE_BYTES } from "./part-sizes.js";
import { plainMarking } from "./plain-marking.js";
import { bodyChecks } from "./probing/body-checks.js";
import { examinePermissions, type Permission } from "./probing/examine-permissions.js";
import { probeS3 } from "./probing/probe-s3.js";
import type { Capabilities, CapabilityMemory } from "./probing/s3-capabilities.js";
import { archived, requireProvable } from "./reading/archive.js";
import { checksumsInBucket, listBucket, sizesInBucket } from "./reading/list-bucket.js";
import { damaged, readOpened } from "./reading/read-opened.js";
import { thawBlobs } from "./reading/thaw-blobs.js";
import { type KeySource, openS3Client } from "./requests/s3-client.js";
import { storePolicy } from "./requests/s3-policy.js";
import { s3Requests } from "./requests/s3-requests.js";
import { pacedBodies } from "./requests/upload-rate.js";
import { s3Bundles } from "./s3-bundles.js";
import { type ProbedGround, type ProbedParts, type S3Ground, type S3Parts, withSealing } from "./s3-parts.js";
import { s3Root } from "./s3-root.js";
import { SEALED_LAYOUT } from "./sealing/age-sealing.js";
import { notSealed, type Rekeyed, type RekeyOptions, rekey } from "./sealing/rekey.js";
import { type Encryption, sealedMarking } from "./sealing/sealed-marking.js";
import { PLAIN } from "./sealing/sealing.js";
import type { Keeping } from "./settings/s3-keeping.js";
import type { S3Place } from "./settings/s3-place.js";
import { putBlob } from "./writing/put-blob.js";
import { blobTraces, removeBlob } from "./writing/remove-blob.js";
import { listStamp, replaceList } from "./writing/replace-list.js";
import { sweepUploads } from "./writing/sweep-uploads.js";
import type { UploadNotes } from "./writing/upload-notes.js";

const MIB = 1024 ** 2;
/** For objects and parts on their way, which are held whole while they are hashed, signed and sent. */
const BUFFER_BYTES = 64 * MIB;
const ASIDE_BYTES = 16 * MIB;
const IDLE_MS = 60_000;

export interface S3StoreOptions {
  readonly name: string;
  readonly place: S3Place;
  /** The library whose store it is; without it a store of another one is not known as such. */
  readonly library?: LibraryHistory;
  /** Asked when the first request goes out. */
  keys(call: Call): Promise<KeySource>;
  readonly keeping: Keeping;
  readonly memory: CapabilityMemory;
  readonly notes: UploadNotes;
  readonly time: Time;
  readonly random: () => number;
  /** Transfers at once. */
  readonly concurrency?: number;
  /** The most that all uploads together send; without it as much as goes. */
  readonly bytesPerSecond?: number;
  readonly patience?: Patience;
  /** The longest silence on a connection. */
  readonly idleMs?: number;
  /** Up to this size objects are sent whole. */
  readonly wholeBytes?: number;
  readonly partBytes?: number;
  /** Without it, objects are as their bytes are. */
  readonly encryption?: Encryption;
  /** The most memory for objects and parts on their way. */
  readonly bufferBytes?: number;
}

/** A store in a bucket, and what can be asked of one beside a store's promises. */
export interface S3Store extends BlobStore {
  /** What the store that is there calls itself, whatever this one is called; null where no store is. Throws what requests throw. */
  nameThere(call: Call): Promise<string | null>;
  /** Tries the bucket with objects of its own and remembers what its server can do; see `probeS3`. */
  test(call: Call): Promise<Capabilities>;
  /** Locks the key file anew; see `rekey`. Throws `store.not-sealed` (user) for a store in the clear. */
  rekey(options: RekeyOptions, call: Call): Promise<Rekeyed>;
  /** Which of the permissions that a store needs its keys have; see `examinePermissions`. */
  permissions(call: Call): Promise<readonly Permission[]>;
}

/**
 * A store in a bucket: each key is an object's under the prefix. Nothing stands under a key that was not seen whole and hashed before, and `put`
 * resolves when the server has confirmed the SHA-256 or given the same bytes back. Two computers do not replace each other's objects where the
 * server knows conditions; elsewhere each looks just before, and keys name their bytes. Wrong bytes found under a key are kept under
 * `.set-aside/`, and `asidePath` is an `s3://` address. Uploads in parts that break off stay in the bucket under no name, and are gone on with.
 */
export function s3Store(options: S3StoreOptions): S3Store {
  const { name, place, concurrency = TRANSFERS_AT_ONCE, time, random, memory } = options;
  const { idleMs = IDLE_MS, wholeBytes = WHOLE_BYTES, partBytes = PART_BYTES } = options;
  const { bytesPerSecond, encryption } = options;
  const requests = s3Requests({
    store: name,
    place,
    time,
    bodies: bytesPerSecond === undefined ? (bytes) => bytes : pacedBodies(bytesPerSecond, time),
    policy: storePolicy({ store: name, concurrency, time, random, patience: options.patience }),
    open: async (call) =>
      openS3Client({ place, keys: await options.keys(call), connections: concurrency * 2 + 16, idleMs }),
  });
  const ground: S3Ground = {
    name,
    library: options.library ?? null,
    requests,
    keeping: options.keeping,
    buffers: bufferPool(options.bufferBytes ?? BUFFER_BYTES),
    asideBuffers: bufferPool(ASIDE_BYTES),
    notes: options.notes,
    bodyChecks: bodyChecks(),
    time,
    random,
    idleMs,
    wholeBytes,
    partBytes,
    layout: encryption === undefined ? PLAIN.layout : SEALED_LAYOUT,
  };
  const root = s3Root(
    ground,
    encryption === undefined ? plainMarking(ground) : sealedMarking(ground, encryption),
  );
  const turns = inTurn();
  let can: Promise<Capabilities> | undefined;
  /** What an earlier run found out. */
  let remembered: Promise<Capabilities> | undefined;

  const probe = async (call: Call): Promise<Capabilities> => {
    const found = await probeS3(ground, call);
    await memory.remember(found);
    return found;
  };
  const probed = async (call: Call): Promise<ProbedGround> => {
    can ??= memory
      .recall()
      .then((known) => {
        if (known !== null) remembered = can;
        return known ?? probe(call);
      })
      .catch((error: unknown) => {
        can = undefined;
        throw error;
      });
    const known = await can;
    requireProvable(name, options.keeping, known);
    return { ...ground, can: known };
  };
  /** A server that refuses what it took when it was tried may be another one by now: it is tried again, once for all calls. */
  const believing = async <T>(task: () => Promise<T>, call: Call): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      const isRefused = error instanceof PhotosyncError && error.code === "store.refused";
      if (!isRefused || remembered === undefined) throw error;
      if (can === remembered) {
        can = probe(call).catch((failure: unknown) => {
          can = undefined;
          throw failure;
        });
      }
      await can;
      return task();
    }
  };
  const begin = async (call: Call): Promise<ProbedParts> => {
    const sealing = await turns.run("", () => root.start(() => probed(call), call));
    return withSealing(await probed(call), sealing);
  };
  const reading = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw asUnavailable(error, name);
    }
  };
  /** The parts of a store that is there and used. */
  const used = async (call: Call): Promise<S3Parts> => withSealing(ground, await root.requireReady(call));
  async function* streaming<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* source;
    } catch (error) {
      throw asUnavailable(error, name);
    }
  }

  return {
    name,
    prefersListing: true,
    atOnce: concurrency,
    bundles: s3Bundles(ground, root, begin),
    trouble: () => root.trouble(),
    nameThere: (call) => root.nameThere(call),
    async test(call) {
      can = probe(call);
      can.catch(() => {
        can = undefined;
      });
      return can;
    },
    permissions: (call) => examinePermissions(ground, call),
    async rekey(options, call) {
      if (encryption === undefined) throw notSealed(name);
      return rekey(withSealing(await probed(call), PLAIN), encryption, options, call);
    },
    async availability(call) {
      return (await root.look(call)).kind;
    },
    async put(blob, call) {
      throwIfAborted(call);
      return believing(async () => {
        const ready = await begin(call);
        return turns.run(blob.key, () => putBlob(ready, blob, call));
      }, call);
    },
    async *get(key, call) {
      throwIfAborted(call);
      const absent = async () => {
        await root.requireReady(call);
        return blobNotFound(name, key);
      };
      const parts = withSealing(ground, await reading(() => root.sealing(call)));
      const errors = { absent, damaged: (cause: unknown) => damaged(name, key, cause) };
      try {
        yield* streaming(readOpened(parts, parts.blobObject(key), call.range ?? null, errors, call));
      } catch (error) {
        throw error instanceof PhotosyncError && error.code === "store.archived"
          ? archived(name, key)
          : error;
      }
    },
    thaw: (keys, how, call) => reading(async () => thawBlobs(await used(call), keys, how, call)),
    stat: (keys, call) => reading(async () => sizesInBucket(await used(call), keys, call)),
    checksums: (keys, call) =>
      reading(async () => {
        const parts = await used(call);
        // Reading must not try the server: what it can do is known once something was stored.
        if (parts.sealing !== PLAIN || (await memory.recall())?.keepsChecksums === false) return null;
        return checksumsInBucket(parts, keys, call);
      }),
    async *list(call) {
      const parts = await reading(() => used(call));
      try {
        yield* listBucket(parts, call.after, call);
      } catch (error) {
        root.met(error);
        throw asUnavailable(error, name);
      }
    },
    writeChecksumList: (entries, call) =>
      reading(async () => {
        const sealing = await root.requireReady(call);
        await replaceList(withSealing(await probed(call), sealing), entries, call);
      }),
    checksumListStamp: (call) => reading(async () => listStamp(await used(call), call)),
    async *readChecksumList(call) {
      const parts = await reading(() => used(call));
      const none = new Error("no list");
      const errors = {
        absent: async () => none,
        damaged: (cause: unknown) => damaged(name, CHECKSUM_LIST, cause),
      };
      const list = readOpened(parts, parts.objectOf(CHECKSUM_LIST), null, errors, call);
      try {
        yield* streaming(list);
      } catch (error) {
        if (error !== none) throw error;
      }
    },
    traces: (key, call) => reading(async () => blobTraces(await used(call), key, call)),
    async remove(key, call) {
      throwIfAborted(call);
      const parts = await reading(() => used(call));
      return turns.run(key, () => removeBlob(parts, key, call));
    },
    sign: (recorded, call) => reading(() => root.sign(recorded, () => probed(call), call)),
    async sweep(call) {
      const standing = await root.look(call);
      return standing.kind === "ready" ? sweepUploads(withSealing(ground, standing.sealing), call) : 0;
    },
  };
}
