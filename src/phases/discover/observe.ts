import { type Failure, failureOf } from "../../domain/errors.js";
import type { ContentHash, PhotoId } from "../../domain/ids.js";
import { photoIdOf } from "../../infra/hash.js";
import { spareHeapFor } from "../../infra/spare-heap.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Run } from "../../ports/phase.js";
import type { Finding, StreamAccount } from "../../ports/photo-source.js";
import { type Folded, PhotoAssigner } from "./assign.js";
import { foldableIn, foldedPhotos } from "./folding.js";
import { ForgottenSieve } from "./forgotten.js";
import { ListingDigest } from "./listing-digest.js";
import { mergeLogged } from "./merging.js";
import { portableFinding } from "./portable-finding.js";
import { type ScanOutcome, scan } from "./scan.js";
import { asMerged, type DiscoverDeps, type DiscoverSeen, type SeenPhoto } from "./seen.js";

/** A photo and all that this run found of it. */
interface Found {
  readonly path: string | null;
  readonly findings: number[];
  services: readonly string[];
  readonly filename: string;
  folds: readonly Folded[];
  /** True while the document is remembered to hold all of the findings. */
  settled: boolean;
}

interface Assigned {
  readonly byPhoto: ReadonlyMap<PhotoId, Found>;
  /** Invalid documents that speak of bytes that were found. */
  readonly claimants: ReadonlySet<string>;
  /** True when each finding stayed as its source told it, so that a later run makes the same of it. */
  readonly isPlain: boolean;
}

interface Scanned {
  readonly outcomes: readonly ScanOutcome[];
  /** Numbers in the log, in the order to assign them. */
  readonly findings: readonly number[];
  readonly distinct: number;
  /** Files of which nothing was told because they are as they were known. */
  readonly known: number;
  readonly listing: string | null;
  readonly forgotten: ForgottenSieve;
}

/** Taking a photo in changes the document, whatever else is new. */
const TO_BE_FOLDED = { updated: true, merged: [] };
const NO_FOLDS: ReadonlySet<PhotoId> = new Set();
/** One for all photos, as most have none. */
const NONE: readonly never[] = [];

/** Services of a photo, sorted; photos of the same ones share one list, which is among `known`. */
function withService(
  before: readonly string[],
  service: string,
  known: Map<string, readonly string[]>,
): readonly string[] {
  if (before.includes(service)) return before;
  const after = [...before, service].sort();
  const key = after.join("\0");
  const same = known.get(key) ?? after;
  known.set(key, same);
  return same;
}

async function scanAll(deps: DiscoverDeps, run: Run): Promise<Scanned> {
  const { sources, memory, log, fresh, since, readSmall, keeping } = deps;
  const options = { fresh, readSmall, keeping, ...(since === undefined ? {} : { since }) };
  const outcomes: ScanOutcome[] = [];
  const withVariants: number[] = [];
  const plain: number[] = [];
  const sieve = new ForgottenSieve(deps.forgotten);
  const take = (found: Finding): void => {
    const finding = sieve.pass(found);
    if (finding === null) return;
    (finding.variants.length > 0 ? withVariants : plain).push(log.add(finding));
  };
  const hashes = new Set<ContentHash>();
  const media = (hash: ContentHash): void => {
    hashes.add(hash);
    spareHeapFor(hashes.size);
  };
  const listing = new ListingDigest();
  let known = 0;
  for (const source of sources) {
    run.progress.stage(`Reading ${source.service}`, {});
    listing.begin(source);
    const sink = {
      listed: listing.add.bind(listing),
      finding: (finding: Finding) => take(portableFinding(deps.libraryRoot, finding)),
      stream: (account: StreamAccount) => deps.onStream(account, source),
      media,
    };
    outcomes.push(await scan(source, memory, options, sink, run));
  }
  for (const account of deps.live) {
    run.progress.stage(`Asking ${account.service}`, {});
    const outcome = await account.look({ finding: take, media }, run);
    outcomes.push(outcome);
    known += outcome.filesKnown ?? 0;
  }
  await log.settled();
  const isRepeatable = since === undefined && outcomes.every(({ isComplete }) => isComplete);
  const findings = [...withVariants, ...plain];
  const listed = isRepeatable ? listing.end() : null;
  return { outcomes, findings, distinct: hashes.size, known, listing: listed, forgotten: sieve };
}

/** The invalid document that speaks of the finding's bytes: writing another one beside or over it is no answer. */
function claimantOf(
  { catalog }: DiscoverDeps,
  finding: Finding,
  claims: ReadonlyMap<string, string>,
): string | null {
  if (claims.size === 0) return null;
  for (const { hash } of [finding.original, ...finding.variants.map((variant) => variant.file)]) {
    if (catalog.photoOfHash(hash) !== null) continue;
    const path = claims.get(hash) ?? claims.get(photoIdOf(hash));
    if (path !== undefined) return path;
  }
  return null;
}

async function assignAll(deps: DiscoverDeps, findings: readonly number[], run: Run): Promise<Assigned> {
  const { catalog, log } = deps;
  const assigner = new PhotoAssigner(catalog, photoIdOf);
  const byPhoto = new Map<PhotoId, Found>();
  const known = new Map<string, readonly string[]>();
  const claims = await catalog.claims();
  const claimants = new Set<string>();
  let isPlain = true;
  for (const id of findings) {
    throwIfAborted(run);
    run.progress.advance({ count: 1 });
    const found = log.get(id);
    const claimant = claimantOf(deps, found, claims);
    if (claimant !== null) {
      claimants.add(claimant);
      continue;
    }
    const foldable =
      found.variants.length === 0 ? NO_FOLDS : await foldableIn(found, catalog, deps.documents);
    for (const { photoId, finding, folds } of assigner.assign(found, foldable)) {
      isPlain &&= finding === found && folds.length === 0;
      const about = byPhoto.get(photoId) ?? {
        path: catalog.row(photoId)?.path ?? null,
        findings: [],
        services: NONE,
        filename: finding.original.filename,
        folds: NONE,
        settled: true,
      };
      byPhoto.set(photoId, about);
      about.findings.push(finding === found ? id : log.add(finding));
      about.services = withService(about.services, finding.service, known);
      if (folds.length > 0) about.folds = [...about.folds, ...folds];
      about.settled &&= about.path !== null && deps.isMerged(asMerged(finding), about.path);
    }
  }
  await log.settled();
  return { byPhoto, claimants, isPlain };
}

/** Reads all sources and tells what of it is new to the library. */
export async function observeSources(deps: DiscoverDeps, run: Run): Promise<DiscoverSeen> {
  const { outcomes, findings, distinct, known, listing, forgotten } = await scanAll(deps, run);
  run.progress.stage("Comparing with the library", { count: findings.length });
  const { byPhoto, claimants, isPlain } = await assignAll(deps, findings, run);
  const changed: SeenPhoto[] = [];
  const why = "its document cannot be read";
  const held = [...claimants].sort().map((subject) => ({ subject, why }));
  const failures: Failure[] = outcomes.flatMap((outcome) => outcome.failures);
  let unchanged = known;
  for (const [photoId, { path, findings: own, services, filename, folds: folded, settled }] of byPhoto) {
    throwIfAborted(run);
    const folds = folded.length === 0 ? NONE : foldedPhotos(folded, deps.catalog);
    const about = { photoId, path, filename, findings: own, folds, services };
    if (path === null) changed.push(about);
    else if (settled && folds.length === 0) unchanged += 1;
    else {
      const read = await deps.documents.read(path);
      if (read.kind !== "ok") {
        held.push({ subject: path, why });
        continue;
      }
      // A document that its owner set at odds with its findings must not keep the others waiting.
      try {
        const { updated, merged } =
          folds.length > 0 ? TO_BE_FOLDED : mergeLogged(deps, read.document, about, run);
        if (updated) changed.push(about);
        else {
          unchanged += 1;
          deps.onMerged(merged, path);
        }
      } catch (error) {
        failures.push(failureOf(path, error));
      }
    }
  }
  const files = outcomes.reduce((sum, outcome) => sum + outcome.filesSeen, 0);
  return {
    base: deps.catalog.revision,
    changed,
    unchanged,
    held,
    failures,
    files: files + known,
    duplicates: files - distinct,
    skipped: outcomes.reduce((sum, outcome) => sum + outcome.skipped, forgotten.count),
    notes: [...outcomes.flatMap((outcome) => outcome.notes), ...forgotten.notes()],
    listing: isPlain && held.length === 0 ? listing : null,
    isRemembered: false,
  };
}
