import { createHash } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import { otherLibrary } from "../../store-marker.js";
import { readSmall } from "../reading/read-small.js";
import type { ProbedParts } from "../s3-parts.js";
import { s3Url } from "../settings/s3-place.js";
import { storeSmall } from "../writing/store-small.js";
import { lockKey, type StoreKey, type StoreSecrets, unlockKey } from "./key-file.js";
import { datedKeyFile, type Encryption, requireOpened } from "./sealed-marking.js";
import { KEY_FILE } from "./sealing.js";

export interface RekeyOptions {
  /** What may open it where `encryption` does not any more. */
  readonly former: readonly StoreSecrets[];
  /** Opens it, and writes nothing. */
  readonly isDry: boolean;
}

/** What came of it. */
export interface Rekeyed {
  /** False where the key file was locked, and said, as it should before. */
  readonly changed: boolean;
  /** Where the key file that was in use before is kept. */
  readonly keptAs: string | null;
}

const cannot = (kind: "user" | "integrity", code: string, message: string, next: string): PhotosyncError =>
  new PhotosyncError({ kind, code, message, next: [next] });

/**
 * Locks a store's key file anew as its settings say; what is in use is opened as they say or by one of `former`, and kept under a
 * dated name. The key itself stays, so no other object changes. One from before that says nothing of its library says it then. The new one is
 * opened before it replaces the old, and read back afterwards. Throws as `unlockKey` does, `store.no-key-file` and `store.other-library` (user).
 */
export async function rekey(
  parts: ProbedParts,
  encryption: Encryption,
  { former, isDry }: RekeyOptions,
  call: Call,
): Promise<Rekeyed> {
  const { name, requests, time } = parts;
  const where = s3Url(requests.place, KEY_FILE);
  const object = requests.place.prefix + KEY_FILE;
  const bytes = await readSmall(parts, object, call);
  if (bytes === null)
    throw cannot(
      "user",
      "store.no-key-file",
      `There is no ${where}, so there is nothing to lock anew.`,
      "Run: photosync replicate --execute, which makes it.",
    );
  const secrets = await encryption.secrets(call);
  const mine = await unlockKey(bytes, secrets, name).catch((error: unknown) => {
    if (error instanceof PhotosyncError && error.kind === "auth") return error;
    throw error;
  });
  const found = mine instanceof PhotosyncError ? await openedBy(bytes, former, name, mine) : mine;
  const { library } = parts;
  if (found.library !== null && library !== null && !(await library.knows(found.library)))
    throw otherLibrary(name, where, found.library);
  const key = { ...found, library: found.library ?? (await library?.first(call)) ?? null };
  const isSame = key.library === found.library && !(mine instanceof PhotosyncError);
  if (isSame && encryption.lock.kind === "passphrase" && isForPassphrase(bytes))
    return { changed: false, keptAs: null };
  const at = new Date(time.nowMs()).toISOString();
  const fresh = await lockKey(key, encryption.lock, secrets, at, encryption);
  await requireOpened(fresh, encryption.lock, secrets, name);
  if (isDry) return { changed: true, keptAs: null };
  const kept = datedKeyFile(at, createHash("sha256").update(bytes).digest("hex"));
  await storeSmall(parts, kept, bytes, { ifAbsent: false }, call);
  await storeSmall(parts, KEY_FILE, fresh, { ifAbsent: false }, call);
  const now = await readSmall(parts, object, call);
  if (now === null || Buffer.compare(now, fresh) !== 0)
    throw cannot(
      "integrity",
      "store.unreliable",
      `${where} was changed by another computer at the same time; what it was before is kept as ${kept}.`,
      "Run the same command again.",
    );
  return { changed: true, keptAs: s3Url(requests.place, kept) };
}

/** `store.not-sealed` (user): there is no key file to lock anew. */
export const notSealed = (store: string): PhotosyncError =>
  cannot(
    "user",
    "store.not-sealed",
    `Store ${store} is not encrypted: its settings say nothing of it.`,
    'To encrypt, make a store with "encryption" and a prefix of its own.',
  );

/** A passphrase is always the only way into a file: https://c2sp.org/age, "The scrypt recipient type". */
const isForPassphrase = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 64)).toString("latin1").includes("\n-> scrypt ");

async function openedBy(
  bytes: Uint8Array,
  former: readonly StoreSecrets[],
  store: string,
  otherwise: PhotosyncError,
): Promise<StoreKey> {
  for (const each of former) {
    try {
      return await unlockKey(bytes, each, store);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind !== "auth") throw error;
    }
  }
  throw otherwise;
}
