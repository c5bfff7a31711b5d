import { join } from "node:path";
import { openCatalog } from "../control/catalog.js";
import type { Failure } from "../domain/errors.js";
import { toPortable } from "../infra/portable-path.js";
import { checksumEntries, recordReplicas } from "../phases/replicate/record.js";
import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import type { SettledResults } from "../phases/settled-results.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Catalog } from "../ports/catalog.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Plan, Run, StepResult } from "../ports/phase.js";
import { clearStaging } from "./open-staging.js";
import type { ConfiguredStore } from "./open-stores.js";
import { commitOperation, type Session, sparingOwnersEdits } from "./session.js";

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
  collected: SettledResults<StepResult>,
  options: {
    readonly command: "replicate" | "verify";
    readonly enabled: readonly ConfiguredStore[];
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
  const edits = recordReplicas(collected.results, plan, {
    catalog,
    documents,
    stores: new Set(enabled.map(({ name }) => name)),
    primary,
    sourceOfTruth: (key) => toPortable(libraryRoot, join(primaryRoot, key)),
    now: run.clock.now(),
  });
  async function* groups(): AsyncIterable<readonly FileEdit[]> {
    for await (const edit of edits) yield [edit];
  }
  const spared: Failure[] = [];
  const summary = () => {
    const left = new Set(spared.map(({ subject }) => subject));
    const recorded = stored.filter((step) => !left.has(catalog.row(step.photo_id)?.path ?? ""));
    if (recorded.length === 0) return "states brought up to date";
    const bytes = recorded.reduce((sum, step) => sum + step.bytes, 0);
    const names = [...new Set(recorded.map((step) => step.target))].sort().join(", ");
    const deed = command === "verify" ? "repaired" : "verified";
    return `${recorded.length} originals (${bytes} bytes) ${deed} in ${names}`;
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

/** Brings along what follows from the records: the checksum lists of the stores, and what need not be kept at hand any longer. */
export async function brushUp(
  session: Session,
  now: Catalog,
  stores: readonly BlobStore[],
  interruptible: Run,
): Promise<void> {
  const run = beyondInterruption(interruptible);
  for (const store of stores) {
    if ((await store.availability(run)) === "ready") {
      await store.writeChecksumList(checksumEntries(now, store.name), run);
    }
  }
  await clearStaging(session.libraryRoot, now, run);
}
