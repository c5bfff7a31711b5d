import { randomBytes } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import { newIdentity } from "../../../infra/age/x25519-header.js";
import type { Call } from "../../../ports/call.js";
import { isBlobFolder, MARKER } from "../../store-marker.js";
import { headObject, removeObject } from "../objects/s3-objects.js";
import { foldersInBucket, walkObjects } from "../reading/list-bucket.js";
import { readSmall } from "../reading/read-small.js";
import type { ProbedParts, S3Ground } from "../s3-parts.js";
import type { Marked, Marking } from "../s3-root.js";
import { s3Url } from "../settings/s3-place.js";
import { storeSmall } from "../writing/store-small.js";
import { ageSealing, SEALED_LAYOUT } from "./age-sealing.js";
import { agreeOnKey, ELECTION, type SharedGround } from "./agree-on-key.js";
import {
  type Lock,
  type LockOptions,
  lockKey,
  requireLockable,
  type StoreKey,
  type StoreSecrets,
  unlockKey,
} from "./key-file.js";
import { type KnownKey, requireKnown } from "./known-key.js";
import { KEY_FILE } from "./sealing.js";

/** How a store is encrypted. */
export interface Encryption extends LockOptions {
  readonly lock: Lock;
  /** Without it, whatever key file stands there is believed. */
  readonly known?: KnownKey;
  /** Asked when the key file is first opened or made. */
  secrets(call: Call): Promise<StoreSecrets>;
  /** How long listings may lag behind, where computers that begin at once know of each other by listings alone. */
  readonly settleMs?: number;
}

/** S3 lists what was just written; Swift promises that for a while later. */
const SETTLE_MS = 3_000;

const inTheClear = (name: string, where: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.in-the-clear",
    message: `What is at ${where} is a store that is not encrypted, and the settings of store ${name} say that it is; nothing was changed.`,
    next: [
      'Give the encrypted store a prefix of its own and run: photosync replicate --execute. To go on without encryption, take "encryption" out of config/user-preferences.json.',
    ],
  });

const keyless = (name: string, where: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.no-key-file",
    message: `There are encrypted objects at ${where}, and ${KEY_FILE}, which opens them, is gone; store ${name} is left alone.`,
    next: [
      `Copy the newest of the files there whose names begin with key- to ${KEY_FILE}, or an earlier version of it.`,
    ],
  });

const markedBy = ({ store, library, identity }: StoreKey): Marked => ({
  kind: "store",
  name: store,
  library,
  sealing: ageSealing(identity),
});

/** A sealed store is marked by its key file, which whoever has the bucket can see and not read. */
export function sealedMarking(ground: S3Ground, encryption: Encryption): Marking {
  const { name, requests, time } = ground;
  const { prefix } = requests.place;
  const where = s3Url(requests.place);
  /** The key file that was last opened, or could not be. */
  let opened: { readonly bytes: Uint8Array; readonly key: Promise<StoreKey> } | null = null;

  async function open(bytes: Uint8Array, call: Call): Promise<Marked> {
    const secrets = await encryption.secrets(call);
    // Opening takes a second, whatever comes of it: once is enough.
    if (opened === null || Buffer.compare(opened.bytes, bytes) !== 0)
      opened = { bytes, key: unlockKey(bytes, secrets, name) };
    const key = await opened.key;
    if (encryption.known !== undefined) await requireKnown(encryption.known, key.identity.recipient, name);
    return markedBy(key);
  }

  return {
    sealing: null,
    async read(call) {
      const bytes = await readSmall(ground, prefix + KEY_FILE, call);
      if (bytes !== null) return open(bytes, call);
      if ((await headObject(requests, prefix + MARKER, call)) !== null) throw inTheClear(name, where);
      const folders = await foldersInBucket(ground, call);
      if (folders.some(isBlobFolder)) throw inTheClear(name, where);
      if (folders.some((folder) => `${folder}/` === SEALED_LAYOUT.blobs)) throw keyless(name, where);
      await requireLockable(encryption.lock, await encryption.secrets(call), name);
      return { kind: "none" };
    },
    async write(parts, library, call) {
      const key = { store: name, library, identity: newIdentity() };
      const createdAt = new Date(time.nowMs()).toISOString();
      const secrets = await encryption.secrets(call);
      const bytes = await lockKey(key, encryption.lock, secrets, createdAt, encryption);
      await requireOpened(bytes, encryption.lock, secrets, name);
      // Should it be the one that stands there in the end, it need not be opened, which takes a second.
      opened = { bytes, key: Promise.resolve(key) };
      // What was known here is gone, and should not keep its successor out.
      if ((await encryption.known?.recall()) != null)
        await encryption.known?.remember(key.identity.recipient);
      if (parts.can.conditionalPut) {
        await storeSmall(parts, KEY_FILE, bytes, { ifAbsent: true }, call);
        return;
      }
      await agreeOnKey(bytes, sharedGround(parts, encryption.settleMs ?? SETTLE_MS), call);
    },
  };
}

/** A bucket as those see it that begin the store at once. */
function sharedGround(parts: ProbedParts, settleMs: number): SharedGround {
  const { requests, time, random } = parts;
  const { prefix } = requests.place;
  const beganMs = time.nowMs();
  return {
    self: randomBytes(8).toString("hex"),
    put: (name, bytes, call) => storeSmall(parts, name, bytes, { ifAbsent: false }, call),
    read: (name, call) => readSmall(parts, prefix + name, call),
    async names(call) {
      const names: string[] = [];
      for await (const { key } of walkObjects(parts, prefix + ELECTION, undefined, call))
        names.push(key.slice(prefix.length));
      return names;
    },
    async remove(name, call) {
      await removeObject(requests, prefix + name, call);
    },
    settle: (call) => time.sleep(settleMs, call),
    yieldToOthers: (call) => time.sleep(random() * (settleMs + Math.max(0, time.nowMs() - beganMs)), call),
  };
}

/** Throws `store.wrong-identity` (auth) where a key file was just locked to others than whoever locked it. */
export async function requireOpened(
  bytes: Uint8Array,
  lock: Lock,
  secrets: StoreSecrets,
  store: string,
): Promise<void> {
  if (lock.kind === "recipients") await unlockKey(bytes, secrets, store);
}

/** Under which name a key file is kept that is not in use: `key-20261122T014500Z-k3x9….age`. */
export const datedKeyFile = (at: string, tag: string): string =>
  `key-${at.replace(/\.\d+/, "").replace(/[-:]/g, "")}-${tag.slice(-8)}.age`;
