import { join } from "node:path";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { PhotoId } from "../domain/ids.js";
import { digestOf } from "../infra/hash.js";
import { typeOfName } from "../infra/media/media-type.js";
import { executeRestore } from "../phases/restore/execute-restore.js";
import { planRestore } from "../phases/restore/plan-restore.js";
import { storeReader } from "../phases/restore/read-from-stores.js";
import { bytesToWrite, type RestorePlan, restoreSteps } from "../phases/restore/restore-plan.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Catalog, PhotoRow } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { FileTree } from "../ports/file-tree.js";
import type { Run } from "../ports/phase.js";
import { fileTree } from "../stores/file-tree.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { size } from "../text/units.js";
import { type ConfiguredStore, namedStores } from "./open-stores.js";
import type { RestoreOptions } from "./options.js";
import { matchingFields, sameAs } from "./photo-filter.js";
import { suspectKey } from "./record-proven.js";
import type { RestoreResult } from "./restore-results.js";
import { thawPlanned } from "./restore-thaw.js";
import { type Session, withSession } from "./session.js";
import { findPhoto } from "./show.js";
import { isWithin, realPlace } from "./store-place.js";

/**
 * Brings originals back out of the stores as files. Changes nothing in the library: no commit, no lock, only the index learns of
 * replicas that were found wrong. Outcome `partial` where a file that was asked for is not there afterwards. Throws
 * `restore.bad-place`, `store.unknown`, `photo.unknown`, `photo.ambiguous`, `restore.no-space`, `restore.cannot-write` (user).
 */
export function restore(
  libraryRoot: string,
  control: ControlPlane,
  options: RestoreOptions,
  run: Run,
): Promise<RestoreResult> {
  const mode = options.dryRun ? "scratch" : "read";
  return withSession(libraryRoot, control, "restore", mode, run, (session) =>
    restoreIn(session, options, run),
  );
}

async function restoreIn(session: Session, options: RestoreOptions, run: Run): Promise<RestoreResult> {
  const { catalog, config, documents, index, libraryRoot } = session;
  const configured = namedStores(config.preferences, libraryRoot, options.surroundings);
  const tree = fileTree(placeFor(options.to, libraryRoot, configured));
  const { stores, gone } = await askable(configured, options.from, run);
  const selected = select(catalog, options);
  const wantsAlbum = options.filter.album === undefined ? () => true : sameAs(options.filter.album);
  const plan = await planRestore(
    {
      catalog,
      documents,
      tree,
      selected,
      layout: {
        by: options.by,
        wantsAlbum,
        variants: options.variants,
        sidecars: options.sidecars,
        isMediaName: (name) => typeOfName(name) !== null,
        digest: digestOf,
      },
      stores: [...stores.keys()],
      gone,
      isSuspect: (store, key) => index.suspects.doesExist(suspectKey(store, key)),
      overwrite: options.overwrite,
    },
    run,
  );
  const steps = restoreSteps(plan);
  const failures: Failure[] = [...(options.photos.length === 0 ? catalog.invalid() : []), ...plan.failures];
  if (options.thaw !== undefined) {
    const asked = new Map(
      configured.flatMap(({ name, store }) => (store === null || !stores.has(name) ? [] : [[name, store]])),
    );
    const { thaw, failures: refused } = await thawPlanned(
      plan,
      asked,
      { ...options.thaw, ask: !options.dryRun },
      run,
    );
    failures.push(...refused);
    return {
      ...NOTHING_WRITTEN,
      library: libraryRoot,
      dry_run: options.dryRun,
      counts: {
        ...NOTHING_WRITTEN.counts,
        photos: selected.length,
        planned: steps.length,
        ...standing(plan),
      },
      failures,
      outcome: failures.length > 0 ? "partial" : "done",
      to: tree.root,
      plan: steps,
      thaw,
    };
  }
  const lacking = await lackOfRoom(tree, bytesToWrite(steps));
  if (lacking !== null && !options.dryRun) throw lacking;
  if (lacking !== null)
    failures.push({
      subject: tree.root,
      code: lacking.code,
      message: lacking.message,
      hint: lacking.next.join(" "),
    });
  const counts = { done: 0, failed: 0, bytes: options.dryRun ? bytesToWrite(steps) : 0 };
  if (!options.dryRun) {
    const reader = storeReader({
      stores,
      onBad: (store, { key }, failure) => {
        failures.push(failure);
        if (failure.code === "replica.corrupt") index.suspects.putSync(suspectKey(store, key), true);
      },
    });
    const files = steps.filter(({ action }) => action.endsWith("-file")).length;
    if (steps.length > 0) await tree.start();
    run.progress.stage("Restoring", { count: files, bytes: bytesToWrite(steps) });
    try {
      for await (const result of executeRestore(plan, { documents, tree, reader }, run)) {
        counts[result.kind]++;
        if (result.kind === "done") counts.bytes += result.bytes;
        // A bad replica was told when it was met.
        else if (result.failure !== null && !failures.includes(result.failure)) failures.push(result.failure);
      }
    } catch (error) {
      if (!run.signal.aborted) throw error;
    }
    failures.push(...reader.stopped());
  }
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: null,
    counts: { photos: selected.length, planned: steps.length, ...counts, ...standing(plan) },
    failures,
    outcome: run.signal.aborted ? "cancelled" : failures.length > 0 ? "partial" : "done",
    to: tree.root,
    plan: steps,
  };
}

const NOTHING_WRITTEN = { commit: null, counts: { done: 0, failed: 0, bytes: 0 } } as const;

/** Places where nothing is to be done: whole files, and those held back. */
function standing({ photos }: RestorePlan): { readonly skipped: number; readonly held: number } {
  const places = photos.flatMap(({ blobs, sidecars }) => [
    ...blobs.flatMap((blob) => blob.places),
    ...sidecars,
  ]);
  return {
    skipped: places.filter(({ state }) => state === "there").length,
    held: places.filter(({ state }) => state === "held").length,
  };
}

/** The photos that are named, or all, of these the ones that pass the filter. */
function select(catalog: Catalog, { photos, filter }: RestoreOptions): readonly PhotoRow[] {
  const passes = matchingFields(filter);
  if (photos.length === 0) return [...catalog.rows(passes)];
  const found = new Map<PhotoId, PhotoRow>();
  for (const wanted of photos) {
    const row = findPhoto(catalog, wanted);
    if (passes(row)) found.set(row.photo_id, row);
  }
  return [...found.values()];
}

/** The real path to restore to. Throws `restore.bad-place` where the library or a store is in the way. */
function placeFor(to: string, libraryRoot: string, configured: readonly ConfiguredStore[]): string {
  const place = realPlace(to);
  const others = [
    { what: "the library", root: libraryRoot },
    ...configured.flatMap(({ name, settings, where }) =>
      settings.type === "local" ? [{ what: `store ${name}`, root: where }] : [],
    ),
  ];
  for (const { what, root } of others) {
    const taken = realPlace(root);
    const isInside = isWithin(place, taken);
    if (!isInside && !isWithin(taken, place)) continue;
    throw new PhotosyncError({
      kind: "user",
      code: "restore.bad-place",
      message: isInside
        ? `${to} is in ${what} (${root}): files that come and go there would be taken for its own.`
        : `${to} holds ${what} (${root}): an album of that name would be written into it.`,
      next: [
        `Name a folder of its own, such as ${join(isInside ? taken : place, isInside ? ".." : "", "restored")}.`,
      ],
    });
  }
  return place;
}

interface Askable {
  /** Best first: this computer's disks before buckets. */
  readonly stores: ReadonlyMap<string, BlobStore>;
  readonly gone: ReadonlyMap<string, string>;
}

/** The stores that can be asked. Throws `store.unknown` (user). */
async function askable(
  configured: readonly ConfiguredStore[],
  from: string | undefined,
  run: Run,
): Promise<Askable> {
  if (from !== undefined && !configured.some(({ name }) => name === from)) {
    throw new PhotosyncError({
      kind: "user",
      code: "store.unknown",
      message: `There is no enabled store named ${from}; enabled are: ${configured.map(({ name }) => name).join(", ")}.`,
      next: ["Run: photosync status"],
    });
  }
  const stores = new Map<string, BlobStore>();
  const gone = new Map<string, string>();
  const isFar = ({ settings }: ConfiguredStore) => Number(settings.type !== "local");
  for (const { name, store, where } of configured.toSorted((a, b) => isFar(a) - isFar(b))) {
    if (store === null || (from !== undefined && name !== from)) continue;
    if ((await store.availability(run)) === "ready") stores.set(name, readonlyStore(store));
    else gone.set(name, store.trouble?.()?.message ?? `Nothing answers for store ${name} at ${where}.`);
  }
  return { stores, gone };
}

/** Why the files will not fit, where that can be told before; null where they do. */
async function lackOfRoom(tree: FileTree, bytes: number): Promise<PhotosyncError | null> {
  const free = bytes === 0 ? 0 : await tree.freeBytes();
  if (bytes <= free) return null;
  return new PhotosyncError({
    kind: "user",
    code: "restore.no-space",
    message: `The disk of ${tree.root} has ${size(free)} free, and ${size(bytes)} are to be restored; nothing was written.`,
    next: [
      "Free some space there, restore to another disk, or restore a part: by --album, --on 2024, or photo.",
    ],
  });
}
