import { join } from "node:path";
import type { Services } from "../control/config.js";
import type { Time } from "../infra/http/time.js";
import type { Environment, SecretAccount } from "../infra/secrets/environment-secrets.js";
import { FileVault, userConfigFolder } from "../infra/secrets/file-vault.js";
import { KeychainVault, systemKeyring } from "../infra/secrets/keychain-vault.js";
import { secretStore } from "../infra/secrets/secret-store.js";
import type { Call } from "../ports/call.js";
import type { SecretStore } from "../ports/secrets.js";
import { accountLock } from "./account-lock.js";

/** The secrets of this user on this computer, for the accounts of a library. */
export const openSecrets = (services: Services, env: Environment, time: Time, call: Call): SecretStore =>
  secretsOf(
    Object.entries(services).map(([name, { provider }]) => ({ name, provider: provider ?? name })),
    env,
    time,
    call,
  );

/** The same for whatever else signs in. */
export function secretsOf(
  accounts: readonly SecretAccount[],
  env: Environment,
  time: Time,
  call: Call,
): SecretStore {
  const folder = join(userConfigFolder(env), "secrets");
  return secretStore({
    env,
    accounts,
    keychain: async () => {
      const keyring = await systemKeyring();
      return keyring === null ? null : new KeychainVault(keyring);
    },
    file: new FileVault(folder),
    exclusively: accountLock(folder, time, call),
  });
}
