import { join } from "node:path";
import { openCatalog } from "../control/catalog.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import { toPortable } from "../infra/portable-path.js";
import { checksumEntries, recordReplicas } from "../phases/replicate/record.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import type { ServiceStepResult } from "../phases/replicate/services/service-step.js";
import type { SettledResults } from "../phases/settled-results.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Catalog } from "../ports/catalog.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Plan, Run } from "../ports/phase.js";
import type { PhotoTarget } from "../ports/photo-service.js";
import { counted, size } from "../text/units.js";
import { clearStaging } from "./open-staging.js";
import type { ConfiguredStore } from "./open-stores.js";
import { commitOperation, type Session, sparingOwnersEdits } from "./session.js";

const DEEDS: Readonly<Record<string, string>> = {
  upload: "uploaded to",
  "set-metadata": "corrected on",
  "set-visibility": "set anew in who may see them on",
};

/** What was done on services, as an operation's line tells it: `3 uploaded to flickr`. */
function serviceSummary(done: readonly ReplicateStep[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { action, target } of done) {
    const deed = DEEDS[action];
    if (deed !== undefined) counts.set(`${deed} ${target}`, (counts.get(`${deed} ${target}`) ?? 0) + 1);
  }
  return [...counts].map(([deed, count]) => `${count} ${deed}`);
}

/** How the index remembers a replica that `verify` found to be wrong. */
export const suspectKey = (store: string, key: string): string => `${store} ${key}`;

export interface Recorded {
  readonly commit: string | null;
  /** Photos whose documents the owner is at work on. */
  readonly spared: readonly Failure[];
  /** The library as it is after that. */
  readonly now: Catalog;
}

/** An interrupted run still records what it has proven: its commit must not be cut short by the same Ctrl-C. */
const beyondInterruption = (run: Run): Run => ({ ...run, signal: new AbortController().signal });

/**
 * Records what an execution proved in one commit of the command, and lifts the suspicion from what was refilled.
 * Throws as `commitOperation`.
 */
export async function recordProven(
  session: Session,
  plan: Plan<ReplicateStep>,
  collected: SettledResults<ServiceStepResult>,
  options: {
    readonly command: "replicate" | "verify";
    readonly enabled: readonly ConfiguredStore[];
    /** The services that were written to. */
    readonly services?: ReadonlyMap<string, PhotoTarget>;
    /** What else the commit holds, and how its line tells of it. */
    readonly besides?: { readonly edits: readonly FileEdit[]; readonly summary: string | null };
    /** See `RecordDeps`; true unless told. */
    readonly isWhole?: boolean;
    readonly run: Run;
  },
): Promise<Recorded> {
  const { catalog, documents, config, control, index, libraryRoot } = session;
  const { enabled, command } = options;
  const run = beyondInterruption(options.run);
  const primary = config.preferences.blob_storage.primary;
  const primaryRoot = enabled.find(({ name }) => name === primary)?.where ?? "";
  const proven = new Set(
    collected.results
      .filter(({ outcome }) => outcome === "done" || outcome === "already")
      .map(({ step }) => step),
  );
  const stored = plan.steps.flatMap((step) =>
    step.action === "store-blob" && proven.has(step.id) ? [step] : [],
  );
  const replicas = recordReplicas(collected.results, plan, {
    catalog,
    documents,
    services: options.services ?? new Map(),
    isWhole: options.isWhole ?? true,
    stores: new Set(enabled.map(({ name }) => name)),
    primary,
    sourceOfTruth: (key) => toPortable(libraryRoot, join(primaryRoot, key)),
    now: run.clock.now(),
  });
  const { edits = [], summary: also = null } = options.besides ?? {};
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for (const edit of edits) yield [edit];
    yield* replicas;
  }
  const spared: Failure[] = [];
  const summary = () => {
    const left = new Set(spared.map(({ subject }) => subject));
    const recorded = stored.filter((step) => !left.has(catalog.row(step.photo_id)?.path ?? ""));
    const onServices = [
      ...serviceSummary(plan.steps.filter((step) => proven.has(step.id))),
      ...(also === null ? [] : [also]),
    ];
    if (recorded.length === 0) return onServices.join(", ") || "states brought up to date";
    const bytes = size(recorded.reduce((sum, step) => sum + step.bytes, 0));
    const replicas = counted(recorded.length, "replica");
    const names = [...new Set(recorded.map((step) => step.target))].sort().join(", ");
    const deed = command === "verify" ? "repaired" : "verified";
    return [`${replicas} (${bytes}) ${deed} in ${names}`, ...onServices].join(", ");
  };
  const commit = await commitOperation(
    session,
    sparingOwnersEdits(control, groups(), (failure) => spared.push(failure)),
    () => ({ command, summary: summary(), planDigest: plan.digest }),
    run,
  );
  for (const step of stored) index.suspects.removeSync(suspectKey(step.target, step.key));
  return { commit, spared, now: await openCatalog(index, control, await control.head(), run) };
}

/** How the index remembers a checksum list that is right: the revision that it tells of, and the list's stamp. */
const listKey = (store: string): string => `sums ${store}`;

/**
 * Sees to a store's checksum list. One that was right for this revision and was not touched since is not read again, but for a repair. Where another
 * computer has put its own list in the place of the one just written, that is made up for when the library changes, or by a repair.
 */
async function bringListAlong(
  index: Session["index"],
  now: Catalog,
  store: BlobStore,
  { anew }: { readonly anew: boolean },
  run: Run,
): Promise<void> {
  const right = async () => {
    const stamp = (await store.checksumListStamp?.(run)) ?? null;
    return stamp === null ? null : `${now.revision} ${stamp}`;
  };
  const known = index.checked.get(listKey(store.name));
  if (!anew && known !== undefined && known === (await right())) return;
  await store.writeChecksumList(checksumEntries(now, store.name), run);
  const written = await right();
  if (written !== null) index.checked.putSync(listKey(store.name), written);
}

/**
 * Brings along what follows from the records: the checksum lists of the stores, and what need not be kept at hand any longer. A store that
 * does not take its list is told as a failure: what was recorded stays true, and the next run writes the list. Throws defects.
 */
export async function brushUp(
  session: Session,
  now: Catalog,
  stores: readonly BlobStore[],
  interruptible: Run,
  options: { readonly anew: boolean } = { anew: false },
): Promise<readonly Failure[]> {
  const run = beyondInterruption(interruptible);
  const failures: Failure[] = [];
  await Promise.all(
    stores.map(async (store) => {
      try {
        if ((await store.availability(run)) === "ready")
          await bringListAlong(session.index, now, store, options, run);
      } catch (error) {
        if (!(error instanceof PhotosyncError) || error.kind === "bug") throw error;
        failures.push({
          subject: `store ${store.name}`,
          code: "store.list-not-written",
          message: `SHA256SUMS in store ${store.name} could not be brought up to date; the copies themselves are recorded. ${error.message}`,
          hint: error.next.join(" ") || "Run: photosync replicate --execute",
        });
      }
    }),
  );
  await clearStaging(session.libraryRoot, session.config.preferences, now, run);
  return failures;
}
