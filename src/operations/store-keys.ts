import { PhotosyncError } from "../domain/errors.js";
import type { S3StoreSettings } from "../domain/preferences.js";
import { variableOf } from "../infra/secrets/environment-secrets.js";
import { accountOf } from "../infra/secrets/store-account.js";
import type { Call } from "../ports/call.js";
import type { SecretStore } from "../ports/secrets.js";
import type { KeySource } from "../stores/s3/requests/s3-client.js";
import { secretsOf } from "./open-secrets.js";
import type { StoreSurroundings } from "./open-stores.js";

/** The secrets of stores in buckets; `buckets` names all of them, for what the environment says to the only one. */
export const storeSecrets = (
  buckets: readonly string[],
  { env, time }: Pick<StoreSurroundings, "env" | "time">,
  call: Call,
): SecretStore =>
  secretsOf(
    buckets.map((name) => ({ name: accountOf(name), provider: "s3" })),
    env,
    time,
    call,
  );

/** What of a store's settings says how it is opened. */
export type OpeningSettings = Omit<S3StoreSettings, "bucket">;

/** Whose keys are looked up. */
export interface KeyOwner {
  /** Under which name they are kept. */
  readonly name: string;
  /** What people know the store by, where something is said of it. */
  readonly called: string;
}

/**
 * What opens a store: the profile or role that its settings name, else access keys from the environment, else from where this user's secrets are
 * kept. Throws `store.no-keys` (auth).
 */
export async function keysOf(
  { name, called }: KeyOwner,
  settings: OpeningSettings,
  buckets: readonly string[],
  { env, time }: StoreSurroundings,
  call: Call,
): Promise<KeySource> {
  const { profile, machine_role, preset, endpoint, region } = settings;
  if (profile !== undefined || machine_role === true) {
    const { machineKeys, profileKeys } = await import("../stores/s3/settings/aws-sign-in.js");
    if (profile === undefined) return machineKeys(called, env);
    // Regions of others mean nothing to Amazon, which is asked for the keys of a role.
    const isAmazon = endpoint === undefined && (preset ?? "aws") === "aws";
    return profileKeys(called, profile, env, isAmazon ? (region ?? null) : null);
  }
  const account = accountOf(name);
  const fields = (await storeSecrets(buckets, { env, time }, call).read(account))?.fields ?? {};
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
      message: `There are no access keys for store ${called}.`,
      next: [
        `Set ${names.join(" and ")}${buckets.length === 1 ? ", or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" : ""}, then run the same command again.`,
      ],
    });
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
