import type { Keyring } from "../../src/infra/secrets/keychain-vault.js";
import type { Vault } from "../../src/infra/secrets/vault.js";

/** A vault that forgets when the test ends. */
export class MemoryVault implements Vault {
  readonly origin = "file";
  readonly texts = new Map<string, string>();

  async read(account: string): Promise<string | null> {
    return this.texts.get(account) ?? null;
  }

  async write(account: string, text: string): Promise<void> {
    this.texts.set(account, text);
  }

  async remove(account: string): Promise<boolean> {
    return this.texts.delete(account);
  }
}

/** An operating system's keychain that can be locked, and that takes only so much. */
export class FakeKeyring implements Keyring {
  readonly texts = new Map<string, string>();
  locked = false;
  largest = Number.POSITIVE_INFINITY;

  async getPassword(account: string): Promise<string | null> {
    this.#refuse("");
    return this.texts.get(account) ?? null;
  }

  async setPassword(account: string, text: string): Promise<void> {
    this.#refuse(text);
    this.texts.set(account, text);
  }

  async deletePassword(account: string): Promise<boolean> {
    this.#refuse("");
    return this.texts.delete(account);
  }

  #refuse(text: string): void {
    if (this.locked || text.length > this.largest) throw new Error(`the keychain refuses ${text}`);
  }
}

/** Runs tasks of one name one after another, within this process. */
export function oneAfterAnother() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(account: string, task: () => Promise<T>): Promise<T> => {
    const next = (last.get(account) ?? Promise.resolve()).then(task, task);
    last.set(
      account,
      next.catch(() => {}),
    );
    return next;
  };
}
