import { homedir } from "node:os";
import { join } from "node:path";
import { PhotosyncError } from "../../../domain/errors.js";
import { networkFailure } from "../../../infra/http/network-failure.js";
import { withoutSecrets } from "../../../infra/http/redact.js";
import type { Environment } from "../../../infra/secrets/environment-secrets.js";
import type { KeySource, S3Keys } from "../requests/s3-client.js";
import { STORE_CODES } from "../requests/s3-errors.js";

/** Keys for a while, as AWS's own code hands them out. */
interface Identity extends S3Keys {
  readonly expiration?: Date;
}

/** The longest part of AWS's own words that is repeated. */
const LONGEST_QUOTE = 300;

/**
 * Keys of a profile of the AWS command line: its own, those of the role that it names, of its single sign-on, or of the program that it runs
 * (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). They are asked for again before they expire. What is thrown when they
 * cannot be had is `store.no-keys` (auth), or a failure of the network.
 */
export async function profileKeys(
  store: string,
  profile: string,
  env: Environment,
  region: string | null,
): Promise<KeySource> {
  const { fromIni } = await import("@aws-sdk/credential-providers");
  const folder = join(env["HOME"] || homedir(), ".aws");
  const provider = fromIni({
    profile,
    filepath: env["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"),
    configFilepath: env["AWS_CONFIG_FILE"] || join(folder, "config"),
    ignoreCache: true,
    ...(region === null ? {} : { clientConfig: { region } }),
  });
  return translated(
    () => provider(),
    (said) =>
      new PhotosyncError({
        kind: "auth",
        code: "store.no-keys",
        message: `The profile ${profile} of the AWS command line does not open store ${store}${said}.`,
        next: [
          `Where it is a single sign-on: aws sso login --profile ${profile}, then run the same command again.`,
          `Otherwise look at it with: aws configure list --profile ${profile}`,
        ],
      }),
  );
}

/**
 * Keys of the role of the machine that this runs on: of a pod or job by its web identity, of a container, or of a computer in Amazon's cloud. They
 * are asked for again before they expire. Where there is no such role: `store.no-keys` (auth).
 */
export async function machineKeys(store: string, env: Environment): Promise<KeySource> {
  const { createCredentialChain, fromHttp, fromInstanceMetadata, fromTokenFile } = await import(
    "@aws-sdk/credential-providers"
  );
  const isSwitchedOff = env["AWS_EC2_METADATA_DISABLED"]?.toLowerCase() === "true";
  const provider = createCredentialChain(
    fromTokenFile(),
    fromHttp(),
    ...(isSwitchedOff ? [] : [fromInstanceMetadata({ timeout: 2000, maxRetries: 2 })]),
  );
  return translated(
    () => provider(),
    (said) =>
      new PhotosyncError({
        kind: "auth",
        code: "store.no-keys",
        message: `This machine has no role that opens store ${store}${said}.`,
        next: [
          "Give the computer, container or pod a role, or take machine_role out and give keys or a profile for this store.",
        ],
      }),
  );
}

/** Of a program that failed Node repeats the whole command line, and all that the program said: either may hold a key. */
const wordsOf = ({ message }: Error): string =>
  message.startsWith("Command failed:")
    ? "the program that it runs failed"
    : withoutSecrets(message).replace(/\s+/g, " ").trim();

/** What it throws in photosync's words; nothing of it may hold a secret. */
const translated =
  (ask: () => Promise<Identity>, none: (said: string) => PhotosyncError): (() => Promise<Identity>) =>
  async () => {
    try {
      return await ask();
    } catch (error) {
      const isRefusal = error instanceof Error && error.name === "CredentialsProviderError";
      const network = isRefusal ? null : networkFailure(error, STORE_CODES, "AWS's sign-in");
      if (network !== null) throw network;
      const said = error instanceof Error ? wordsOf(error) : "";
      throw none(said === "" ? "" : ` (${said.slice(0, LONGEST_QUOTE).replace(/\.$/, "")})`);
    }
  };
