import { mergedKey } from "../control/catalog.js";
import type { ServiceSyncState, SyncState } from "../control/config.js";
import { syncStateEdit } from "../control/config.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { ContentHash } from "../domain/ids.js";
import { toPortable } from "../infra/portable-path.js";
import {
  DiscoverPhase,
  type DiscoverResultStep,
  type DiscoverSeen,
  type DiscoverStep,
  type MergedFinding,
} from "../phases/discover/discover-phase.js";
import type { Keeping } from "../phases/discover/read-entry.js";
import { findingLog, scanMemory } from "../phases/discover/scan-store.js";
import { runPhase } from "../phases/run-phase.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import { type Root, rootsToRead, sourcesOf } from "./discover-sources.js";
import { heldFailures } from "./held-failures.js";
import { openStaging } from "./open-staging.js";
import { namedStores } from "./open-stores.js";
import type { DiscoverOptions } from "./options.js";
import type { DiscoverResult } from "./results.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
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
  const { index, config, catalog, documents, libraryRoot } = session;
  const { roots, notes } = await rootsToRead(options, config, libraryRoot);
  const accounts = new StreamAccounts(index);
  const seenFiles: { seen: DiscoverSeen | null } = { seen: null };
  const phase = new DiscoverPhase({
    libraryRoot,
    sources: sourcesOf(roots, options, config, libraryRoot),
    catalog,
    documents,
    memory: scanMemory(index),
    log: findingLog(index),
    reading: (hash) => index.readings.get(hash),
    readSmall: async (hash) => index.small.get(hash) ?? missingSidecar(hash),
    isMerged: (merged) => index.merged.doesExist(mergedKey(merged)),
    defaultVisibility: config.preferences.default_visibility,
    keeping: options.dryRun ? null : await keepingFor(session, run),
    fresh: options.fullScan,
    ...(options.since === undefined ? {} : { since: options.since }),
    onStream: (account, source) => accounts.add(account, source.isExport === true),
    onSeen: (seen) => {
      seenFiles.seen = seen;
    },
  });

  const failures: Failure[] = [];
  const { plan, performed } = await runPhase(
    phase,
    run,
    options.dryRun ? "show" : "do",
    () => {},
    (shown, results) => commitFound(session, shown, results, roots, accounts, failures, run),
  );
  const seen = seenFiles.seen;
  if (seen === null) throw new Error("the phase showed a plan without having observed");
  await accounts.settled();
  const unexplained = [...accounts.lines()].filter((account) => account.verdict === "unexplained");
  const invalid = catalog.invalid();
  failures.unshift(
    ...(config.syncStateFailure === undefined ? [] : [config.syncStateFailure]),
    ...invalid,
    ...seen.failures,
    ...heldFailures(plan.held, invalid, {
      code: "document.held",
      hint: "See what is wrong with: photosync doctor",
    }),
    ...unexplained.map(
      ({ location, detail }): Failure => ({
        subject: `${location.path}#${location.entry ?? ""}`,
        code: "takeout.unexplained",
        message: `${location.entry ?? location.path} is nothing that a Takeout is known to hold: ${detail}.`,
        hint: "Look at it by hand; it stays in the archive. Please report it, so that photosync learns what it is.",
      }),
    ),
  );
  const created = plan.steps.filter((step) => step.action === "create-photo").length;
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: performed?.commit ?? null,
    counts: {
      seen: seen.files,
      new: created - (performed?.missedNew ?? 0),
      updated: plan.steps.length - created - (performed?.missedUpdates ?? 0),
      unchanged: seen.photos.length - plan.steps.length,
      duplicates: seen.duplicates,
      skipped: seen.skipped,
      failed: failures.length,
    },
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    plan: plan.steps.map(({ action, photo_id, target, why }) => ({ action, photo_id, target, why })),
    sources: roots,
    accounting: accounts.sums(),
    report: performed?.report ?? null,
    notes: [...notes, ...seen.notes],
  };
}

/** Keeps the originals that some store lacks; null where keeping them does not pay. */
async function keepingFor({ libraryRoot, config, catalog }: Session, run: Run): Promise<Keeping | null> {
  const staging = await openStaging(libraryRoot, config.preferences, run);
  if (staging === null) return null;
  const stores = namedStores(config.preferences, libraryRoot).filter(({ store }) => store !== null);
  const wanted = (hash: ContentHash): boolean => {
    const photoId = catalog.photoOfHash(hash);
    const blob =
      photoId === null ? undefined : catalog.row(photoId)?.blobs.find((each) => each.hash === hash);
    return blob === undefined || stores.some(({ name }) => blob.stores[name] === undefined);
  };
  return { staging, wanted };
}

function missingSidecar(hash: string): never {
  throw new PhotosyncError({
    kind: "bug",
    code: "bug.sidecar-forgotten",
    message: `The bytes of sidecar ${hash} were read but not kept.`,
    next: ["Run the command again with --full-scan, and report this."],
  });
}

interface Performed {
  readonly commit: string | null;
  readonly report: string | null;
  readonly missedNew: number;
  readonly missedUpdates: number;
}

async function commitFound(
  session: Session,
  plan: Plan<DiscoverStep>,
  results: AsyncIterable<DiscoverResultStep>,
  roots: readonly Root[],
  accounts: StreamAccounts,
  failures: Failure[],
  run: Run,
): Promise<Performed> {
  const { index, config, control, libraryRoot } = session;
  const now = run.clock.now();
  for (const root of roots) index.checked.putSync(`discover ${root.service}`, now);
  const isNothingNew = plan.steps.length === 0;
  if (isNothingNew && config.syncStateFailure === undefined)
    return { commit: null, report: null, missedNew: 0, missedUpdates: 0 };

  const merged: MergedFinding[] = [];
  const newPaths = new Set<string>();
  let missedNew = 0;
  let missedUpdates = 0;
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const miss = (step: string) => {
    if (actions.get(step) === "create-photo") missedNew += 1;
    else missedUpdates += 1;
  };
  await accounts.settled();
  const reportEdit = accounts.report(now.slice(0, 10));
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const result of results) {
      if (result.failure !== undefined) failures.push(result.failure);
      if (result.outcome !== "done") {
        miss(result.step);
        continue;
      }
      if (actions.get(result.step) === "create-photo")
        for (const { path } of result.edits) newPaths.add(path);
      merged.push(...result.merged);
      yield result.edits;
    }
  }
  async function* bookkeeping(): AsyncIterable<readonly FileEdit[]> {
    yield [syncStateEdit(advanced(config.syncState, roots, libraryRoot, now))];
    if (reportEdit !== null) yield [reportEdit];
  }
  const spared = new Set<string>();
  const onSpared = (failure: Failure, group: readonly FileEdit[]) => {
    failures.push(failure);
    for (const { path } of group) spared.add(path);
    if (group.some(({ path }) => path.startsWith("photos/"))) {
      if (group.some(({ path }) => newPaths.has(path))) missedNew += 1;
      else missedUpdates += 1;
    }
  };
  async function* edits(): AsyncIterable<FileEdit> {
    yield* sparingOwnersEdits(control, groups(), onSpared);
    // Where every document was left alone there is nothing that the sync state and the report could speak of.
    if (isNothingNew || missedNew + missedUpdates < plan.steps.length) {
      yield* sparingOwnersEdits(control, bookkeeping(), onSpared);
    }
  }
  const message = () => {
    const created = [...actions.values()].filter((action) => action === "create-photo").length - missedNew;
    const updated =
      plan.steps.length - [...actions.values()].filter((a) => a === "create-photo").length - missedUpdates;
    const where = [...new Set(roots.map((root) => root.service))].sort().join(", ");
    return {
      command: "discover" as const,
      summary: `${created} new, ${updated} updated from ${where}`,
      planDigest: plan.digest,
      ...(reportEdit === null ? {} : { report: reportEdit.path }),
    };
  };
  const commit = await commitOperation(session, edits(), message, run);
  if (commit !== null && spared.size === 0) {
    index.root.transactionSync(() => {
      for (const each of merged) index.merged.putSync(mergedKey(each), true);
    });
  }
  return { commit, report: commit === null ? null : (reportEdit?.path ?? null), missedNew, missedUpdates };
}

/** The sync state after these roots have been read and what they showed is committed. */
function advanced(state: SyncState, roots: readonly Root[], libraryRoot: string, now: string): SyncState {
  const services: Record<string, ServiceSyncState> = { ...state.services };
  for (const { service, path, kind } of roots) {
    const known = services[service] ?? { last_discover: now, roots: {} };
    services[service] = {
      ...known,
      last_discover: now,
      roots: { ...known.roots, [toPortable(libraryRoot, path)]: { kind, last_discover: now } },
    };
  }
  return { ...state, services };
}
