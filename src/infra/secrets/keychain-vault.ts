import { PhotosyncError } from "../../domain/errors.js";
import type { Vault } from "./vault.js";

/** The part of `@napi-rs/keyring` that is used; a test gives another. */
export interface Keyring {
  getPassword(account: string): Promise<string | null>;
  setPassword(account: string, text: string): Promise<void>;
  deletePassword(account: string): Promise<boolean>;
}

/** Under what name the operating system lists photosync's entries. */
const SERVICE = "photosync";

/** Keeps accounts in the operating system's keychain. Throws `secrets.keychain-locked` (user) where it does not answer. */
export class KeychainVault implements Vault {
  readonly origin = "keychain";
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  read(account: string): Promise<string | null> {
    return this.#keyring.getPassword(account).catch(locked);
  }

  write(account: string, text: string): Promise<void> {
    return this.#keyring.setPassword(account, text).catch(locked);
  }

  remove(account: string): Promise<boolean> {
    return this.#keyring.deletePassword(account).catch(locked);
  }
}

/** What the keychain said is not repeated: nobody knows what it quotes. */
function locked(): never {
  throw new PhotosyncError({
    kind: "user",
    code: "secrets.keychain-locked",
    message: "This computer's keychain does not answer.",
    next: ["Unlock it and run the command again, or do without it: PHOTOSYNC_KEYCHAIN=off."],
  });
}

/**
 * The operating system's keychain; null where there is none that answers: a headless Linux, a locked session, no binary for this
 * platform. On Linux only the Secret Service counts: the kernel's own keyring, which the library would fall back to, forgets at
 * every restart.
 */
export async function systemKeyring(): Promise<Keyring | null> {
  try {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    const entry = (account: string) =>
      new AsyncEntry(SERVICE, account, { linux: { store: "secret-service" } });
    // A keychain that cannot be asked cannot be relied on.
    await entry("probe").getPassword();
    return {
      getPassword: (account) => entry(account).getPassword(),
      setPassword: (account, text) => entry(account).setPassword(text),
      deletePassword: (account) => entry(account).deletePassword(),
    };
  } catch {
    return null;
  }
}
