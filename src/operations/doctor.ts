import { statfs } from "node:fs/promises";
import { platform, release } from "node:os";
import { version } from "node:process";
import { PhotosyncError } from "../domain/errors.js";
import { isRuleName, RULES } from "../domain/rules.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { accountChecks } from "./doctor-accounts.js";
import { type Check, ok, problem, warning } from "./doctor-check.js";
import { stagingFolder, waitingInStaging } from "./open-staging.js";
import { namedStores } from "./open-stores.js";
import type { DoctorResult } from "./results.js";
import type { Surroundings } from "./service-account.js";
import { type Session, withSession } from "./session.js";
import { MOVE_STORE } from "./store-place.js";
import { weakPassphrase } from "./weak-passphrase.js";

const LONGER = "Set a longer one, and run: photosync store rekey; what was sealed before keeps its key.";
/** Below this much free space the next run may not get far. */
const LITTLE_SPACE_BYTES = 1_000_000_000;
/** Folders that other programs synchronise: they may copy a repository in the middle of a write. */
const SYNCING_FOLDER =
  /(?:^|[\\/])(?:Dropbox|OneDrive[^\\/]*|Google Drive|iCloud Drive|Mobile Documents|Nextcloud|Syncthing)(?:[\\/]|$)/i;

async function freeSpace(name: string, path: string): Promise<Check> {
  const disk = await statfs(path).catch(() => null);
  if (disk === null)
    return warning(name, `${path} cannot be asked for its free space`, "See whether the disk is connected.");
  const free = disk.bavail * disk.bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free at ${path}`;
  return free < LITTLE_SPACE_BYTES ? warning(name, found, "Make room before the next run.") : ok(name, found);
}

async function storeChecks(
  { config, libraryRoot, catalog }: Session,
  { surroundings }: DoctorOptions,
  run: Run,
): Promise<Check[]> {
  const recorded = new Map<string, number>();
  for (const row of catalog.rows()) {
    for (const blob of row.blobs)
      for (const store of Object.keys(blob.stores)) recorded.set(store, (recorded.get(store) ?? 0) + 1);
  }
  const stores = namedStores(config.preferences, libraryRoot, surroundings);
  if (stores.length === 0) {
    return [
      problem(
        "stores",
        "no store is enabled",
        "Name one under blob_storage in config/user-preferences.json.",
      ),
    ];
  }
  const checks: Check[] = [];
  for (const { name, settings, where, store, badPlace } of stores) {
    const label = `store ${name}`;
    const replicas = recorded.get(name) ?? 0;
    if (store === null) {
      continue;
    }
    if (badPlace !== null) {
      checks.push(problem(label, badPlace, MOVE_STORE));
      continue;
    }
    const weak = await weakPassphrase(name, settings, surroundings, run);
    if (weak !== null) checks.push(warning(`passphrase of ${name}`, weak.replace(/\.$/, ""), LONGER));
    const availability = await store.availability(run);
    if (availability === "gone" || (availability === "new" && replicas > 0)) {
      const trouble = store.trouble?.() ?? null;
      checks.push(
        problem(
          label,
          `${trouble === null ? `${where} is not reachable` : `${where}: ${trouble.message.replace(/\.$/, "")}`}; ${replicas} replicas are recorded there`,
          trouble?.next.join(" ") ?? "Connect the disk, then run: photosync verify",
        ),
      );
    } else {
      checks.push(ok(label, `${where}, ${replicas} replicas`));
      if (availability === "ready" && settings.type === "local")
        checks.push(await freeSpace(`space for ${name}`, where));
    }
  }
  return checks;
}

async function libraryChecks(session: Session, run: Run): Promise<Check[]> {
  const { libraryRoot, control, catalog } = session;
  const invalid = catalog.invalid();
  const uncommitted = await control.uncommitted(["photos", "config"], run);
  return [
    SYNCING_FOLDER.test(libraryRoot)
      ? warning(
          "place",
          `${libraryRoot} lies in a folder that another program synchronises`,
          "Move the library out of it: such programs copy half-written repositories and make conflicted copies.",
        )
      : ok("place", libraryRoot),
    invalid.length > 0
      ? problem(
          "documents",
          `${invalid.length} documents are not valid, first ${invalid[0]?.subject ?? ""}`,
          invalid[0]?.hint ?? "",
        )
      : ok("documents", "all valid"),
    uncommitted.length > 0
      ? warning(
          "working tree",
          `${uncommitted.length} files have uncommitted changes, first ${uncommitted[0]?.path ?? ""}`,
          "Commit or drop them with git; photosync leaves them alone until then.",
        )
      : ok("working tree", "clean"),
    configurationCheck(session),
    await stagingCheck(libraryRoot, run),
    await freeSpace("space for the library", libraryRoot),
  ];
}

async function stagingCheck(libraryRoot: string, run: Run): Promise<Check> {
  const { files, bytes } = await waitingInStaging(libraryRoot, run);
  if (files === 0) return ok("staging", "empty");
  return warning(
    "staging",
    `${files} originals (${(bytes / 1e9).toFixed(1)} GB) wait in ${stagingFolder(libraryRoot)}`,
    "Run: photosync replicate --execute, which moves them into a store. The folder is only a cache and may be deleted.",
  );
}

function configurationCheck({ config }: Session): Check {
  const failure = config.syncStateFailure;
  if (failure !== undefined) return problem("configuration", failure.message, failure.hint);
  const unknown = config.preferences.auto_resolve.filter((name) => !isRuleName(name));
  if (unknown.length === 0) return ok("configuration", "all valid");
  return warning(
    "configuration",
    `auto_resolve in config/user-preferences.json names no rule with ${unknown.join(", ")}`,
    `The rules are ${RULES.map(({ name }) => name).join(", ")}, and prefer:SOURCE:FIELD.`,
  );
}

export interface DoctorOptions {
  /** Only this account: one of `config/services.json`, or a service's name. */
  readonly service?: string;
  /** Asks the accounts themselves, and only reads there. */
  readonly live: boolean;
  readonly surroundings: Surroundings;
}

/**
 * What is set up, what is missing, what to do; with `service` of that account alone. Outcome `partial` when something is a
 * problem. Throws `connect.unknown-service`, `connect.no-sign-in` (user) for a service that there is not, and `cancelled`.
 */
export async function doctor(
  libraryRoot: string,
  control: ControlPlane,
  options: DoctorOptions,
  run: Run,
): Promise<DoctorResult> {
  const program = ok("program", `Node ${version} on ${platform()} ${release()}`);
  try {
    return await withSession(libraryRoot, control, "doctor", "read", run, async (session) => {
      const accounts = await accountChecks(session, options, run);
      if (options.service !== undefined) return resultOf(libraryRoot, accounts, []);
      const own = [
        program,
        ...(await libraryChecks(session, run)),
        ...(await storeChecks(session, options, run)),
      ];
      return resultOf(libraryRoot, [...own, ...accounts], session.catalog.invalid());
    });
  } catch (error) {
    // Without its configuration a library cannot be opened; that is a finding, too.
    if (!(error instanceof PhotosyncError) || !error.code.startsWith("config.")) throw error;
    return resultOf(
      libraryRoot,
      [program, problem("configuration", error.message, error.next.join(" "))],
      [],
    );
  }
}

function resultOf(
  libraryRoot: string,
  checks: readonly Check[],
  failures: DoctorResult["failures"],
): DoctorResult {
  const count = (level: Check["level"]) => checks.filter((check) => check.level === level).length;
  const problems = count("problem");
  return {
    library: libraryRoot,
    dry_run: false,
    commit: null,
    counts: {
      ok: count("ok"),
      warnings: count("warning"),
      problems,
      unconfirmed: count("unconfirmed"),
    },
    failures,
    outcome: problems > 0 ? "partial" : "done",
    checks,
  };
}
