import { variableOf } from "../../infra/secrets/environment-secrets.js";
import { accountOf } from "../../infra/secrets/store-account.js";
import type { Call } from "../../ports/call.js";
import type { SecretFields, SecretOrigin, SecretStore } from "../../ports/secrets.js";
import type { Asker } from "./asker.js";
import { type AddStoreOptions, isOpen, missing } from "./new-store.js";

/** What opens a new store. */
export type Opening =
  | { readonly by: "profile"; readonly profile: string }
  | { readonly by: "machine-role" }
  | {
      readonly by: "keys";
      /** Where they were found; null for those that were given just now. */
      readonly origin: SecretOrigin | null;
    };

export interface ChosenKeys {
  readonly opening: Opening;
  /** What was typed or piped in, to be kept. */
  readonly fields: SecretFields;
}

/** Gives one secret that is not known: from standard input where that was wanted, else from the person; empty where there is none. */
export type SecretSource = (label: string, options: { readonly isHidden: boolean }) => Promise<string>;

export const secretSource =
  ({ person, secretsFromInput }: AddStoreOptions, asker: Asker | null, call: Call): SecretSource =>
  async (label, { isHidden }) => {
    if (secretsFromInput) return (await person.paste({ label, hidden: isHidden }, call)) ?? "";
    if (asker === null) return "";
    return isHidden ? asker.hidden(label) : asker.line(label);
  };

/** Finds or asks for what opens a store in a bucket. Throws `store.missing` (user) where there is nothing and nobody can be asked. */
export async function chooseKeys(
  name: string,
  preset: string | undefined,
  options: AddStoreOptions,
  {
    secrets,
    secret,
    asker,
  }: { readonly secrets: SecretStore; readonly secret: SecretSource; readonly asker: Asker | null },
): Promise<ChosenKeys> {
  const { given } = options;
  if (given.profile !== undefined) return { opening: { by: "profile", profile: given.profile }, fields: {} };
  if (given.machineRole) return { opening: { by: "machine-role" }, fields: {} };
  const account = accountOf(name);
  const found = await secrets.read(account);
  if (found?.fields["access_key_id"] && found.fields["secret_access_key"]) {
    const place = {
      environment: "the environment",
      keychain: "this computer's keychain",
      file: "a file that only you can read",
    };
    asker?.tell("", `Its access keys are in ${place[found.origin]}.`);
    return { opening: { by: "keys", origin: found.origin }, fields: {} };
  }
  if (asker !== null && preset === "aws" && isOpen(given)) {
    const way = await asker.choose(
      "What opens it?",
      [
        { value: "keys" as const, text: "Access keys" },
        {
          value: "profile" as const,
          text: "A profile of the AWS command line (~/.aws), single sign-on and roles included",
        },
        { value: "role" as const, text: "The role of the machine that photosync runs on" },
      ],
      "keys",
    );
    if (way === "profile")
      return { opening: { by: "profile", profile: await asker.line("Profile", "default") }, fields: {} };
    if (way === "role") return { opening: { by: "machine-role" }, fields: {} };
  }
  asker?.tell(
    "",
    "Access keys are kept in this computer's keychain, or where there is none in a file that only you can read.",
  );
  const access_key_id = await secret("Access key ID", { isHidden: false });
  const secret_access_key = access_key_id === "" ? "" : await secret("Secret access key", { isHidden: true });
  if (access_key_id === "" || secret_access_key === "")
    throw missing(
      ["access_key_id", "secret_access_key"].map(
        (field) => `${variableOf(account, field)} in the environment`,
      ),
    );
  return { opening: { by: "keys", origin: null }, fields: { access_key_id, secret_access_key } };
}
