import { variableOf } from "../../infra/secrets/environment-secrets.js";
import { accountOf } from "../../infra/secrets/store-account.js";
import type { SecretFields } from "../../ports/secrets.js";
import { PRESETS } from "../../stores/s3/settings/s3-place.js";
import { type AddStoreOptions, missing } from "./new-store.js";

/**
 * Where nobody can be asked, everything that is missing is told at once. `known` is what the environment and the keychain say of the store.
 * Throws `store.missing` (user).
 */
export function requireGiven({ name, given, secretsFromInput }: AddStoreOptions, known: SecretFields): void {
  const { type, preset, endpoint, path, bucket, profile, machineRole, encryption, recipients } = given;
  const lacks: string[] = [];
  if (name === undefined) lacks.push("NAME, the store's name");
  const isFolder = type === "local" || (type === undefined && path !== undefined);
  if (isFolder) {
    if (path === undefined) lacks.push("--path DIR");
  } else {
    if (preset === undefined && endpoint === undefined)
      lacks.push("--preset NAME, or --endpoint URL, or --path DIR");
    else if (endpoint === undefined && PRESETS[preset ?? ""]?.endpoint === null) lacks.push("--endpoint URL");
    if (bucket === undefined) lacks.push("--bucket NAME");
    const variable = (field: string) => `${variableOf(accountOf(name ?? "NAME"), field)} in the environment`;
    const needsKeys = profile === undefined && !machineRole && !secretsFromInput;
    for (const field of needsKeys ? ["access_key_id", "secret_access_key"] : [])
      if (!known[field]) lacks.push(variable(field));
    if (encryption === "passphrase" && !known["passphrase"] && !secretsFromInput)
      lacks.push(variable("passphrase"));
    if (encryption === "recipients" && recipients.length === 0) lacks.push("--recipient age1…");
  }
  if (lacks.length > 0) throw missing(lacks);
}
