import { type Failure, failureOf } from "../../domain/errors.js";
import { documentPath, type PhotoId } from "../../domain/ids.js";
import type { Conflict, PhotoDocument } from "../../domain/photo.js";
import { resolveDocument } from "../../domain/resolve.js";
import { sameJson } from "../../domain/same-json.js";
import type { ServiceView } from "../../domain/service-wishes.js";
import { digestOf } from "../../infra/hash.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Phase, Plan, Run, Step, StepResult } from "../../ports/phase.js";
import { withDigest } from "../plan-digest.js";

export interface ResolveStep extends Step {
  readonly action: "resolve-photo";
  readonly photo_id: PhotoId;
  readonly path: string;
}

interface SeenPhoto {
  readonly photoId: PhotoId;
  readonly path: string;
  readonly filename: string;
  readonly autoResolved: number;
  readonly open: readonly Conflict[];
  readonly becomesResolved: boolean;
  readonly changed: boolean;
}

export interface ResolveSeen {
  readonly base: string;
  readonly photos: readonly SeenPhoto[];
  readonly failures: readonly Failure[];
}

export interface ResolveDeps {
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly enabledRules: readonly string[];
  /** The accounts that photos are uploaded to. */
  readonly services: readonly ServiceView[];
  /** Told what was observed, before it is planned: counts for the report. */
  readonly onSeen: (seen: ResolveSeen) => void;
}

export interface ResolveResultStep extends StepResult {
  readonly edits: readonly FileEdit[];
}

/** Phase 2: settles what rules can settle, and records the rest as conflicts for a person. */
export class ResolvePhase implements Phase<ResolveSeen, ResolveStep, ResolveResultStep> {
  readonly #deps: ResolveDeps;

  constructor(deps: ResolveDeps) {
    this.#deps = deps;
  }

  async observe(run: Run): Promise<ResolveSeen> {
    const { catalog, documents } = this.#deps;
    const photos: SeenPhoto[] = [];
    const failures: Failure[] = [...catalog.invalid()];
    run.progress.stage("Comparing what sources say", {});
    for (const row of catalog.rows()) {
      throwIfAborted(run);
      if (row.processing_state !== "discovered" && row.conflicts === 0) continue;
      run.progress.advance({ items: 1 });
      const read = await documents.read(row.path);
      if (read.kind !== "ok") continue;
      try {
        const { document, autoResolved, open } = this.#resolve(read.document, run);
        photos.push({
          photoId: row.photo_id,
          path: row.path,
          filename: row.filename,
          autoResolved,
          open,
          becomesResolved: document.processing_state !== "discovered",
          changed: !sameJson(read.document, document),
        });
      } catch (error) {
        failures.push(failureOf(row.path, error));
      }
    }
    const seen = { base: catalog.revision, photos, failures };
    this.#deps.onSeen(seen);
    return seen;
  }

  plan(seen: ResolveSeen): Plan<ResolveStep> {
    const steps = seen.photos
      .filter((photo) => photo.changed)
      .sort((a, b) => (a.photoId < b.photoId ? -1 : 1))
      .map(
        (photo): ResolveStep => ({
          id: photo.photoId,
          action: "resolve-photo",
          photo_id: photo.photoId,
          target: photo.filename,
          why: reasonOf(photo),
          path: photo.path,
        }),
      );
    return withDigest({ phase: "resolve", base: seen.base, steps, held: [] }, digestOf);
  }

  async *execute(plan: Plan<ResolveStep>, run: Run): AsyncIterable<ResolveResultStep> {
    run.progress.stage("Writing documents", { items: plan.steps.length });
    for (const step of plan.steps) {
      throwIfAborted(run);
      const read = await this.#deps.documents.read(step.path);
      if (read.kind !== "ok") {
        yield { step: step.id, outcome: "blocked", edits: [] };
        continue;
      }
      const { document } = this.#resolve(read.document, run);
      const path = documentPath(document.metadata.taken_date, document.photo_id);
      const edits: FileEdit[] = path === step.path ? [] : [{ path: step.path, bytes: null }];
      edits.push(this.#deps.documents.write(path, document));
      yield { step: step.id, outcome: "done", edits };
      run.progress.advance({ items: 1 });
    }
  }

  #resolve(document: PhotoDocument, run: Run) {
    const { enabledRules, services } = this.#deps;
    return resolveDocument(document, { enabledRules, services, now: run.clock.now() });
  }
}

function reasonOf(photo: SeenPhoto): string {
  const fields = [...new Set(photo.open.map((conflict) => conflict.field))].join(", ");
  if (photo.open.length > 0) return `a person must decide: ${fields}`;
  return photo.autoResolved > 0 ? `settled by rule: ${photo.autoResolved}` : "nothing in conflict";
}
