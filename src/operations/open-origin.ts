import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings, StoreSettings } from "../domain/preferences.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import type { Person } from "../services/sign-in/way.js";
import { realDisk } from "../stores/disk.js";
import { localStore } from "../stores/local-store.js";
import { readMarker } from "../stores/store-marker.js";
import { parseStoreUrl, s3UrlOf } from "../stores/store-url.js";
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
  const nameThere = (surroundings: StoreSurroundings) =>
    openS3Store(asked, settings, libraryRoot, [asked], surroundings).nameThere(call);
  let { surroundings } = options;
  let name: string | null;
  try {
    name = await nameThere(surroundings);
  } catch (error) {
    const { ask } = options.person;
    if (!(error instanceof PhotosyncError) || error.code !== "store.no-keys" || ask === null) throw error;
    const AWS_ACCESS_KEY_ID = await ask({ label: "Access key id", hidden: false }, call);
    const AWS_SECRET_ACCESS_KEY = await ask({ label: "Secret access key", hidden: true }, call);
    surroundings = {
      ...surroundings,
      env: { ...surroundings.env, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY },
    };
    name = await nameThere(surroundings);
  }
  const where = s3UrlOf(settings);
  if (name === null) throw noStore(where);
  const own = await underOwnName(asked, name, settings, surroundings, call);
  return {
    name,
    settings,
    where,
    store: openS3Store(name, settings, libraryRoot, [name], own),
    surroundings: own,
  };
}

/** Keys that were found under another name serve the store's own. */
async function underOwnName(
  asked: string,
  name: string,
  settings: S3StoreSettings,
  surroundings: StoreSurroundings,
  call: Call,
): Promise<StoreSurroundings> {
  if (asked === name || settings.profile !== undefined) return surroundings;
  const { keysOf } = await import("./store-keys.js");
  const keys = await keysOf(asked, [asked], surroundings, call);
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
