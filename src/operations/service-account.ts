import { join } from "node:path";
import type { LibraryConfig } from "../control/config.js";
import { PhotosyncError } from "../domain/errors.js";
import { digestOf } from "../infra/hash.js";
import type { Time } from "../infra/http/time.js";
import type { Environment } from "../infra/secrets/environment-secrets.js";
import type { Call } from "../ports/call.js";
import type { SecretStore } from "../ports/secrets.js";
import { CONNECTABLE, kitOf } from "../services/registry.js";
import { type ServiceContext, serviceContext } from "../services/service-context.js";
import type { AdapterSettings, ServiceKit } from "../services/service-kit.js";
import { openSecrets } from "./open-secrets.js";

/** What an operation needs to know of the process it runs in to talk to services. */
export interface Surroundings {
  readonly env: Environment;
  readonly time: Time;
  /** [0, 1). */
  readonly random: () => number;
  /** photosync and its version, as services are told. */
  readonly userAgent: string;
}

/** An account that can be signed in to, with everything to do so. */
export interface ServiceAccount {
  readonly name: string;
  readonly provider: string;
  readonly kit: ServiceKit;
  readonly secrets: SecretStore;
  /** For `kit.open`. */
  readonly settings: AdapterSettings;
  /** What talking to the account takes; to be opened once and shared. A dry run counts its requests without writing that down. */
  open(options?: { readonly isDry: boolean }): ServiceContext;
}

/** Where a library counts the requests of the day. */
export const quotaFolder = (libraryRoot: string): string => join(libraryRoot, ".photosync", "quota");

/** Where an account's adapter notes uploads that it has begun. Names may differ by case alone, which not every disk tells apart. */
const notesFolder = (libraryRoot: string, account: string): string =>
  join(
    libraryRoot,
    ".photosync",
    "begun-uploads",
    `${account.toLowerCase()}-${digestOf(account).slice(0, 8)}`,
  );

/**
 * The account that a person names: an entry of `config/services.json`, or a provider, whose account then goes by its name. Throws
 * `connect.unknown-service`, `connect.no-sign-in` and `config.rate-limit` (user).
 */
export async function serviceAccount(
  libraryRoot: string,
  config: LibraryConfig,
  wanted: { readonly name: string; readonly provider?: string },
  { env, time, random, userAgent }: Surroundings,
  call: Call,
): Promise<ServiceAccount> {
  const { name } = wanted;
  const settings = Object.hasOwn(config.services, name) ? config.services[name] : undefined;
  const provider = settings === undefined ? (wanted.provider ?? name) : (settings.provider ?? name);
  const kit = await kitOf(provider);
  if (kit === null) throw unknown(name, provider, settings !== undefined);
  const accounts = { ...config.services, [name]: settings ?? { enabled: true, provider } };
  const secrets = openSecrets(accounts, env, time, call);
  return {
    name,
    provider,
    kit,
    secrets,
    settings: { ...settings, albums: settings?.replicate?.fields?.includes("albums") === true },
    open: ({ isDry } = { isDry: false }) =>
      serviceContext({
        account: name,
        provider,
        settings: settings ?? {},
        secrets,
        time,
        random,
        quotaFolder: quotaFolder(libraryRoot),
        notesFolder: notesFolder(libraryRoot, name),
        isDry,
        userAgent,
      }),
  };
}

function unknown(name: string, provider: string, isThere: boolean): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: isThere ? "connect.no-sign-in" : "connect.unknown-service",
    message: isThere
      ? `${name} (${provider}) needs no sign-in.`
      : `There is no account ${name} in config/services.json, and no service of that name.`,
    next: [
      `Services that one signs in to: ${CONNECTABLE.join(", ")}.`,
      ...(isThere
        ? []
        : [`For a second account: photosync connect ${name} --provider ${CONNECTABLE.at(-1)}`]),
    ],
  });
}
