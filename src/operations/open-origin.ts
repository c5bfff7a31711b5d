import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings, StoreSettings } from "../domain/preferences.js";
import { storeUrl } from "../domain/store-url.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import type { SecretFields } from "../ports/secrets.js";
import type { Person } from "../services/sign-in/way.js";
import { realDisk } from "../stores/disk.js";
import { localStore } from "../stores/local-store.js";
import { parseStoreUrl } from "../stores/parse-store-url.js";
import { readMarker } from "../stores/store-marker.js";
import type { StoreSurroundings } from "./open-stores.js";

/** A store that is known by its address alone. */
export interface Origin {
  /** What it calls itself. */
  readonly name: string;
  readonly settings: StoreSettings;
  /** Its address, as it is written down. */
  readonly where: string;
  readonly store: BlobStore;
  /** What opens it again under its own name. */
  readonly surroundings: StoreSurroundings;
  /** What of that was typed, and is known nowhere else. */
  readonly typed: SecretFields;
}

export interface OriginOptions {
  readonly url: string;
  /** Relative folders count from here. */
  readonly cwd: string;
  /** The library that will be, where notes on the store are kept. */
  readonly libraryRoot: string;
  /** Under whose name its keys are looked up; without it they come from the environment, or are asked for. */
  readonly name?: string;
  readonly surroundings: StoreSurroundings;
  readonly person: Person;
}

/** Whose keys are looked up before a store has told its name. */
const UNKNOWN = "recover";

const noStore = (where: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "recover.no-store",
    message: `No photosync store is at ${where}.`,
    next: [
      "Give the address of a store, as photosync status shows it in the library: a bucket with its prefix, or a folder.",
    ],
  });

/** Opens the store at an address under the name that it gives itself. Throws `store.bad-url`, `recover.no-store` (user), `store.no-keys` (auth), and what requests throw. */
export async function openOrigin(options: OriginOptions, call: Call): Promise<Origin> {
  const settings = parseStoreUrl(options.url, options.cwd);
  return settings.type === "local"
    ? openFolder(settings.path, settings, options)
    : openBucket(settings, options, call);
}

async function openFolder(
  root: string,
  settings: StoreSettings,
  { surroundings }: OriginOptions,
): Promise<Origin> {
  const marker = await readMarker(realDisk, root);
  if (marker.kind === "unreadable")
    throw new PhotosyncError({
      kind: "integrity",
      code: "store.unavailable",
      message: `The store at ${root} cannot be used: ${marker.why}`,
      next: ["Put its marker back from another copy of the folder, then run the same command again."],
    });
  if (marker.kind === "none") throw noStore(root);
  const { name } = marker;
  return { name, settings, where: root, store: localStore({ name, root }), surroundings, typed: {} };
}

async function openBucket(settings: S3StoreSettings, options: OriginOptions, call: Call): Promise<Origin> {
  const { openS3Store } = await import("./open-s3-store.js");
  const { libraryRoot } = options;
  const asked = options.name ?? UNKNOWN;
  const where = storeUrl(settings);
  // Nobody but photosync knows it by the stand-in for its name.
  const called = options.name ?? where;
  const opened = await unlocked(settings, options, call, (ways) =>
    openS3Store(asked, ways.settings, libraryRoot, [asked], ways.surroundings, called).nameThere(call),
  );
  const { name } = opened;
  if (name === null) throw noStore(where);
  const own = await underOwnName(asked, name, opened, call);
  const store = openS3Store(name, opened.settings, libraryRoot, [name], own);
  return { name, settings: opened.settings, where, store, surroundings: own, typed: opened.typed };
}

/** How a bucket is opened, as far as it is known. */
interface Ways {
  readonly settings: S3StoreSettings;
  readonly surroundings: StoreSurroundings;
  readonly typed: SecretFields;
}

/** So often something may be learned or mistyped. */
const MOST_TURNS = 8;

/** Tries to read a store's name, and learns from each refusal what is still needed: that it is sealed, its keys, its passphrase. */
async function unlocked(
  settings: S3StoreSettings,
  { surroundings, person }: OriginOptions,
  call: Call,
  nameThere: (ways: Ways) => Promise<string | null>,
): Promise<Ways & { readonly name: string | null }> {
  let ways: Ways = { settings, surroundings, typed: {} };
  for (let turn = 0; ; turn++) {
    try {
      return { ...ways, name: await nameThere(ways) };
    } catch (error) {
      if (!(error instanceof PhotosyncError) || turn === MOST_TURNS) throw error;
      const answered = await answer(error, ways, person, call);
      if (answered === null) throw error;
      ways = answered;
    }
  }
}

/** What a refusal asks for, where it can be had; else null. What was mistyped is asked for again. */
async function answer(
  { code, message }: PhotosyncError,
  ways: Ways,
  { ask, tell }: Person,
  call: Call,
): Promise<Ways | null> {
  const { settings, typed } = ways;
  // Whatever fits opens it: recipients' identities are looked for, too.
  if (code === "store.sealed" && settings.encryption === undefined)
    return { ...ways, settings: { ...settings, encryption: "age" } };
  if (ask === null) return null;
  const hasKeys = typed["access_key_id"] !== undefined;
  if (hasKeys ? code === "store.wrong-keys" : code === "store.no-keys") {
    if (hasKeys) tell([message]);
    const access_key_id = await ask({ label: "Access key ID", hidden: false }, call);
    const secret_access_key = await ask({ label: "Secret access key", hidden: true }, call);
    return withTyped(ways, { access_key_id, secret_access_key });
  }
  const hasPhrase = typed["passphrase"] !== undefined;
  if (hasPhrase ? code === "store.wrong-passphrase" : code === "store.no-passphrase") {
    if (hasPhrase) tell(["That is not the passphrase. Capitals and spaces count."]);
    return withTyped(ways, {
      passphrase: await ask({ label: "Passphrase of the store", hidden: true }, call),
    });
  }
  return null;
}

const VARIABLES: Readonly<Record<string, string>> = {
  access_key_id: "AWS_ACCESS_KEY_ID",
  secret_access_key: "AWS_SECRET_ACCESS_KEY",
  passphrase: "PHOTOSYNC_PASSPHRASE",
};

/** With what was typed now, as if the environment said it; null where nothing was. */
function withTyped(ways: Ways, fields: SecretFields): Ways | null {
  if (Object.values(fields).includes("")) return null;
  const { surroundings } = ways;
  const env = { ...surroundings.env };
  for (const [field, value] of Object.entries(fields)) env[VARIABLES[field] ?? field] = value;
  return { ...ways, typed: { ...ways.typed, ...fields }, surroundings: { ...surroundings, env } };
}

/** Keys that were found under another name serve the store's own. */
async function underOwnName(
  asked: string,
  name: string,
  { settings, surroundings }: Ways,
  call: Call,
): Promise<StoreSurroundings> {
  if (asked === name) return surroundings;
  const { keysOf } = await import("./store-keys.js");
  const keys = await keysOf({ name: asked, called: name }, settings, [asked], surroundings, call);
  if (typeof keys === "function") return surroundings;
  return {
    ...surroundings,
    env: {
      ...surroundings.env,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
    },
  };
}
