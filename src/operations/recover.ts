import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { loadConfig } from "../control/config.js";
import { createRepository } from "../control/create-repository.js";
import { type GitControlPlane, openControlPlane } from "../control/git-control-plane.js";
import { nullOid } from "../control/git-object.js";
import { acquireLock } from "../control/process-lock.js";
import { type BundleName, commitOfBundle, timeOfBundle } from "../domain/bundle-name.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { StoreSettings } from "../domain/preferences.js";
import { fileError, makeFolderDurably } from "../infra/durable-file.js";
import type { KeptBundle } from "../ports/bundle-shelf.js";
import type { Run } from "../ports/phase.js";
import { type FetchedBundle, fetchBundle } from "./fetch-bundle.js";
import { keepOrigin } from "./keep-origin.js";
import { keepTyped } from "./keep-typed.js";
import { leftOutBundles, leftOutNote } from "./left-out-bundles.js";
import { withBundle } from "./made-bundle.js";
import { type Origin, openOrigin } from "./open-origin.js";
import { namedStores } from "./open-stores.js";
import type { RecoverOptions } from "./options.js";
import { noteRecovery, recoveryIsDone, requireFree } from "./recover-state.js";
import { replicate } from "./replicate.js";
import type { RecoverResult } from "./restore-results.js";
import type { ReplicateResult } from "./results.js";
import type { Surroundings } from "./service-account.js";
import { type Session, withSession } from "./session.js";

/**
 * Makes a library from nothing but a store: the history from its newest bundle that holds together, the working tree, and the store itself among the
 * library's stores; originals stay where they are unless asked for. Killed at any point it is gone on with by the same call. Throws `recover.*`,
 * `store.bad-url` (user), and what the store throws.
 */
export async function recover(options: RecoverOptions, run: Run): Promise<RecoverResult> {
  const libraryRoot = options.directory ?? join(tmpdir(), "photosync-recover");
  const origin = await openOrigin({ ...options, libraryRoot }, run);
  if (options.directory !== undefined && !options.list) await requireFree(libraryRoot, origin.where);
  run.progress.stage(`Looking at store ${origin.name}`, {});
  const all = await origin.store.bundles.list(run);
  if (options.directory === undefined || options.list) return listed(origin, all);
  return recoverFrom(origin, chosen(origin, all, options.generation), options.directory, options, run);
}

function chosen(
  { name }: Origin,
  all: readonly KeptBundle[],
  generation: string | undefined,
): readonly KeptBundle[] {
  if (generation === undefined) return all;
  const found = all.filter(
    (bundle) => bundle.name === generation || commitOfBundle(bundle.name) === generation,
  );
  if (found.length > 0) return found;
  throw new PhotosyncError({
    kind: "user",
    code: "recover.no-generation",
    message: `Store ${name} has no bundle ${generation}.`,
    next: ["See which there are: photosync recover STORE-URL --list"],
  });
}

const generationsOf = (all: readonly KeptBundle[]): RecoverResult["generations"] =>
  all.map(({ name, sizeBytes: bytes }) => ({
    name,
    at: timeOfBundle(name),
    commit: commitOfBundle(name),
    bytes,
  }));

const listed = ({ name, where }: Origin, all: readonly KeptBundle[]): RecoverResult => ({
  library: "",
  dry_run: true,
  commit: null,
  counts: { photos: 0, operations: 0, originals: 0, bytes: 0 },
  failures: [],
  outcome: "done",
  store: { name, where },
  generation: null,
  generations: generationsOf(all),
  notes: [],
});

async function recoverFrom(
  origin: Origin,
  generations: readonly KeptBundle[],
  libraryRoot: string,
  options: RecoverOptions,
  run: Run,
): Promise<RecoverResult> {
  try {
    await makeFolderDurably(libraryRoot);
  } catch (error) {
    throw fileError(error, libraryRoot, "make the folder");
  }
  const lock = await acquireLock(libraryRoot, "recover");
  let fetched: FetchedBundle | null;
  let control: GitControlPlane;
  try {
    await requireFree(libraryRoot, origin.where);
    await noteRecovery(libraryRoot, origin.where);
    await createRepository(libraryRoot);
    control = await openControlPlane(libraryRoot);
    await control.recover(run);
    fetched =
      (await control.head()) === nullOid
        ? await fetchBundle(origin.store, generations, control, libraryRoot, run)
        : null;
  } finally {
    await lock.release();
  }
  try {
    const made = await withSession(libraryRoot, control, "recover", "write", run, async (session) => {
      const kept = await keepOrigin(session, origin, run);
      const typed = await keepTyped(origin, options.surroundings, run);
      await startOwnStores(session, run);
      return {
        kept,
        typed,
        photos: session.catalog.sums().photos,
        operations: await operationsIn(session, run),
        leftOut: await leftOutBundles(control, await control.head(), namesBesides(generations, fetched), run),
        invalid: session.catalog.invalid(),
      };
    });
    const brought = options.originals
      ? await bringOriginals({ ...options.surroundings, ...origin.surroundings }, libraryRoot, control, run)
      : null;
    if (brought?.outcome !== "cancelled") await recoveryIsDone(libraryRoot);
    const failures: readonly Failure[] = [
      ...(fetched?.passedOver ?? []),
      ...made.invalid,
      ...made.kept.failures,
      ...(brought?.failures ?? []),
    ];
    return {
      library: libraryRoot,
      dry_run: false,
      commit: brought?.commit ?? made.kept.commit,
      counts: {
        photos: made.photos,
        operations: made.operations,
        originals: brought?.counts.done ?? 0,
        bytes: brought?.counts.bytes ?? 0,
      },
      failures,
      outcome: outcomeOf(brought, failures),
      store: { name: origin.name, where: origin.where },
      generation: fetched?.name ?? null,
      generations: generationsOf(generations),
      notes: [
        ...(fetched === null ? [] : [asOfNote(fetched.name)]),
        ...made.kept.notes,
        ...made.typed,
        ...made.leftOut.map(leftOutNote),
      ],
    };
  } finally {
    control.close();
  }
}

/** A store that was set back gives an older library, in which photos are not forgotten yet and levels may be wider; the store alone cannot tell. */
const asOfNote = (name: BundleName): string =>
  `The library is as it stood on ${timeOfBundle(name).replace("T", " ").replace("Z", " UTC")}: what was decided or forgotten after that is not in it.`;

/** Those that were not found torn, which is told already. */
const namesBesides = (generations: readonly KeptBundle[], fetched: FetchedBundle | null) =>
  generations
    .map(({ name }) => name)
    .filter((name) => !fetched?.passedOver.some(({ subject }) => subject === name));

function outcomeOf(brought: ReplicateResult | null, failures: readonly Failure[]): RecoverResult["outcome"] {
  if (brought !== null && brought.outcome !== "done") return brought.outcome;
  return failures.length === 0 ? "done" : "partial";
}

/**
 * The stores inside the library's own folder are empty because the folder is new, and not because a disk is away: a bundle of the library makes them
 * used ones, so that `verify` tells what they lack and `replicate` brings it.
 */
async function startOwnStores({ config, control, libraryRoot }: Session, run: Run): Promise<void> {
  for (const { store, settings, where, badPlace } of namedStores(config.preferences, libraryRoot)) {
    if (store === null || badPlace !== null || !isOwn(libraryRoot, settings, where)) continue;
    if ((await store.availability(run)) !== "new") continue;
    const revision = await control.head();
    await withBundle(libraryRoot, control, revision, [], run, ({ source }) => store.bundles.put(source, run));
  }
}

const isOwn = (libraryRoot: string, { type }: StoreSettings, where: string): boolean =>
  type === "local" && where.startsWith(libraryRoot + sep);

/** Copies the originals into the library's own stores: what `replicate --execute` to them does. Null where there are none. */
async function bringOriginals(
  surroundings: Surroundings,
  libraryRoot: string,
  control: GitControlPlane,
  run: Run,
): Promise<ReplicateResult | null> {
  const { preferences } = await loadConfig(libraryRoot);
  const to = namedStores(preferences, libraryRoot).flatMap(({ name, settings, where }) =>
    isOwn(libraryRoot, settings, where) ? [name] : [],
  );
  if (to.length === 0) return null;
  return replicate(libraryRoot, control, { mode: "do", to, surroundings }, run);
}

async function operationsIn({ control }: Session, run: Run): Promise<number> {
  let count = 0;
  for await (const _ of control.history(await control.head(), run)) count++;
  return count;
}
