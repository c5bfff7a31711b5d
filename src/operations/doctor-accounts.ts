import { PhotosyncError } from "../domain/errors.js";
import type { ReplicatePolicy } from "../domain/replicate-policy.js";
import { own } from "../domain/same-json.js";
import type { Run } from "../ports/phase.js";
import { CONNECTABLE } from "../services/registry.js";
import { routeNote } from "../services/routes.js";
import type { DoctorOptions } from "./doctor.js";
import { type Check, ok, problem } from "./doctor-check.js";
import { liveChecks } from "./doctor-live.js";
import { policyWords } from "./policy-words.js";
import { type ServiceAccount, serviceAccount } from "./service-account.js";
import type { Session } from "./session.js";

/** The accounts that one signs in to, and those that are named: where their sign-ins are, what can be seen, and with `live` what they answer. */
export async function accountChecks(
  { config, libraryRoot }: Session,
  { service, live, surroundings }: DoctorOptions,
  run: Run,
): Promise<readonly Check[]> {
  const connectable = Object.entries(config.services)
    .filter(([name, settings]) => settings.enabled && CONNECTABLE.includes(settings.provider ?? name))
    .map(([name]) => name)
    .sort();
  const checks: Check[] = [];
  for (const name of service === undefined ? connectable : [service]) {
    const account = await serviceAccount(libraryRoot, config, { name }, surroundings, run);
    const origin = await originOf(account);
    const isEnabled = own(config.services, name)?.enabled === true;
    checks.push(...setUp(account, origin, isEnabled, live && service !== undefined));
    checks.push(policyCheck(account, own(config.services, name)?.replicate));
    if (live && origin !== null) checks.push(...(await liveChecks(account, run)));
  }
  return checks;
}

/** What `replicate` may do there, or why the account's entry in the configuration cannot be used. */
function policyCheck({ name, kit, settings, open }: ServiceAccount, policy?: ReplicatePolicy): Check {
  const label = `what replicate may do on ${name}`;
  try {
    return ok(label, policyWords(policy, kit.open(open({ isDry: true }), settings).traits));
  } catch (error) {
    if (!(error instanceof PhotosyncError)) throw error;
    return problem(label, error.message, error.next.join(" "));
  }
}

/** Where the whole sign-in of an account is kept; null where nobody is signed in. */
async function originOf({ name, kit, secrets }: ServiceAccount): Promise<string | null> {
  const found = await secrets.read(name);
  const fields = [...kit.application.map(({ field }) => field), ...kit.tokens];
  return found !== null && fields.every((field) => found.fields[field]) ? found.origin : null;
}

const ORIGINS: Readonly<Record<string, string>> = {
  environment: "from the environment",
  keychain: "kept in this computer's keychain",
  file: "kept in a file that only you can read",
};

function setUp(
  { name, provider }: ServiceAccount,
  origin: string | null,
  isEnabled: boolean,
  isNeeded: boolean,
): Check[] {
  const label = `account ${name}`;
  const note = routeNote(provider);
  const route = note === null ? [] : [ok(`what ${name} can see`, note)];
  const connecting = `Run: photosync connect ${name}`;
  if (origin === null) {
    const nobody = "nobody is signed in on this computer";
    return [
      isNeeded ? problem(label, nobody, connecting) : ok(label, `${nobody}; exports need no sign-in`),
      ...route,
    ];
  }
  const signedIn = `signed in, ${ORIGINS[origin] ?? origin}`;
  if (!isEnabled)
    return [problem(label, `${signedIn}, and not switched on in config/services.json`, connecting), ...route];
  return [ok(label, signedIn), ...route];
}
