import type { S3StoreSettings } from "../../domain/preferences.js";
import { openS3Client } from "../../stores/s3/requests/s3-client.js";
import { storePolicy } from "../../stores/s3/requests/s3-policy.js";
import { type S3Requests, s3Requests } from "../../stores/s3/requests/s3-requests.js";
import { uploadRate } from "../../stores/s3/requests/upload-rate.js";
import { keepingOf } from "../../stores/s3/settings/s3-keeping.js";
import { s3PlaceOf } from "../../stores/s3/settings/s3-place.js";
import type { StoreSurroundings } from "../open-stores.js";
import { keysOf } from "../store-keys.js";

const IDLE_MS = 60_000;
/** Stands for the bucket in requests that are about none. */
const NO_BUCKET = "none";

/** Throws `config.store` (user) for settings that mean nothing, before anything is asked of a server. */
export function checkSettings(settings: S3StoreSettings): void {
  s3PlaceOf(null, settings);
  keepingOf(null, settings);
  if (settings.max_upload_rate !== undefined) uploadRate(null, settings.max_upload_rate);
}

/** Requests to the server of a store that is not there yet, about one of its account's buckets or about none. */
export function accountRequests(
  name: string,
  settings: Omit<S3StoreSettings, "bucket">,
  bucket: string | null,
  buckets: readonly string[],
  surroundings: StoreSurroundings,
): S3Requests {
  const place = s3PlaceOf(null, { ...settings, bucket: bucket ?? NO_BUCKET });
  const { time, random } = surroundings;
  return s3Requests({
    store: name,
    place,
    time,
    bodies: (bytes) => bytes,
    policy: storePolicy({ store: name, concurrency: 1, time, random }),
    open: async (call) =>
      openS3Client({
        place,
        keys: await keysOf({ name, called: name }, settings, buckets, surroundings, call),
        connections: 2,
        idleMs: IDLE_MS,
      }),
  });
}
