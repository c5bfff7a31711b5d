import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings, StoreSettings } from "../domain/preferences.js";
import { storeUrl } from "../domain/store-url.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
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
  return { name, settings, where: root, store: localStore({ name, root }), surroundings };
}

async function openBucket(settings: S3StoreSettings, options: OriginOptions, call: Call): Promise<Origin> {
  const { openS3Store } = await import("./open-s3-store.js");
  const { libraryRoot } = options;
  const asked = options.name ?? UNKNOWN;
  const where = storeUrl(settings);
  const opened = await unlocked(settings, options, call, (ways) =>
    openS3Store(asked, ways.settings, libraryRoot, [asked], ways.surroundings).nameThere(call),
  ).catch((error: unknown) => {
    throw options.name === undefined ? toldOfAddress(error, where) : error;
  });
  const { name } = opened;
  if (name === null) throw noStore(where);
  const own = await underOwnName(asked, name, opened, call);
  const store = openS3Store(name, opened.settings, libraryRoot, [name], own);
  return { name, settings: opened.settings, where, store, surroundings: own };
}

/** Nobody but photosync knows a store by the stand-in for its name: what it says of that one it means of the address. */
function toldOfAddress(error: unknown, where: string): unknown {
  if (!(error instanceof PhotosyncError)) return error;
  const { kind, code, next, data } = error;
  const message = error.message.replaceAll(
    new RegExp(`\\b([Ss])tore ${UNKNOWN}\\b`, "g"),
    (_, first) => `${first === "S" ? "The" : "the"} store at ${where}`,
  );
  return new PhotosyncError({ kind, code, message, next, data, cause: error });
}

/** How a bucket is opened, as far as it is known. */
interface Ways {
  readonly settings: S3StoreSettings;
  readonly surroundings: StoreSurroundings;
}

/** Tries to read a store's name, and learns from each refusal what is still needed: that it is sealed, its keys, its passphrase. */
async function unlocked(
  settings: S3StoreSettings,
  { surroundings, person: { ask } }: OriginOptions,
  call: Call,
  nameThere: (ways: Ways) => Promise<string | null>,
): Promise<Ways & { readonly name: string | null }> {
  let ways: Ways = { settings, surroundings };
  const learned = new Set<string>();
  for (;;) {
    try {
      return { ...ways, name: await nameThere(ways) };
    } catch (error) {
      const code = error instanceof PhotosyncError ? error.code : "";
      const answered = learned.has(code) ? null : await answer(code, ways, ask, call);
      if (answered === null) throw error;
      learned.add(code);
      ways = answered;
    }
  }
}

/** What a refusal asks for, where it can be had; else null. */
async function answer(code: string, ways: Ways, ask: Person["ask"], call: Call): Promise<Ways | null> {
  // Whatever fits opens it: recipients' identities are looked for, too.
  if (code === "store.sealed") return { ...ways, settings: { ...ways.settings, encryption: "age" } };
  if (ask === null) return null;
  const typed: Record<string, string> = {};
  if (code === "store.no-keys") {
    typed["AWS_ACCESS_KEY_ID"] = await ask({ label: "Access key id", hidden: false }, call);
    typed["AWS_SECRET_ACCESS_KEY"] = await ask({ label: "Secret access key", hidden: true }, call);
  } else if (code === "store.no-passphrase")
    typed["PHOTOSYNC_PASSPHRASE"] = await ask({ label: "Passphrase of the store", hidden: true }, call);
  else return null;
  const { surroundings } = ways;
  return { ...ways, surroundings: { ...surroundings, env: { ...surroundings.env, ...typed } } };
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
  const keys = await keysOf(asked, settings, [asked], surroundings, call);
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
