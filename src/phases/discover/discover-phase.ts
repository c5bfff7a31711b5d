import { failureOf } from "../../domain/errors.js";
import { documentPath } from "../../domain/ids.js";
import { digestOf } from "../../infra/hash.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Phase, Plan, Run } from "../../ports/phase.js";
import { withDigest } from "../plan-digest.js";
import { whyUpdated } from "./folding.js";
import { listingOf } from "./listing-digest.js";
import { hostOf, mergeLogged } from "./merging.js";
import { observeSources } from "./observe.js";
import type {
  DiscoverDeps,
  DiscoverResultStep,
  DiscoverSeen,
  DiscoverStep,
  RememberedScan,
  SeenPhoto,
} from "./seen.js";

/** Phase 1: what sources show becomes new photo documents and changes to known ones. */
export class DiscoverPhase implements Phase<DiscoverSeen, DiscoverStep, DiscoverResultStep> {
  readonly #deps: DiscoverDeps;

  constructor(deps: DiscoverDeps) {
    this.#deps = deps;
  }

  async observe(run: Run): Promise<DiscoverSeen> {
    const remembered = await this.#remembered(run);
    const seen =
      remembered === null ? await observeSources(this.#deps, run) : await this.#besides(remembered, run);
    this.#deps.onSeen(seen);
    return seen;
  }

  plan(seen: DiscoverSeen): Plan<DiscoverStep> {
    const steps = [...seen.changed].sort((a, b) => (a.photoId < b.photoId ? -1 : 1)).map(stepMaker());
    return withDigest({ phase: "discover", base: seen.base, steps, held: seen.held }, digestOf);
  }

  async *execute(plan: Plan<DiscoverStep>, run: Run): AsyncIterable<DiscoverResultStep> {
    run.progress.stage("Writing documents", { count: plan.steps.length });
    for (const step of plan.steps) {
      throwIfAborted(run);
      yield await this.#executeStep(step, run);
      run.progress.advance({ count: 1 });
    }
  }

  /** What an earlier run saw, with what accounts of services show now. */
  async #besides(remembered: RememberedScan, run: Run): Promise<DiscoverSeen> {
    const base = this.#deps.catalog.revision;
    const before = { ...remembered, base, changed: [], held: [], isRemembered: true };
    if (this.#deps.live.length === 0) return before;
    const now = await observeSources({ ...this.#deps, sources: [] }, run);
    return {
      ...before,
      changed: now.changed,
      held: now.held,
      files: before.files + now.files,
      duplicates: before.duplicates + now.duplicates,
      skipped: before.skipped + now.skipped,
      unchanged: before.unchanged + now.unchanged,
      failures: [...before.failures, ...now.failures],
      notes: [...before.notes, ...now.notes],
    };
  }

  /** What an earlier run saw, if the sources still list just the same. */
  async #remembered(run: Run): Promise<RememberedScan | null> {
    const { remembered, sources } = this.#deps;
    if (remembered === null) return null;
    run.progress.stage("Looking for changes", {});
    return (await listingOf(sources, run)) === remembered.listing ? remembered : null;
  }

  async #executeStep(step: DiscoverStep, run: Run): Promise<DiscoverResultStep> {
    const nothing = { step: step.id, edits: [], merged: [] };
    const { documents } = this.#deps;
    try {
      const read = step.path === null ? null : await documents.read(step.path);
      if (read !== null && read.kind !== "ok") return { ...nothing, outcome: "blocked" };
      const before = read === null ? null : read.document;
      const host = step.folds.length === 0 ? before : await hostOf(this.#deps, before, step, run);
      if (host === null && step.folds.length > 0) return { ...nothing, outcome: "blocked" };
      const about = { photoId: step.photo_id, findings: step.findings };
      const { document, merged } = mergeLogged(this.#deps, host, about, run);
      const path = documentPath(document.metadata.taken_date, document.photo_id);
      const edits: FileEdit[] = step.folds.map((folded) => ({ path: folded.path, bytes: null }));
      if (step.path !== null && step.path !== path) edits.push({ path: step.path, bytes: null });
      edits.push(documents.write(path, document));
      return { step: step.id, outcome: "done", edits, merged };
    } catch (error) {
      return { ...nothing, outcome: "failed", failure: failureOf(step.target, error) };
    }
  }
}

/** Makes the steps of one plan, which mostly give the same few reasons: each is kept once. */
function stepMaker(): (photo: SeenPhoto) => DiscoverStep {
  const reasons = new Map<string, string>();
  const kept = (reason: string) => {
    const same = reasons.get(reason) ?? reason;
    reasons.set(reason, same);
    return same;
  };
  return (photo) => {
    const where = photo.services.join(", ");
    const isNew = photo.path === null && photo.folds.length === 0;
    return {
      id: photo.photoId,
      action: isNew ? "create-photo" : "update-photo",
      photo_id: photo.photoId,
      target: photo.filename,
      why: kept(isNew ? `new in ${where}` : whyUpdated(where, photo.folds)),
      path: photo.path,
      findings: photo.findings,
      folds: photo.folds,
    };
  };
}
