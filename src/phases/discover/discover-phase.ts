import { compactCanonicalJson } from "../../domain/canonical-json.js";
import { type Failure, failureOf } from "../../domain/errors.js";
import type { Reading, Readings } from "../../domain/finding.js";
import { type ContentHash, documentPath, type PhotoId } from "../../domain/ids.js";
import { type MergeContext, mergeFinding } from "../../domain/merge.js";
import type { PhotoDocument } from "../../domain/photo.js";
import type { Visibility } from "../../domain/visibility.js";
import { digestOf, photoIdOf } from "../../infra/hash.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { FileEdit } from "../../ports/control-plane.js";
import type { Phase, Plan, Run, Step, StepResult } from "../../ports/phase.js";
import type { Finding, PhotoSource, StreamAccount } from "../../ports/photo-source.js";
import { withDigest } from "../plan-digest.js";
import { type Folded, PhotoAssigner } from "./assign.js";
import type { ScanMemory } from "./examine.js";
import { type FoldedPhoto, foldableIn, foldedPhotos, whyUpdated, withFolded } from "./folding.js";
import { portableFinding } from "./portable-finding.js";
import type { Keeping } from "./read-entry.js";
import { type ScanOutcome, scan } from "./scan.js";
import type { FindingLog } from "./scan-store.js";

export interface DiscoverStep extends Step {
  readonly action: "create-photo" | "update-photo";
  readonly photo_id: PhotoId;
  /** Where the document is now, or null for a new photo. */
  readonly path: string | null;
  /** Numbers in the finding log, in the order to merge them. */
  readonly findings: readonly number[];
  /** Known photos that become variants of this one; a photo that takes them in is no new one. */
  readonly folds: readonly FoldedPhoto[];
}

/** A photo that sources showed, as planning sees it. */
interface SeenPhoto {
  readonly photoId: PhotoId;
  readonly path: string | null;
  readonly filename: string;
  readonly services: readonly string[];
  readonly findings: readonly number[];
  readonly folds: readonly FoldedPhoto[];
  readonly changed: boolean;
}

export interface DiscoverSeen {
  readonly base: string;
  readonly photos: readonly SeenPhoto[];
  readonly held: Plan<DiscoverStep>["held"];
  readonly files: number;
  /** Files whose bytes another file of this run has too. */
  readonly duplicates: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
}

export interface DiscoverDeps {
  readonly libraryRoot: string;
  readonly sources: readonly PhotoSource[];
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly memory: ScanMemory;
  readonly log: FindingLog;
  readonly reading: (hash: ContentHash) => Reading | undefined;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
  /** True when a committed document is remembered to hold the finding of this digest already. */
  readonly isMerged: (merged: MergedFinding) => boolean;
  readonly defaultVisibility: Visibility;
  /** Where originals that are read are kept for `replicate`; null where keeping them does not pay. */
  readonly keeping: Keeping | null;
  readonly fresh: boolean;
  readonly since?: string;
  readonly onStream: (account: StreamAccount, source: PhotoSource) => void;
  /** Told what was observed, before it is planned: counts for the report. */
  readonly onSeen: (seen: DiscoverSeen) => void;
}

/** A finding by the bytes it is about and the digest of its whole content. */
export interface MergedFinding {
  readonly hash: ContentHash;
  readonly digest: string;
}

/** What a step's execution leaves for the commit. */
export interface DiscoverResultStep extends StepResult {
  readonly edits: readonly FileEdit[];
  /** Findings now held by the document: to be remembered once the commit is made. */
  readonly merged: readonly MergedFinding[];
}

const asMerged = (finding: Finding): MergedFinding => ({
  hash: finding.original.hash,
  digest: digestOf(compactCanonicalJson(finding)),
});

/** Phase 1: what sources show becomes new photo documents and changes to known ones. */
export class DiscoverPhase implements Phase<DiscoverSeen, DiscoverStep, DiscoverResultStep> {
  readonly #deps: DiscoverDeps;

  constructor(deps: DiscoverDeps) {
    this.#deps = deps;
  }

  async observe(run: Run): Promise<DiscoverSeen> {
    const { sources, memory, log, catalog } = this.#deps;
    const outcomes: ScanOutcome[] = [];
    const withVariants: number[] = [];
    const plain: number[] = [];
    const hashes = new Set<ContentHash>();
    for (const source of sources) {
      run.progress.stage(`Reading ${source.service}`, {});
      const sink = {
        finding: (finding: Finding) => {
          (finding.variants.length > 0 ? withVariants : plain).push(
            log.add(portableFinding(this.#deps.libraryRoot, finding)),
          );
        },
        stream: (account: StreamAccount) => this.#deps.onStream(account, source),
        media: (hash: ContentHash) => void hashes.add(hash),
      };
      outcomes.push(await scan(source, memory, this.#scanOptions(), sink, run));
    }
    await log.settled();
    run.progress.stage("Comparing with the library", { items: withVariants.length + plain.length });
    const assigner = new PhotoAssigner(catalog, photoIdOf);
    const byPhoto = new Map<
      PhotoId,
      { findings: number[]; services: Set<string>; filename: string; folds: Folded[]; settled: boolean }
    >();
    const claims = await catalog.claims();
    const claimants = new Set<string>();
    for (const id of [...withVariants, ...plain]) {
      run.progress.advance({ items: 1 });
      const found = log.get(id);
      const claimant = this.#claimant(found, claims);
      if (claimant !== null) {
        claimants.add(claimant);
        continue;
      }
      const foldable = await foldableIn(found, catalog, this.#deps.documents);
      for (const { photoId, finding, folds } of assigner.assign(found, foldable)) {
        const number = finding === found ? id : log.add(finding);
        const known = this.#deps.isMerged(asMerged(finding));
        const seen = byPhoto.get(photoId);
        if (seen === undefined) {
          const services = new Set([finding.service]);
          byPhoto.set(photoId, {
            findings: [number],
            services,
            filename: finding.original.filename,
            folds: [...folds],
            settled: known,
          });
        } else {
          seen.findings.push(number);
          seen.services.add(finding.service);
          seen.folds.push(...folds);
          seen.settled &&= known;
        }
      }
    }
    await log.settled();
    const photos: SeenPhoto[] = [];
    const why = "its document cannot be read";
    const held = [...claimants].sort().map((subject) => ({ subject, why }));
    const failures = outcomes.flatMap((outcome) => outcome.failures);
    for (const [photoId, { findings, services, filename, folds: folded, settled }] of byPhoto) {
      throwIfAborted(run);
      const row = catalog.row(photoId);
      const folds = foldedPhotos(folded, catalog);
      const about = { photoId, filename, findings, folds, services: [...services].sort() };
      if (row === null) photos.push({ ...about, path: null, changed: true });
      else if (settled && folds.length === 0) photos.push({ ...about, path: row.path, changed: false });
      else {
        const read = await this.#deps.documents.read(row.path);
        if (read.kind !== "ok") held.push({ subject: row.path, why });
        else {
          // A document that its owner set at odds with its findings must not keep the others waiting.
          try {
            const changed = folds.length > 0 || this.#merge(read.document, photoId, findings, run).updated;
            photos.push({ ...about, path: row.path, changed });
          } catch (error) {
            failures.push(failureOf(row.path, error));
          }
        }
      }
    }
    const files = outcomes.reduce((sum, outcome) => sum + outcome.filesSeen, 0);
    const seen = {
      base: catalog.revision,
      photos,
      held,
      failures,
      files,
      duplicates: files - hashes.size,
      skipped: outcomes.reduce((sum, outcome) => sum + outcome.skipped, 0),
      notes: outcomes.flatMap((outcome) => outcome.notes),
    };
    this.#deps.onSeen(seen);
    return seen;
  }

  plan(seen: DiscoverSeen): Plan<DiscoverStep> {
    const steps = seen.photos
      .filter((photo) => photo.changed)
      .sort((a, b) => (a.photoId < b.photoId ? -1 : 1))
      .map((photo): DiscoverStep => {
        const where = photo.services.join(", ");
        const isNew = photo.path === null && photo.folds.length === 0;
        return {
          id: photo.photoId,
          action: isNew ? "create-photo" : "update-photo",
          photo_id: photo.photoId,
          target: photo.filename,
          why: isNew ? `new in ${where}` : whyUpdated(where, photo.folds),
          path: photo.path,
          findings: photo.findings,
          folds: photo.folds,
        };
      });
    return withDigest({ phase: "discover", base: seen.base, steps, held: seen.held }, digestOf);
  }

  async *execute(plan: Plan<DiscoverStep>, run: Run): AsyncIterable<DiscoverResultStep> {
    run.progress.stage("Writing documents", { items: plan.steps.length });
    for (const step of plan.steps) {
      throwIfAborted(run);
      yield await this.#executeStep(step, run);
      run.progress.advance({ items: 1 });
    }
  }

  async #executeStep(step: DiscoverStep, run: Run): Promise<DiscoverResultStep> {
    const nothing = { step: step.id, edits: [], merged: [] };
    try {
      const read = step.path === null ? null : await this.#deps.documents.read(step.path);
      if (read !== null && read.kind !== "ok") return { ...nothing, outcome: "blocked" };
      const before = read === null ? null : read.document;
      const host = step.folds.length === 0 ? before : await this.#hostOf(before, step, run);
      if (host === null && step.folds.length > 0) return { ...nothing, outcome: "blocked" };
      const { document, merged } = this.#merge(host, step.photo_id, step.findings, run);
      const path = documentPath(document.metadata.taken_date, document.photo_id);
      const edits: FileEdit[] = step.folds.map((folded) => ({ path: folded.path, bytes: null }));
      if (step.path !== null && step.path !== path) edits.push({ path: step.path, bytes: null });
      edits.push(this.#deps.documents.write(path, document));
      return { step: step.id, outcome: "done", edits, merged };
    } catch (error) {
      return { ...nothing, outcome: "failed", failure: failureOf(step.target, error) };
    }
  }

  /** The document with its folded photos; a new one begins with its original alone, so that their blobs keep their keys. */
  #hostOf(before: PhotoDocument | null, step: DiscoverStep, run: Run): Promise<PhotoDocument | null> {
    const [first] = step.findings;
    if (first === undefined) throw new Error(`photo ${step.photo_id} has no findings`);
    const alone = { ...this.#deps.log.get(first), variants: [] };
    const host =
      before ?? mergeFinding(null, alone, this.#readingsOf(alone), this.#context(step.photo_id, run));
    return withFolded(host, step.folds, this.#deps.documents, run.clock.now());
  }

  #context(photoId: PhotoId, run: Run): MergeContext {
    return { now: run.clock.now(), defaultVisibility: this.#deps.defaultVisibility, photoId };
  }

  #readingsOf(finding: Finding): Readings {
    const hashes = [finding.original.hash, ...finding.variants.map((variant) => variant.file.hash)];
    const readings = new Map<ContentHash, Reading>();
    for (const hash of hashes) {
      const reading = this.#deps.reading(hash);
      if (reading !== undefined) readings.set(hash, reading);
    }
    return readings;
  }

  /** The invalid document that speaks of the finding's bytes: writing another one beside or over it is no answer. */
  #claimant(finding: Finding, claims: ReadonlyMap<string, string>): string | null {
    for (const { hash } of [finding.original, ...finding.variants.map((variant) => variant.file)]) {
      if (this.#deps.catalog.photoOfHash(hash) !== null) continue;
      const path = claims.get(hash) ?? claims.get(photoIdOf(hash));
      if (path !== undefined) return path;
    }
    return null;
  }

  #scanOptions() {
    const { fresh, since, readSmall, keeping } = this.#deps;
    return { fresh, readSmall, keeping, ...(since === undefined ? {} : { since }) };
  }

  #merge(before: PhotoDocument | null, photoId: PhotoId, findings: readonly number[], run: Run) {
    const context = this.#context(photoId, run);
    const merged: MergedFinding[] = [];
    let document = before;
    for (const id of findings) {
      const finding = this.#deps.log.get(id);
      document = mergeFinding(document, finding, this.#readingsOf(finding), context);
      merged.push(asMerged(finding));
    }
    if (document === null) throw new Error(`photo ${photoId} has no findings`);
    const updated = before === null || compactCanonicalJson(before) !== compactCanonicalJson(document);
    return { document, merged, updated };
  }
}
