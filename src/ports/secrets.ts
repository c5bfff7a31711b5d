/** What an account's credentials are made of; the names are those of the environment variables, lower-case. */
export type SecretFields = Readonly<Record<string, string>>;

/** Where a secret was found, for `doctor`. */
export type SecretOrigin = "environment" | "keychain" | "file";

/**
 * Keeps credentials by account name: environment first, then the operating system's keychain, then a file that only the owner can
 * read. What is read from the environment is never written anywhere else. No value ever appears in an error, a log or `--json`.
 */
export interface SecretStore {
  /** Null when nothing is known of the account. */
  read(account: string): Promise<{ readonly fields: SecretFields; readonly origin: SecretOrigin } | null>;
  /** Replaces what is kept of the account, whole or not at all. Throws `secrets.cannot-keep`. */
  write(account: string, fields: SecretFields): Promise<Exclude<SecretOrigin, "environment">>;
  /** Forgets the account wherever this store can write; true where something was forgotten. */
  forget(account: string): Promise<boolean>;
  /**
   * Reads, changes and writes in one go while no other process does the same: two runs never refresh one token at once.
   */
  update(account: string, change: (now: SecretFields | null) => Promise<SecretFields>): Promise<SecretFields>;
}
