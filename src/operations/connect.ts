import { type LibraryConfig, loadConfig } from "../control/config.js";
import { PhotosyncError } from "../domain/errors.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { SecretFields } from "../ports/secrets.js";
import type { ServiceKit } from "../services/service-kit.js";
import type { Person, SignInWay } from "../services/sign-in/way.js";
import type { ConnectResult } from "./account-results.js";
import { enableAccount } from "./enable-account.js";
import { type ServiceAccount, type Surroundings, serviceAccount } from "./service-account.js";

export interface ConnectOptions {
  /** An account of `config/services.json`, or a service's name. */
  readonly service: string;
  /** What a new account is of, where its name does not say it. */
  readonly provider?: string;
  readonly way: SignInWay;
  readonly person: Person;
  readonly surroundings: Surroundings;
}

/**
 * Signs in to a service, keeps the sign-in on this computer, asks the service something to see that it works, and names the account in
 * `config/services.json` where it is not there or switched off: one commit, else none. The library is not locked while a person reads and agrees.
 * A sign-in that is whole in the environment is only tested.
 *
 * Throws `connect.unknown-service`, `connect.no-sign-in`, `connect.missing` (user), what signing in and asking throw (`ServiceKit`), and what keeping throws.
 */
export async function connect(
  libraryRoot: string,
  control: ControlPlane,
  options: ConnectOptions,
  run: Run,
): Promise<ConnectResult> {
  const { service: name, provider, way, person, surroundings } = options;
  const config: LibraryConfig = await loadConfig(libraryRoot);
  const wanted = { name, ...(provider === undefined ? {} : { provider }) };
  const account = await serviceAccount(libraryRoot, config, wanted, surroundings, run);
  const { kit, secrets } = account;
  const found = await secrets.read(name);
  const isGiven = found?.origin === "environment" && kit.tokens.every((field) => found.fields[field]);
  const kept_in = isGiven ? "environment" : await signIn(account, found?.fields ?? {}, { way, person }, run);
  const report = await tested(account, run);
  const { commit, failures } = await enableAccount(
    libraryRoot,
    control,
    { name, provider: account.provider },
    run,
  );
  return {
    library: libraryRoot,
    dry_run: false,
    commit,
    counts: {},
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    account: name,
    provider: account.provider,
    title: kit.title,
    owner: report.owner,
    facts: report.facts,
    remarks: kit.remarks,
    kept_in,
  };
}

async function signIn(
  { name, kit, secrets, open }: ServiceAccount,
  known: SecretFields,
  { way, person }: { readonly way: SignInWay; readonly person: Person },
  run: Run,
): Promise<"keychain" | "file"> {
  const application = await applicationFields(name, kit, known, person, run);
  const fields = await kit.signIn(open(), { application, way, person }, run);
  return secrets.write(name, fields);
}

/** The application's key, asked for as far as it is not known. Lists all that is missing where nobody can be asked. */
async function applicationFields(
  name: string,
  kit: ServiceKit,
  known: SecretFields,
  person: Person,
  run: Run,
): Promise<SecretFields> {
  const missing = kit.application.filter(({ field }) => !known[field]);
  const { ask } = person;
  if (missing.length > 0 && ask === null) {
    throw new PhotosyncError({
      kind: "user",
      code: "connect.missing",
      message: `To sign in to ${name}, these are missing: ${missing.map(({ field }) => field.toUpperCase()).join(", ")}.`,
      next: [
        `Get them at ${kit.keyAddress} (the README's "Getting API keys" leads through it) and put them into the environment,`,
        `or run photosync connect ${name} in a terminal, which asks for them.`,
      ],
    });
  }
  if (missing.length > 0)
    person.tell([
      `photosync needs a key of your own for ${kit.title}. Get it at ${kit.keyAddress}`,
      'or let "Getting API keys" in the README lead you there.',
      "",
    ]);
  const fields: Record<string, string> = {};
  for (const { field, label, hidden } of kit.application) {
    const value = known[field] || (await ask?.({ label, hidden }, run)) || "";
    if (value === "") throw nothingSaid(name, label);
    fields[field] = value;
  }
  return fields;
}

const nothingSaid = (name: string, label: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "connect.missing",
    message: `${label} was left empty, so nobody was signed in.`,
    next: [`Try again: photosync connect ${name}`],
  });

/** The sign-in is kept already: a service that is down now, or an API that has to be switched on, needs no second one. */
async function tested({ name, kit, settings, open }: ServiceAccount, run: Run) {
  const context = open();
  try {
    return await kit.check(context, settings, run);
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "auth" || error.kind === "cancelled")
      throw error;
    throw new PhotosyncError({
      kind: error.kind,
      code: error.code,
      message: `You are signed in to ${name}, but it cannot be used yet. ${error.message}`,
      next: error.next,
      data: error.data,
    });
  }
}
