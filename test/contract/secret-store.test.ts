import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemTime } from "../../src/infra/http/time.js";
import { FileVault } from "../../src/infra/secrets/file-vault.js";
import { KeychainVault } from "../../src/infra/secrets/keychain-vault.js";
import { secretStore } from "../../src/infra/secrets/secret-store.js";
import type { Vault } from "../../src/infra/secrets/vault.js";
import { accountLock } from "../../src/operations/account-lock.js";
import { FakeKeyring, MemoryVault, oneAfterAnother } from "../fakes/memory-vault.js";
import { type SecretStoreCase, secretStoreContract } from "./secret-store.js";

const accounts = ["flickr", "google-photos"].map((name) => ({ name, provider: name }));

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-secrets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

secretStoreContract("in memory", async (): Promise<SecretStoreCase> => {
  const file = new MemoryVault();
  const exclusively = oneAfterAnother();
  const open: SecretStoreCase["open"] = (env = {}) =>
    secretStore({ env, accounts, keychain: async () => null, file, exclusively });
  return { origin: "file", open };
});

secretStoreContract("in a file", async (): Promise<SecretStoreCase> => {
  const folder = join(await temporaryFolder(), "photosync", "secrets");
  const call = { signal: new AbortController().signal };
  const open: SecretStoreCase["open"] = (env = {}) =>
    secretStore({
      env,
      accounts,
      keychain: async () => null,
      file: new FileVault(folder),
      exclusively: accountLock(folder, systemTime, call),
    });
  return { origin: "file", open };
});

secretStoreContract("in the keychain", async (): Promise<SecretStoreCase> => {
  const keyring = new FakeKeyring();
  const file = new MemoryVault();
  const exclusively = oneAfterAnother();
  const keychain = async (): Promise<Vault> => new KeychainVault(keyring);
  const open: SecretStoreCase["open"] = (env = {}) =>
    secretStore({ env, accounts, keychain, file, exclusively });
  return { origin: "keychain", open };
});
