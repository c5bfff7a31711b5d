import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings } from "../domain/preferences.js";
import { digestOf } from "../infra/hash.js";
import { variableOf } from "../infra/secrets/environment-secrets.js";
import type { Call } from "../ports/call.js";
import { capabilityFile } from "../stores/s3/s3-capabilities.js";
import type { S3Keys } from "../stores/s3/s3-client.js";
import { keepingOf } from "../stores/s3/s3-keeping.js";
import { s3PlaceOf } from "../stores/s3/s3-place.js";
import { type S3Store, s3Store } from "../stores/s3/s3-store.js";
import { uploadNotes } from "../stores/s3/upload-notes.js";
import { uploadRate } from "../stores/s3/upload-rate.js";
import { secretsOf } from "./open-secrets.js";
import type { StoreSurroundings } from "./open-stores.js";

/** Where a library notes what it must know of a store on this computer. Names may differ by case alone, which not every disk tells apart. */
const notesFolder = (libraryRoot: string, store: string): string =>
  join(libraryRoot, ".photosync", "stores", `${store.toLowerCase()}-${digestOf(store).slice(0, 8)}`);

/** The name under which a store's keys are kept. */
const accountOf = (store: string): string => `store-${store}`;

/** The access keys of a store: from the environment, else from where this user's secrets are kept. Throws `store.no-keys` (auth). */
async function keysOf(
  store: string,
  buckets: readonly string[],
  { env, time }: StoreSurroundings,
  call: Call,
): Promise<S3Keys> {
  const account = accountOf(store);
  const accounts = buckets.map((name) => ({ name: accountOf(name), provider: "s3" }));
  const fields = (await secretsOf(accounts, env, time, call).read(account))?.fields ?? {};
  const {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    session_token: sessionToken,
  } = fields;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const names = ["access_key_id", "secret_access_key"].map((field) => variableOf(account, field));
    throw new PhotosyncError({
      kind: "auth",
      code: "store.no-keys",
      message: `There are no access keys for store ${store}.`,
      next: [
        `Set ${names.join(" and ")}${buckets.length === 1 ? ", or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" : ""}, then run the same command again.`,
      ],
    });
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** What its owner wants encrypted is not stored in the clear. */
function refuseEncryption(name: string, { encryption }: S3StoreSettings): void {
  if (encryption === undefined) return;
  throw new PhotosyncError({
    kind: "user",
    code: "store.unsupported",
    message: `Store ${name} is to be encrypted on this computer, which this version of photosync cannot do; nothing is stored there.`,
    next: [
      `Set "enabled": false for it in config/user-preferences.json until then, or take "encryption" out.`,
    ],
  });
}

/** The store of these settings; `buckets` are the names of all stores in buckets. Throws `config.store` (user). */
export function openS3Store(
  name: string,
  settings: S3StoreSettings,
  libraryRoot: string,
  buckets: readonly string[],
  surroundings: StoreSurroundings,
): S3Store {
  refuseEncryption(name, settings);
  const place = s3PlaceOf(name, settings);
  const { max_upload_rate: rate } = settings;
  const folder = notesFolder(libraryRoot, name);
  const { time, random } = surroundings;
  return s3Store({
    name,
    place,
    keys: (call) => keysOf(name, buckets, surroundings, call),
    keeping: keepingOf(name, settings),
    memory: capabilityFile(join(folder, "capabilities.json"), place),
    notes: uploadNotes(join(folder, "uploads")),
    time,
    random,
    ...(rate === undefined ? {} : { bytesPerSecond: uploadRate(name, rate) }),
    ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
  });
}
