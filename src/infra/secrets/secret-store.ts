import { PhotosyncError } from "../../domain/errors.js";
import type { SecretFields, SecretOrigin, SecretStore } from "../../ports/secrets.js";
import { type Environment, environmentSecrets, type SecretAccount } from "./environment-secrets.js";
import { sealed, unsealed, type Vault } from "./vault.js";

export interface SecretStoreOptions {
  readonly env: Environment;
  /** All accounts that there are: they decide whom bare names in the environment serve. */
  readonly accounts: readonly SecretAccount[];
  /** The operating system's keychain; null where there is none. Asked for when it is first needed. */
  keychain(): Promise<Vault | null>;
  readonly file: Vault;
  /** Runs while no other process runs under the same name. */
  exclusively<T>(account: string, task: () => Promise<T>): Promise<T>;
}

/**
 * The secrets of all accounts. What the environment says goes before what is kept, field by field, and is not kept: an
 * application's key may come from there and the tokens from the keychain. Where the keychain refuses, the file takes over, and
 * the keychain's entry is removed, so that there is never an older one to be read first.
 *
 * Throws `secrets.cannot-keep`, `secrets.damaged`, `secrets.file-exposed`, and what reading and writing files throws.
 */
export function secretStore(options: SecretStoreOptions): SecretStore {
  return new LayeredSecrets(options);
}

class LayeredSecrets implements SecretStore {
  readonly #options: SecretStoreOptions;
  #keychain: Promise<Vault | null> | undefined;

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  async read(
    account: string,
  ): Promise<{ readonly fields: SecretFields; readonly origin: SecretOrigin } | null> {
    const given = this.#given(account);
    const kept = await this.#kept(account);
    if (kept !== null) return { fields: { ...kept.fields, ...given }, origin: kept.origin };
    return Object.keys(given).length === 0 ? null : { fields: given, origin: "environment" };
  }

  async write(account: string, fields: SecretFields): Promise<Exclude<SecretOrigin, "environment">> {
    const text = sealed(this.#withoutGiven(account, fields));
    const { file } = this.#options;
    const keychain = await this.#openKeychain();
    if (keychain !== null && (await succeeds(keychain.write(account, text)))) {
      await file.remove(account);
      return keychain.origin;
    }
    try {
      await file.write(account, text);
    } catch (error) {
      throw cannotKeep(account, error instanceof PhotosyncError ? error : null);
    }
    const isStale = keychain !== null && (await keychain.read(account).catch(() => "")) !== null;
    if (keychain !== null && isStale && !(await succeeds(keychain.remove(account))))
      throw cannotKeep(account, null);
    return file.origin;
  }

  async forget(account: string): Promise<boolean> {
    const keychain = await this.#openKeychain();
    const inKeychain = keychain !== null && (await keychain.remove(account));
    const inFile = await this.#options.file.remove(account);
    return inKeychain || inFile;
  }

  update(
    account: string,
    change: (now: SecretFields | null) => Promise<SecretFields>,
  ): Promise<SecretFields> {
    return this.#options.exclusively(account, async () => {
      const before = await this.read(account);
      const fields = await change(before?.fields ?? null);
      const kept = this.#withoutGiven(account, fields);
      const isSame = before !== null && sealed(kept) === sealed(this.#withoutGiven(account, before.fields));
      // Nothing of what came from the environment is kept, not even an empty entry.
      if (!isSame && Object.keys(kept).length > 0) await this.write(account, fields);
      return fields;
    });
  }

  async #kept(account: string): Promise<{ fields: SecretFields; origin: SecretOrigin } | null> {
    const keychain = await this.#openKeychain();
    for (const vault of keychain === null ? [this.#options.file] : [keychain, this.#options.file]) {
      const text = await vault.read(account);
      if (text !== null) return { fields: unsealed(text, account), origin: vault.origin };
    }
    return null;
  }

  #given(account: string): SecretFields {
    const { env, accounts } = this.#options;
    const known = accounts.find(({ name }) => name === account);
    return known === undefined ? {} : environmentSecrets(env, known, accounts);
  }

  #withoutGiven(account: string, fields: SecretFields): SecretFields {
    const given = this.#given(account);
    return Object.fromEntries(Object.entries(fields).filter(([name, value]) => given[name] !== value));
  }

  #openKeychain(): Promise<Vault | null> {
    if (this.#options.env["PHOTOSYNC_KEYCHAIN"] === "off") return Promise.resolve(null);
    this.#keychain ??= this.#options.keychain();
    return this.#keychain;
  }
}

const succeeds = (doing: Promise<unknown>): Promise<boolean> =>
  doing.then(
    () => true,
    () => false,
  );

function cannotKeep(account: string, cause: PhotosyncError | null): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "secrets.cannot-keep",
    message: `The sign-in to ${account} cannot be kept on this computer${cause === null ? "." : `: ${cause.message}`}`,
    next: [
      ...(cause?.next ?? ["Unlock the keychain, or switch it off with PHOTOSYNC_KEYCHAIN=off."]),
      `Then: photosync connect ${account}`,
    ],
    ...(cause === null ? {} : { cause }),
  });
}
