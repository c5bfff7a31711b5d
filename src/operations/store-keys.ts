import { PhotosyncError } from "../domain/errors.js";
import { variableOf } from "../infra/secrets/environment-secrets.js";
import type { Call } from "../ports/call.js";
import type { S3Keys } from "../stores/s3/s3-client.js";
import { secretsOf } from "./open-secrets.js";
import type { StoreSurroundings } from "./open-stores.js";

/** The name under which a store's keys are kept. */
export const accountOf = (store: string): string => `store-${store}`;

/** The access keys of a store: from the environment, else from where this user's secrets are kept. Throws `store.no-keys` (auth). */
export async function keysOf(
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
