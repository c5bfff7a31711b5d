import { join } from "node:path";
import { libraryHistory } from "../control/library-history.js";
import type { S3StoreSettings } from "../domain/preferences.js";
import { digestOf } from "../infra/hash.js";
import { capabilityFile } from "../stores/s3/probing/s3-capabilities.js";
import { uploadRate } from "../stores/s3/requests/upload-rate.js";
import { type S3Store, s3Store } from "../stores/s3/s3-store.js";
import { knownKeyFile } from "../stores/s3/sealing/known-key.js";
import { keepingOf } from "../stores/s3/settings/s3-keeping.js";
import { s3PlaceOf, s3Url } from "../stores/s3/settings/s3-place.js";
import { uploadNotes } from "../stores/s3/writing/upload-notes.js";
import type { StoreSurroundings } from "./open-stores.js";
import { encryptionOf } from "./sealed-secrets.js";
import { keysOf } from "./store-keys.js";

/** Where a library notes what it must know of a store on this computer. Names may differ by case alone, which not every disk tells apart. */
const notesFolder = (libraryRoot: string, store: string): string =>
  join(libraryRoot, ".photosync", "stores", `${store.toLowerCase()}-${digestOf(store).slice(0, 8)}`);

/**
 * The store of these settings; `buckets` are the names of all stores in buckets. `called` is what people know it by where that is not the name yet
 * under which its secrets and notes are kept. Throws `config.store` (user).
 */
export function openS3Store(
  name: string,
  settings: S3StoreSettings,
  libraryRoot: string,
  buckets: readonly string[],
  surroundings: StoreSurroundings,
  called = name,
): S3Store {
  const place = s3PlaceOf(name, settings);
  const { max_upload_rate: rate } = settings;
  const { uploadBytesPerSecond: asked = Number.POSITIVE_INFINITY } = surroundings;
  const bytesPerSecond = Math.min(asked, rate === undefined ? asked : uploadRate(name, rate));
  const folder = notesFolder(libraryRoot, name);
  const { time, random } = surroundings;
  const encryption = encryptionOf(
    name,
    settings,
    knownKeyFile(join(folder, "key.json"), place),
    surroundings,
  );
  return s3Store({
    name: called,
    place,
    library: libraryHistory(libraryRoot),
    keys: (call) => keysOf({ name, called }, settings, buckets, surroundings, call),
    keeping: keepingOf(name, settings),
    memory: capabilityFile(join(folder, "capabilities.json"), place, time),
    // An upload's id means nothing to another bucket.
    notes: uploadNotes(join(folder, "uploads", digestOf(`${place.endpoint} ${s3Url(place)}`).slice(0, 8))),
    time,
    random,
    ...(Number.isFinite(bytesPerSecond) ? { bytesPerSecond } : {}),
    ...(encryption === null ? {} : { encryption }),
    ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
  });
}
