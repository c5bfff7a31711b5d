import { readTombstones } from "../control/tombstones.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import { forgottenHashes } from "../domain/tombstone.js";
import { DiscoverPhase } from "../phases/discover/discover-phase.js";
import { findingLog, scanMemory } from "../phases/discover/scan-store.js";
import type { MergedFinding } from "../phases/discover/seen.js";
import { runPhase } from "../phases/run-phase.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { StreamAccount } from "../ports/photo-source.js";
import { commitFound, foreseeMissed, isAllWritten } from "./discover-commit.js";
import { rootsToRead, sourcesOf } from "./discover-sources.js";
import { heldFailures } from "./held-failures.js";
import { keepingFor } from "./keep-originals.js";
import { isMerged, MergedBatches } from "./merged-findings.js";
import { type LiveAccounts, NO_ACCOUNTS } from "./no-accounts.js";
import type { DiscoverOptions } from "./options.js";
import { rememberedScan, rememberScan, type SeenTotals, totalsOf } from "./remembered-scans.js";
import type { DiscoverResult } from "./results.js";
import { type Session, withSession } from "./session.js";
import { StreamAccounts } from "./stream-accounts.js";

/** Phase 1 on a library: reads the sources, and commits what is new. */
export function discover(
  libraryRoot: string,
  control: ControlPlane,
  options: DiscoverOptions,
  run: Run,
): Promise<DiscoverResult> {
  const mode = options.dryRun ? "scratch" : "write";
  return withSession(libraryRoot, control, "discover", mode, run, (session) =>
    discoverIn(session, options, run),
  );
}

async function discoverIn(session: Session, options: DiscoverOptions, run: Run): Promise<DiscoverResult> {
  const deps = await phaseDeps(session, options, run);
  const live = await accountsFor(session, options, deps, run);
  try {
    return await discoverWith(session, options, deps, live, run);
  } finally {
    await live.close(run);
  }
}

/** The accounts that the run reads: none where it was given paths. */
async function accountsFor(
  session: Session,
  options: DiscoverOptions,
  deps: Awaited<ReturnType<typeof phaseDeps>>,
  run: Run,
): Promise<LiveAccounts> {
  const { live } = options;
  if (live === undefined || options.paths.length > 0) return NO_ACCOUNTS;
  const { Accounts } = await import("./discover-accounts.js");
  return Accounts.open(session, options, live, deps, run);
}

async function discoverWith(
  session: Session,
  options: DiscoverOptions,
  deps: Awaited<ReturnType<typeof phaseDeps>>,
  live: LiveAccounts,
  run: Run,
): Promise<DiscoverResult> {
  const { index, config, catalog, libraryRoot } = session;
  const { roots, notes } = await rootsToRead(options, config, libraryRoot, live.isAny);
  const accounts = new StreamAccounts(index);
  const { default_visibility: defaultVisibility } = config.preferences;
  const forgotten = [...deps.forgotten.keys()];
  const circumstances = { libraryRoot, roots, defaultVisibility, forgotten };
  const invalid = catalog.invalid();
  const mayRemember = options.since === undefined && invalid.length === 0;
  const remembered = mayRemember && !options.fullScan ? await rememberedScan(index, circumstances) : null;
  const seenFiles: { seen: SeenTotals | null } = { seen: null };
  const unchanged = new MergedBatches(index);
  const phase = new DiscoverPhase({
    ...deps,
    live: live.sources,
    onMerged: (merged, path) => unchanged.add({ path, merged }),
    sources: sourcesOf(roots, options, config, libraryRoot),
    remembered,
    onStream: (account, source) => accounts.add(account, source.isExport === true),
    onSeen: (seen) => {
      unchanged.flush();
      seenFiles.seen = totalsOf(seen);
    },
  });

  const failures: Failure[] = [];
  const isLacking = () => seenFiles.seen?.failures.some(isOfDocument) === true;
  const work = { roots, accounts, live, isLacking, failures };
  const { plan, performed } = await runPhase(
    phase,
    run,
    options.dryRun ? "show" : "do",
    () => {},
    (shown, results) => commitFound(session, shown, results, work, run),
  );
  const missed = performed ?? (await foreseeMissed(session, phase, plan, work, run));
  const seen = seenFiles.seen;
  if (seen === null) throw new Error("the phase showed a plan without having observed");
  const whole = roots.length === 0 && (performed?.commit ?? null) === null ? live.wholeFailure() : null;
  if (whole !== null) throw whole;
  if (performed !== null && isAllWritten(plan, missed, isLacking)) await live.remember();
  await accounts.settled();
  const told =
    seen.isRemembered && remembered !== null
      ? remembered
      : { accounting: accounts.sums(), unexplained: accounts.unexplained().map(unexplainedFailure) };
  if (performed !== null && failures.length === 0 && mayRemember && !seen.isRemembered) {
    await rememberScan(index, circumstances, seen, told);
  }
  failures.unshift(
    ...(config.syncStateFailure === undefined ? [] : [config.syncStateFailure]),
    ...invalid,
    ...live.failures,
    ...seen.failures,
    ...heldFailures(plan.held, invalid, {
      code: "document.held",
      hint: "See what is wrong with: photosync doctor",
    }),
    ...told.unexplained,
  );
  const created = plan.steps.filter((step) => step.action === "create-photo").length;
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: performed?.commit ?? null,
    counts: {
      seen: seen.files,
      new: created - missed.missedNew,
      updated: plan.steps.length - created - missed.missedUpdates,
      unchanged: seen.unchanged,
      duplicates: seen.duplicates,
      skipped: seen.skipped,
      failed: failures.length,
      gone: live.results().reduce((sum, { gone }) => sum + gone, 0),
    },
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    plan: plan.steps.map(({ action, photo_id, target, why }) => ({ action, photo_id, target, why })),
    sources: roots,
    accounts: live.results(),
    accounting: told.accounting,
    report: performed?.report ?? null,
    notes: [...notes, ...seen.notes],
  };
}

/** A document that could not be brought up to date, as against something that could not be read. */
const isOfDocument = ({ subject }: Failure): boolean => subject.startsWith("photos/");

/** What the phase takes from the library. */
async function phaseDeps(session: Session, options: DiscoverOptions, run: Run) {
  const { index, config, catalog, control, documents, libraryRoot } = session;
  const forgotten = forgottenHashes(await readTombstones(control, catalog.revision, run));
  return {
    libraryRoot,
    forgotten,
    catalog,
    documents,
    memory: scanMemory(index),
    log: findingLog(index),
    reading: (hash: ContentHash) => index.readings.get(hash),
    readSmall: async (hash: ContentHash) => index.small.get(hash) ?? missingSidecar(hash),
    isMerged: (finding: MergedFinding, path: string) => isMerged(index, finding, path),
    defaultVisibility: config.preferences.default_visibility,
    keeping: options.dryRun ? null : await keepingFor(session, forgotten, run),
    fresh: options.fullScan,
    ...(options.since === undefined ? {} : { since: options.since }),
  };
}

const unexplainedFailure = ({ location, detail }: StreamAccount): Failure => ({
  subject: `${location.path}#${location.entry ?? ""}`,
  code: "takeout.unexplained",
  message: `${location.entry ?? location.path} is nothing that such an export is known to hold: ${detail}.`,
  hint: "Look at it by hand; it stays in the archive. Please report it, so that photosync learns what it is.",
});

function missingSidecar(hash: string): never {
  throw new PhotosyncError({
    kind: "bug",
    code: "bug.sidecar-forgotten",
    message: `The bytes of sidecar ${hash} were read but not kept.`,
    next: ["Run the command again with --full-scan, and report this."],
  });
}
