import { PhotosyncError } from "../../domain/errors.js";
import type { SecretFields, SecretOrigin } from "../../ports/secrets.js";

/** A place that keeps one text for each account. Nothing in what it throws may hold that text. */
export interface Vault {
  readonly origin: Exclude<SecretOrigin, "environment">;
  /** Null when nothing is kept. */
  read(account: string): Promise<string | null>;
  write(account: string, text: string): Promise<void>;
  /** True where something was kept. */
  remove(account: string): Promise<boolean>;
}

/** The kept text of an account's fields; sorted, so that equal fields are equal texts. */
export const sealed = (fields: SecretFields): string =>
  JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))));

/** The fields in a kept text. Throws `secrets.damaged` (auth) without repeating any of it. */
export function unsealed(text: string, account: string): SecretFields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (isFields(value)) return value;
  throw new PhotosyncError({
    kind: "auth",
    code: "secrets.damaged",
    message: `What is kept to sign in to ${account} cannot be read.`,
    next: [`Forget it with: photosync disconnect ${account}`, `Then: photosync connect ${account}`],
  });
}

const isFields = (value: unknown): value is SecretFields =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one === "string");
