import type { Encrypter, Identity } from "age-encryption";
import { PhotosyncError } from "../../../domain/errors.js";
import { scryptIdentity, scryptRecipient, WORK_FACTOR } from "../../../infra/age/scrypt-stanza.js";
import { parseIdentity, type X25519Identity } from "../../../infra/age/x25519-header.js";
import { variableOf } from "../../../infra/secrets/environment-secrets.js";
import { accountOf } from "../../../infra/secrets/store-account.js";

/** Whom a store's key file lets in. */
export type Lock =
  | { readonly kind: "passphrase" }
  | { readonly kind: "recipients"; readonly recipients: readonly string[] };

/** What may open a key file. */
export interface StoreSecrets {
  readonly passphrase?: string;
  /** `AGE-SECRET-KEY-…`, or the text of an identity file with several of them. */
  readonly identity?: string;
}

/** What a key file holds. */
export interface StoreKey {
  readonly store: string;
  /** The first commit of the library whose store it is; null in key files from before that was said. */
  readonly library: string | null;
  readonly identity: X25519Identity;
}

/** Tests open key files by the hundred. */
export interface LockOptions {
  readonly workFactor?: number;
}

const error = (
  kind: "auth" | "user" | "integrity",
  code: string,
  message: string,
  next: string,
): PhotosyncError => new PhotosyncError({ kind, code, message, next: [next] });

const variable = (store: string, field: keyof StoreSecrets): string => variableOf(accountOf(store), field);

const noPassphrase = (store: string): PhotosyncError =>
  error(
    "auth",
    "store.no-passphrase",
    `Store ${store} is encrypted, and there is no passphrase for it; nothing was read or written.`,
    `Set PHOTOSYNC_PASSPHRASE or ${variable(store, "passphrase")}, then run the same command again.`,
  );

const noIdentity = (store: string): PhotosyncError =>
  error(
    "auth",
    "store.no-identity",
    `Store ${store} is encrypted to recipients, and there is no identity of one of them here; nothing was read or written.`,
    `Set ${variable(store, "identity")} to an AGE-SECRET-KEY-… line, then run the same command again.`,
  );

const wrongPassphrase = (store: string): PhotosyncError =>
  error(
    "auth",
    "store.wrong-passphrase",
    `The passphrase is not the one of store ${store}; nothing was read or written.`,
    "Give the passphrase that the store was made with, or last given by `photosync store rekey`. Capitals and spaces count.",
  );

const wrongIdentity = (store: string, why: string): PhotosyncError =>
  error(
    "auth",
    "store.wrong-identity",
    `${why} store ${store}; nothing was read or written.`,
    "Give the identity of one of its recipients, or have the owner of one add yours and run `photosync store rekey`.",
  );

/** `store.damaged-key` (integrity): the key file cannot be what was written. */
export const damagedKey = (store: string): PhotosyncError =>
  error(
    "integrity",
    "store.damaged-key",
    `The key file of store ${store} is damaged; nothing was read or written.`,
    "Copy the newest of the other files in the bucket whose names begin with key- over key.age, or an earlier version of it.",
  );

/**
 * The text of a key: an identity file as `age -i` reads it, so that whoever opens the key file can open every object with `age` alone.
 */
const keyText = ({ store, library, identity }: StoreKey, createdAt: string): string =>
  [
    "# The key of an encrypted photosync store. Whoever has it can read everything in the store.",
    `# created: ${createdAt}`,
    `# store: ${JSON.stringify(store)}`,
    ...(library === null ? [] : [`# library: ${library}`]),
    `# public key: ${identity.recipient}`,
    identity.secret,
    "",
  ].join("\n");

function parseKey(text: string): StoreKey | null {
  const lines = text.split("\n").map((line) => line.trim());
  const [secret] = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const identity = parseIdentity(secret ?? "");
  const said = (what: string) => {
    const start = `# ${what}: `;
    return lines.find((line) => line.startsWith(start))?.slice(start.length);
  };
  if (identity === null) return null;
  try {
    const store: unknown = JSON.parse(said("store") ?? "");
    return typeof store === "string" ? { store, library: said("library") ?? null, identity } : null;
  } catch {
    return null;
  }
}

/** Who can open what `lock` locks. Throws `store.no-passphrase`, `store.no-identity` (auth) and, for what is no recipient, `config.store` (user). */
async function encrypterFor(
  lock: Lock,
  secrets: StoreSecrets,
  store: string,
  { workFactor = WORK_FACTOR }: LockOptions,
): Promise<Encrypter> {
  const age = await import("age-encryption");
  const encrypter = new age.Encrypter();
  if (lock.kind === "passphrase") {
    if (!secrets.passphrase) throw noPassphrase(store);
    encrypter.addRecipient(
      scryptRecipient(secrets.passphrase, workFactor, (args, body) => new age.Stanza(args, body)),
    );
    return encrypter;
  }
  for (const recipient of lock.recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw error(
        "user",
        "config.store",
        `${recipient.slice(0, 16)}… among the recipients of store ${store} is no age recipient.`,
        "Give the public key that `age-keygen -y` prints: age1…",
      );
    }
  }
  if (!secrets.identity) throw noIdentity(store);
  return encrypter;
}

/** Throws as `lockKey` does, and does nothing else. */
export async function requireLockable(lock: Lock, secrets: StoreSecrets, store: string): Promise<void> {
  await encrypterFor(lock, secrets, store, {});
}

/**
 * Encrypts a key to a passphrase or to recipients, as any age program would. Throws `store.no-passphrase`, `store.no-identity` (auth) and, for
 * what is no recipient, `config.store` (user).
 */
export async function lockKey(
  key: StoreKey,
  lock: Lock,
  secrets: StoreSecrets,
  createdAt: string,
  options: LockOptions = {},
): Promise<Uint8Array> {
  const encrypter = await encrypterFor(lock, secrets, key.store, options);
  return encrypter.encrypt(keyText(key, createdAt));
}

/**
 * Opens a key file with whatever fits. `store` is for messages. Throws (auth) `store.no-passphrase`, `store.wrong-passphrase`, `store.no-identity`,
 * `store.wrong-identity`, and (integrity) `store.damaged-key`.
 */
export async function unlockKey(bytes: Uint8Array, secrets: StoreSecrets, store: string): Promise<StoreKey> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  if (secrets.passphrase) decrypter.addIdentity(scryptIdentity(secrets.passphrase));
  const identities = (secrets.identity ?? "").split(/\s*\n\s*/).filter((line) => /^[^#\s]/.test(line));
  for (const line of identities) {
    try {
      decrypter.addIdentity(line.trim());
    } catch {
      throw wrongIdentity(store, "What was given as identity is none, and so does not open");
    }
  }
  let isForPassphrase: boolean | null = null;
  const otherwise: Identity = {
    unwrapFileKey(stanzas) {
      isForPassphrase = stanzas.some(({ args }) => args[0] === "scrypt");
      return null;
    },
  };
  // Asked last, and only where none of the others fits.
  decrypter.addIdentity(otherwise);
  let text: string;
  try {
    text = await decrypter.decrypt(bytes, "text");
  } catch {
    if (isForPassphrase === null) throw damagedKey(store);
    if (isForPassphrase) throw secrets.passphrase ? wrongPassphrase(store) : noPassphrase(store);
    throw identities.length > 0
      ? wrongIdentity(store, "The identity is of none of the recipients of")
      : noIdentity(store);
  }
  const key = parseKey(text);
  if (key === null) throw damagedKey(store);
  return key;
}

/** Below this, a passphrase that a person thought of is soon guessed by whoever has the key file. */
const LEAST_CHARACTERS = 14;

/** What is to be said of a passphrase that is too short; null of one that is not. */
export const weakness = (passphrase: string): string | null =>
  [...passphrase].length >= LEAST_CHARACTERS
    ? null
    : `The passphrase has fewer than ${LEAST_CHARACTERS} characters: whoever has the bucket can try guesses for as long as they like. Five or more random words are safe.`;
