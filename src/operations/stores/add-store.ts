import { type LibraryConfig, loadConfig } from "../../control/config.js";
import { PhotosyncError } from "../../domain/errors.js";
import { isRecord } from "../../domain/is-record.js";
import type { S3StoreSettings, StoreSettings } from "../../domain/preferences.js";
import { namedSettings } from "../../domain/preferences.js";
import { storeUrl } from "../../domain/store-url.js";
import { fromPortable } from "../../infra/portable-path.js";
import { type Environment, variableOf } from "../../infra/secrets/environment-secrets.js";
import { accountOf } from "../../infra/secrets/store-account.js";
import type { ControlPlane } from "../../ports/control-plane.js";
import type { Run } from "../../ports/phase.js";
import type { SecretFields } from "../../ports/secrets.js";
import type { MadeBucket } from "../../stores/s3/settings/s3-account.js";
import { s3PlaceOf } from "../../stores/s3/settings/s3-place.js";
import { keptSecrets, saidSecrets } from "../sealed-secrets.js";
import { withSession } from "../session.js";
import { storeSecrets } from "../store-keys.js";
import { badPlaceError, badPlaces } from "../store-place.js";
import { weakPassphrase } from "../weak-passphrase.js";
import { type Asker, askerOf, objectionOf } from "./asker.js";
import { chooseBucket, makeChosen } from "./choose-bucket.js";
import { chooseEncryption } from "./choose-encryption.js";
import { chooseKeys, type Opening, secretSource } from "./choose-keys.js";
import { chooseName } from "./choose-name.js";
import { choosePlace, type Place } from "./choose-place.js";
import { commitStores } from "./edit-stores.js";
import { bucketNames } from "./library-stores.js";
import { accountRequests, checkSettings } from "./new-s3-store.js";
import { type AddStoreOptions, isOpen } from "./new-store.js";
import { requireGiven } from "./require-given.js";
import { requireUnused } from "./require-unused.js";
import type { StoreAddResult, StoreTest } from "./store-results.js";
import { tryStore } from "./try-store.js";

/** A store as it is going to be. */
interface Chosen {
  readonly name: string;
  readonly settings: StoreSettings;
  readonly opening: Opening | null;
  /** Secrets that are to be kept. */
  readonly fields: SecretFields;
  readonly bucket: MadeBucket | null;
  readonly notes: readonly string[];
}

/**
 * Adds a store: asks what the flags leave open where somebody can be asked, makes the bucket where that is wanted, tries the store, keeps its
 * secrets on this computer, and names it in `config/user-preferences.json` in one commit. Where the trial fails nothing is kept or written. The
 * library is not locked while a person thinks.
 *
 * Throws `store.missing`, `store.exists`, `store.name-taken`, `store.bad-name`, `store.bad-place`, `config.store` (user), and what making buckets
 * and trying throw.
 */
export async function addStore(
  libraryRoot: string,
  control: ControlPlane,
  options: AddStoreOptions,
  run: Run,
): Promise<StoreAddResult> {
  const { dryRun, surroundings } = options;
  const config = await loadConfig(libraryRoot);
  const asker = askerOf(options.person, run);
  if (asker === null) requireGiven(options, await knownSecrets(config, options, run));
  const chosen = await choose(libraryRoot, config, options, asker, run);
  const { name, settings, opening, fields, bucket, notes } = chosen;
  const buckets = [...bucketNames(config.preferences), ...(settings.type === "s3" ? [name] : [])];
  const withSecrets = { ...surroundings, env: withFields(surroundings.env, name, fields) };
  let test: StoreTest | null = null;
  if (options.test && !dryRun) {
    asker?.tell("", "Trying it: writing, reading, listing and removing an object of its own.");
    const root = settings.type === "local" ? fromPortable(libraryRoot, settings.path) : null;
    test = await tryStore({ name, settings, root, buckets }, libraryRoot, withSecrets, run);
    if (test.standing === "new") await requireUnused(libraryRoot, control, name, run);
  }
  let kept: "keychain" | "file" | null = null;
  if (Object.keys(fields).length > 0 && !dryRun) {
    const secrets = storeSecrets(buckets, surroundings, run);
    const known = await secrets.read(accountOf(name));
    kept = await secrets.write(accountOf(name), { ...known?.fields, ...fields });
  }
  const url = storeUrl(settings);
  const weak = await weakPassphrase(name, settings, withSecrets, run);
  const { commit, failures } = dryRun
    ? { commit: null, failures: [] }
    : await withSession(libraryRoot, control, "store", "write", run, (session) =>
        commitStores(
          session,
          (storage) => {
            const stores = isRecord(storage["stores"]) ? storage["stores"] : {};
            return { ...storage, stores: { ...stores, [name]: settings } };
          },
          { command: "store", summary: `${name} added (${url})` },
          run,
        ),
      );
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit,
    counts: {},
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    name,
    url,
    settings,
    opened_by: openedBy(opening, kept),
    bucket:
      bucket === null || settings.type === "local"
        ? null
        : {
            name: settings.bucket,
            public_access_blocked: bucket.publicAccessBlocked,
            versioned: bucket.versioned,
          },
    test,
    notes: [
      ...notes,
      ...sharedKeysNote(config, settings, surroundings.env),
      ...(weak === null ? [] : [weak]),
    ],
  };
}

/** What the environment and this computer's keychain say of a store of that name, the passphrase of all stores included. */
async function knownSecrets(
  { preferences }: LibraryConfig,
  { name, surroundings }: AddStoreOptions,
  run: Run,
): Promise<SecretFields> {
  const { env } = surroundings;
  const all = env["PHOTOSYNC_PASSPHRASE"] ? { passphrase: env["PHOTOSYNC_PASSPHRASE"] } : {};
  if (name === undefined) return all;
  const buckets = [...bucketNames(preferences), name];
  const found = await storeSecrets(buckets, surroundings, run).read(accountOf(name));
  return {
    ...(await keptSecrets(name, surroundings, run)),
    ...found?.fields,
    ...saidSecrets(name, surroundings),
  };
}

function openedBy(opening: Opening | null, kept: "keychain" | "file" | null): StoreAddResult["opened_by"] {
  if (opening === null) return null;
  if (opening.by !== "keys") return opening.by;
  return opening.origin ?? kept;
}

/** What is given to the store's own variables is used like what the environment says, and kept nowhere. */
const withFields = (env: Environment, name: string, fields: SecretFields): Environment => ({
  ...env,
  ...Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [variableOf(accountOf(name), field), value]),
  ),
});

/** Bare AWS names in the environment open the only store in a bucket; of two, nobody could tell whose they are. */
function sharedKeysNote(config: LibraryConfig, settings: StoreSettings, env: Environment): readonly string[] {
  const [only, ...more] = new Set(bucketNames(config.preferences));
  if (settings.type !== "s3" || only === undefined || more.length > 0 || !env["AWS_ACCESS_KEY_ID"]) return [];
  const variable = variableOf(accountOf(only), "access_key_id");
  if (env[variable]) return [];
  return [
    `AWS_ACCESS_KEY_ID in the environment opened store ${only} while it was the only one in a bucket. Its keys are asked for under ${variable} now, or in the keychain.`,
  ];
}

async function choose(
  libraryRoot: string,
  config: LibraryConfig,
  options: AddStoreOptions,
  asker: Asker | null,
  run: Run,
): Promise<Chosen> {
  const { given } = options;
  const place = await choosePlace(given, libraryRoot, asker);
  const name = await chooseName(options, place, config.preferences, asker);
  if (place.type === "local") {
    const root = fromPortable(libraryRoot, place.path);
    const others = [...namedSettings(config.preferences)].flatMap(([other, settings]) =>
      settings.type === "local" ? [{ name: other, root: fromPortable(libraryRoot, settings.path) }] : [],
    );
    const problem = badPlaces([...others, { name, root }], libraryRoot).get(name);
    if (problem !== undefined) throw badPlaceError(new Map([[name, problem]]));
    return { name, settings: place, opening: null, fields: {}, bucket: null, notes: [] };
  }
  return chooseBucketStore(name, place, config, options, asker, run);
}

async function chooseBucketStore(
  name: string,
  place: Extract<Place, { type: "s3" }>,
  config: LibraryConfig,
  options: AddStoreOptions,
  asker: Asker | null,
  run: Run,
): Promise<Chosen> {
  const { given, surroundings, dryRun } = options;
  const buckets = [...bucketNames(config.preferences), name];
  const secrets = storeSecrets(buckets, surroundings, run);
  const secret = secretSource(options, asker, run);
  const choosing = async () => {
    const { opening, fields } = await chooseKeys(name, place.preset, options, { secrets, secret, asker });
    const opened: Omit<S3StoreSettings, "bucket"> = {
      ...place,
      ...(opening.by === "profile" ? { profile: opening.profile } : {}),
      ...(opening.by === "machine-role" ? { machine_role: true } : {}),
    };
    const withKeys = { ...surroundings, env: withFields(surroundings.env, name, fields) };
    const account = (bucket: string | null) => accountRequests(name, opened, bucket, buckets, withKeys);
    const bucket = await chooseBucket(given, account(null), asker, run).catch((error: unknown) => {
      const isMistyped = error instanceof PhotosyncError && error.code === "store.wrong-keys";
      if (asker === null || !isMistyped || Object.keys(fields).length === 0) throw error;
      asker.tell("", error.message);
      return null;
    });
    return bucket === null ? null : { opening, opened, fields, account, bucket };
  };
  let chosen = await choosing();
  while (chosen === null) chosen = await choosing();
  const { opening, opened, account, bucket } = chosen;
  const details = await chooseDetails(options, place, asker);
  const known = await knownSecrets(config, { ...options, name }, run);
  const sealed = await chooseEncryption(given, known, { secret, asker });
  const settings: S3StoreSettings = {
    ...opened,
    bucket: bucket.name,
    ...details,
    ...(sealed.encryption === null ? {} : { encryption: sealed.encryption }),
  };
  checkSettings(settings);
  const made = dryRun ? null : await makeChosen(bucket, account(bucket.name), run);
  const notes =
    made === null
      ? []
      : [
          ...(made.publicAccessBlocked
            ? []
            : [
                "The server, or what these keys may do, does not let all public access to the new bucket be shut off. See at the provider that it is private.",
              ]),
          ...(made.versioned === false ? ["Versions could not be switched on in the new bucket."] : []),
        ];
  return { name, settings, opening, fields: { ...chosen.fields, ...sealed.fields }, bucket: made, notes };
}

const CLASSES = [
  { value: undefined, text: "STANDARD: read at any time" },
  { value: "STANDARD_IA", text: "STANDARD_IA: cheaper to keep, dearer to read" },
  { value: "GLACIER_IR", text: "GLACIER_IR: cheaper again, still read at once" },
  { value: "GLACIER", text: "GLACIER: an archive; reading takes hours and has to be asked for" },
  { value: "DEEP_ARCHIVE", text: "DEEP_ARCHIVE: the cheapest archive; reading takes 12 to 48 hours" },
];

/** What has a good default, and is asked only where a person is led through everything. */
async function chooseDetails(
  { given }: AddStoreOptions,
  place: Extract<Place, { type: "s3" }>,
  asker: Asker | null,
): Promise<Partial<S3StoreSettings>> {
  const asks = asker !== null && isOpen(given) ? asker : null;
  const isFolder = objectionOf((prefix) => s3PlaceOf(null, { type: "s3", bucket: "none", prefix }));
  const prefix =
    given.prefix ?? (await asks?.line("Folder in the bucket (Enter for none)", "", isFolder)) ?? "";
  const isAmazon = place.preset === "aws";
  const storageClass =
    given.storageClass ??
    (asks !== null && isAmazon
      ? await asks.choose("How shall Amazon keep originals?", CLASSES, undefined)
      : undefined);
  const { serverSideEncryption, maxUploadRate, concurrency } = given;
  return {
    ...(prefix === "" ? {} : { prefix }),
    ...(storageClass === undefined ? {} : { storage_class: storageClass }),
    ...(serverSideEncryption === undefined ? {} : { server_side_encryption: serverSideEncryption }),
    ...(maxUploadRate === undefined ? {} : { max_upload_rate: maxUploadRate }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
