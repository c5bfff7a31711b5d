import type { Reading, Readings } from "../../domain/finding.js";
import type { ContentHash, PhotoId } from "../../domain/ids.js";
import { type MergeContext, mergeFinding } from "../../domain/merge.js";
import type { PhotoDocument } from "../../domain/photo.js";
import { sameJson } from "../../domain/same-json.js";
import type { Run } from "../../ports/phase.js";
import type { Finding } from "../../ports/photo-source.js";
import { withFolded } from "./folding.js";
import { asMerged, type DiscoverDeps, type DiscoverStep, type MergedFinding } from "./seen.js";

type MergeDeps = Pick<DiscoverDeps, "reading" | "log" | "documents" | "defaultVisibility">;

const contextOf = (deps: MergeDeps, photoId: PhotoId, run: Run): MergeContext => ({
  now: run.clock.now(),
  defaultVisibility: deps.defaultVisibility,
  photoId,
});

function readingsOf({ reading }: MergeDeps, finding: Finding): Readings {
  const readings = new Map<ContentHash, Reading>();
  for (const { hash } of [finding.original, ...finding.variants.map((variant) => variant.file)]) {
    const told = reading(hash);
    if (told !== undefined) readings.set(hash, told);
  }
  return readings;
}

/** The document with these logged findings, and whether that changes it. Throws what `mergeFinding` throws. */
export function mergeLogged(
  deps: MergeDeps,
  before: PhotoDocument | null,
  { photoId, findings }: { readonly photoId: PhotoId; readonly findings: readonly number[] },
  run: Run,
): {
  readonly document: PhotoDocument;
  readonly merged: readonly MergedFinding[];
  readonly updated: boolean;
} {
  const context = contextOf(deps, photoId, run);
  const merged: MergedFinding[] = [];
  let document = before;
  for (const id of findings) {
    const finding = deps.log.get(id);
    document = mergeFinding(document, finding, readingsOf(deps, finding), context);
    merged.push(asMerged(finding));
  }
  if (document === null) throw new Error(`photo ${photoId} has no findings`);
  const isSame = before === document || (before !== null && sameJson(before, document));
  return { document, merged, updated: !isSame };
}

/** The document with its folded photos; a new one begins with its original alone, so that their blobs keep their keys. */
export function hostOf(
  deps: MergeDeps,
  before: PhotoDocument | null,
  step: DiscoverStep,
  run: Run,
): Promise<PhotoDocument | null> {
  const [first] = step.findings;
  if (first === undefined) throw new Error(`photo ${step.photo_id} has no findings`);
  const alone = { ...deps.log.get(first), variants: [] };
  const host =
    before ?? mergeFinding(null, alone, readingsOf(deps, alone), contextOf(deps, step.photo_id, run));
  return withFolded(host, step.folds, deps.documents, run.clock.now());
}
