import type { S3StoreSettings } from "../domain/preferences.js";
import { environmentSecrets } from "../infra/secrets/environment-secrets.js";
import { accountOf } from "../infra/secrets/store-account.js";
import type { Call } from "../ports/call.js";
import type { SecretFields } from "../ports/secrets.js";
import type { Lock, StoreSecrets } from "../stores/s3/sealing/key-file.js";
import type { KnownKey } from "../stores/s3/sealing/known-key.js";
import type { Encryption } from "../stores/s3/sealing/sealed-marking.js";
import { secretsOf } from "./open-secrets.js";
import type { StoreSurroundings } from "./open-stores.js";

/** How the settings of a store want it encrypted, with the key that is known of it; null where they do not. */
export function encryptionOf(
  store: string,
  { encryption }: S3StoreSettings,
  known: KnownKey,
  surroundings: StoreSurroundings,
): Encryption | null {
  if (encryption === undefined) return null;
  const lock: Lock =
    encryption === "age" || encryption.method === "passphrase"
      ? { kind: "passphrase" }
      : { kind: "recipients", recipients: encryption.recipients };
  return { lock, known, secrets: (call) => sealedSecrets(store, lock, surroundings, call) };
}

/** What opens a sealed store: from the environment, else from where this user's secrets are kept. */
async function sealedSecrets(
  store: string,
  lock: Lock,
  surroundings: StoreSurroundings,
  call: Call,
): Promise<StoreSecrets> {
  const said = saidSecrets(store, surroundings);
  const needed = lock.kind === "passphrase" ? said.passphrase : said.identity;
  return needed === undefined ? { ...(await keptSecrets(store, surroundings, call)), ...said } : said;
}

/** What may have opened it before: what is kept though the environment says otherwise, and what the environment gives as old. */
export async function formerSecrets(
  store: string,
  surroundings: StoreSurroundings,
  call: Call,
): Promise<readonly StoreSecrets[]> {
  return [saidOf(store, "age-before", surroundings), await keptSecrets(store, surroundings, call)];
}

/** What the environment says of it. */
export const saidSecrets = (store: string, surroundings: StoreSurroundings): StoreSecrets =>
  saidOf(store, "age", surroundings);

const saidOf = (store: string, provider: "age" | "age-before", { env }: StoreSurroundings): StoreSecrets => {
  const account = { name: accountOf(store), provider };
  return secretsIn(environmentSecrets(env, account, [account]));
};

/** What this user's keychain or file has of it, whatever the environment says. */
export async function keptSecrets(
  store: string,
  { env, time }: StoreSurroundings,
  call: Call,
): Promise<StoreSecrets> {
  const account = accountOf(store);
  // An account of no provider has nothing in the environment.
  const kept = await secretsOf([{ name: account, provider: "kept" }], env, time, call).read(account);
  return secretsIn(kept?.fields ?? {});
}

function secretsIn({ passphrase, identity, old_passphrase, old_identity }: SecretFields): StoreSecrets {
  const either = passphrase ?? old_passphrase;
  const its = identity ?? old_identity;
  return {
    ...(either === undefined ? {} : { passphrase: either }),
    ...(its === undefined ? {} : { identity: its }),
  };
}
