import { openCatalog } from "../control/catalog.js";
import { readTombstones, tombstoneEdit } from "../control/tombstones.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { PhotoId } from "../domain/ids.js";
import type { PhotoDocument } from "../domain/photo.js";
import { sameJson } from "../domain/same-json.js";
import { type Tombstone, tombstonePath, withEarlier } from "../domain/tombstone.js";
import { checksumEntries } from "../phases/replicate/record.js";
import type { PhotoRow } from "../ports/catalog.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { agreeToForget } from "./agree-to-forget.js";
import { requireNobodyElses } from "./came-back.js";
import { clearLocal, clearStore } from "./clear-forgotten.js";
import type { ForgetResult, PendingStore, Staying } from "./forget-results.js";
import { type FoundFiles, findFiles, ownBytes, stayingOf } from "./forget-traces.js";
import { type ConfiguredStore, namedStores, type StoreSurroundings } from "./open-stores.js";
import { commitOperation, type Session, sparingOwnersEdits, withSession } from "./session.js";
import { findPhoto, readPhoto } from "./show.js";

export interface ForgetOptions {
  /** As `show` takes it; the photo id of one that was forgotten before, to go on with it. */
  readonly photo: string;
  readonly dryRun: boolean;
  /** The photo id as its owner gave it to confirm; null where none was given. */
  readonly confirmed: string | null;
  /** Shows what would go and asks for the photo id; null where nobody can be asked. */
  readonly confirm: ((shown: ForgetResult, run: Run) => Promise<string>) | null;
  /** What stores beyond this computer's disks need; without it they wait to be cleared. */
  readonly surroundings?: StoreSurroundings;
}

/** A photo to be forgotten, or one that was, as one session found it. */
interface Inspection {
  readonly row: PhotoRow | null;
  readonly document: PhotoDocument | null;
  /** With every store pending that has to be cleared. */
  readonly tombstone: Tombstone;
  /** As Git has it already; null where it is new. */
  readonly recorded: Tombstone | null;
  readonly found: FoundFiles;
  readonly stays: readonly Staying[];
}

/**
 * Deletes every byte of a photo from every store and from this computer, and its document. First a commit says that it is forgotten and which stores
 * are to be cleared; then the bytes go; then a second commit says which stores still wait, for `replicate` to clear. A run that was cut short
 * is gone on with by the same command, or by `replicate`. Bytes that another photo has as well stay.
 *
 * Throws `photo.unknown`, `photo.ambiguous`, `document.unreadable`, `forget.needs-confirm`, `forget.not-confirmed`, `forget.uncommitted-edit`,
 * `forget.came-back` (user), and `forget.changed-meanwhile` (busy) when the document is no longer what was shown.
 */
export async function forget(
  libraryRoot: string,
  control: ControlPlane,
  options: ForgetOptions,
  run: Run,
): Promise<ForgetResult> {
  const { dryRun } = options;
  const shown = await withSession(
    libraryRoot,
    control,
    "forget",
    dryRun ? "scratch" : "read",
    run,
    (session) => inspect(session, options.photo, storesOf(session, options, true), run),
  );
  const planned = resultOf(libraryRoot, shown, { dryRun, removed: 0, pending: stillPending(shown) });
  if (dryRun) return planned;
  // What was decided and recorded is not asked about again.
  if (shown.document !== null) await agreeToForget(shown.tombstone.photo_id, planned, options, run);
  return withSession(libraryRoot, control, "forget", "write", run, async (session) => {
    const stores = storesOf(session, options, false);
    const now = await inspect(session, shown.tombstone.photo_id, stores, run);
    if (!sameJson(now.document, shown.document)) throw changedMeanwhile(shown.tombstone.photo_id);
    const begun = await bury(session, now, run);
    return clear(session, now, stores, begun, run);
  });
}

/** A store that is out of reach now may have been cleared before. */
const stillPending = ({ tombstone, found }: Inspection): readonly PendingStore[] =>
  found.pending.filter(({ store }) => tombstone.pending.includes(store));

const storesOf = (
  { config, libraryRoot }: Session,
  { surroundings }: ForgetOptions,
  looking: boolean,
): readonly ConfiguredStore[] =>
  namedStores(config.preferences, libraryRoot, surroundings).map((each) =>
    looking && each.store !== null ? { ...each, store: readonlyStore(each.store) } : each,
  );

async function inspect(
  session: Session,
  wanted: string,
  stores: readonly ConfiguredStore[],
  run: Run,
): Promise<Inspection> {
  const { catalog, control, documents, libraryRoot } = session;
  const used = catalog.sums().byStore;
  const tombstones = await readTombstones(control, catalog.revision, run);
  const row = photoOrForgotten(session, wanted, tombstones);
  if (row.kind === "forgotten") {
    const { tombstone } = row;
    await requireNobodyElses(catalog, tombstone, null);
    const { content_hashes: hashes, blob_keys: keys, pending } = tombstone;
    const sought = { hashes, keys, recordedIn: new Set(pending) };
    const found = await findFiles(libraryRoot, stores, sought, used, run);
    return { row: null, document: null, tombstone, recorded: tombstone, found, stays: found.bundles };
  }
  const document = await readPhoto(documents, row.row);
  const own = await ownBytes(session, row.row, document);
  const recorded = tombstones.find(({ photo_id }) => photo_id === document.photo_id) ?? null;
  if (recorded !== null) await requireNobodyElses(catalog, recorded, row.row.path);
  const kept = recorded ?? { content_hashes: [], blob_keys: [] };
  const hashes = [...new Set([...own.hashes, ...kept.content_hashes])].sort();
  const keys = [...new Set([...own.keys, ...kept.blob_keys])].sort();
  const sought = { hashes, keys, recordedIn: own.recordedIn };
  const found = await findFiles(libraryRoot, stores, sought, used, run);
  const toClear = stores.map(({ name }) => name).filter((name) => !found.unused.has(name));
  const fresh: Tombstone = {
    schema_version: 1,
    photo_id: document.photo_id,
    forgotten_at: run.clock.now(),
    forgotten_by: (await control.author()).name,
    content_hashes: hashes,
    blob_keys: keys,
    pending: [...new Set([...toClear, ...own.recordedIn])].sort(),
  };
  const tombstone = withEarlier(fresh, recorded);
  const stays = [...own.shared, ...stayingOf(document), ...found.bundles];
  return { row: row.row, document, tombstone, recorded, found, stays };
}

/** Throws `photo.unknown` and `photo.ambiguous` (user). */
function photoOrForgotten(
  { catalog }: Session,
  wanted: string,
  tombstones: readonly Tombstone[],
):
  | { readonly kind: "photo"; readonly row: PhotoRow }
  | { readonly kind: "forgotten"; readonly tombstone: Tombstone } {
  try {
    return { kind: "photo", row: findPhoto(catalog, wanted) };
  } catch (error) {
    const tombstone = tombstones.find(({ photo_id }) => photo_id === wanted);
    if (tombstone === undefined) throw error;
    return { kind: "forgotten", tombstone };
  }
}

const changedMeanwhile = (photoId: PhotoId): PhotosyncError =>
  new PhotosyncError({
    kind: "busy",
    code: "forget.changed-meanwhile",
    message: `Nothing was deleted: photo ${photoId} was changed by somebody else while you were asked.`,
    next: ["Run the command again."],
  });

/** The library after the commit that says what is to be removed, before anything is. */
interface Begun {
  readonly session: Session;
  readonly commit: string | null;
}

/** Replaces the document by the tombstone. Throws `forget.uncommitted-edit` (user) where the owner is at work on either. */
async function bury(session: Session, { row, document, tombstone }: Inspection, run: Run): Promise<Begun> {
  if (row === null || document === null) return { session, commit: null };
  const spared: Failure[] = [];
  async function* edits(): AsyncIterable<FileEdit> {
    const groups = (async function* () {
      yield [{ path: row?.path ?? "", bytes: null }, tombstoneEdit(tombstone)];
    })();
    yield* sparingOwnersEdits(session.control, groups, (failure) => spared.push(failure));
    const [first] = spared;
    if (first === undefined) return;
    throw new PhotosyncError({
      kind: "user",
      code: "forget.uncommitted-edit",
      message: `Nothing was deleted: ${first.subject} has changes of yours that are not committed.`,
      next: ["Commit or drop them with git, then run the command again."],
    });
  }
  const files = tombstone.blob_keys.length;
  const summary = `photo ${tombstone.photo_id}, ${files} ${files === 1 ? "blob" : "blobs"} to be removed from ${tombstone.pending.join(", ") || "no store"}`;
  const commit = await commitOperation(session, edits(), () => ({ command: "forget", summary }), run);
  return { session: await refreshed(session, run), commit };
}

/** The session at what is HEAD now. */
async function refreshed(session: Session, run: Run): Promise<Session> {
  const { control, index } = session;
  return { ...session, catalog: await openCatalog(index, control, await control.head(), run) };
}

/** Removes the bytes, and records which stores are cleared. */
async function clear(
  before: Session,
  inspection: Inspection,
  stores: readonly ConfiguredStore[],
  { session, commit: begun }: Begun,
  run: Run,
): Promise<ForgetResult> {
  const { libraryRoot, catalog } = session;
  const staged = inspection.found.files.filter(({ kind }) => kind === "staged").length;
  await clearLocal({ libraryRoot, index: before.index }, inspection.tombstone, run);
  let tombstone = inspection.tombstone;
  let removed = staged;
  const failures: Failure[] = [];
  const waiting = new Map(inspection.found.pending.map((each) => [each.store, each]));
  for (const { name, store } of stores) {
    if (store === null || waiting.has(name) || inspection.found.unused.has(name)) continue;
    run.progress.stage(`Removing from ${name}`, {});
    const cleared = await clearStore(store, tombstone, run);
    tombstone = cleared.tombstone;
    removed += cleared.removed;
    if (cleared.failure !== null) {
      failures.push(cleared.failure);
      waiting.set(name, { store: name, why: cleared.failure.message });
    } else await store.writeChecksumList(checksumEntries(catalog, name), run);
  }
  const left =
    tombstone.pending.length === 0
      ? "every store is cleared"
      : `${tombstone.pending.join(", ")} still to be cleared`;
  const summary = `photo ${tombstone.photo_id}, ${left}`;
  const commit = sameJson(tombstone, inspection.tombstone)
    ? null
    : await commitOperation(session, [tombstoneEdit(tombstone)], () => ({ command: "forget", summary }), run);
  const pending = tombstone.pending.map(
    (store): PendingStore => waiting.get(store) ?? { store, why: "it was not cleared" },
  );
  const stays = [...inspection.stays, ...olderVersions(tombstone)];
  const done = { ...inspection, tombstone, stays };
  return {
    ...resultOf(libraryRoot, done, { dryRun: false, removed, pending }),
    commit: commit ?? begun,
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
  };
}

const olderVersions = ({ older_versions = [] }: Tombstone): readonly Staying[] =>
  older_versions.map((store) => ({
    kind: "versions",
    where: store,
    why: "its bucket keeps earlier versions, which these access keys may not remove (s3:ListBucketVersions, s3:DeleteObjectVersion)",
  }));

function resultOf(
  libraryRoot: string,
  { row, tombstone, found: { files }, stays }: Inspection,
  {
    dryRun,
    removed,
    pending,
  }: { readonly dryRun: boolean; readonly removed: number; readonly pending: readonly PendingStore[] },
): ForgetResult {
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit: null,
    counts: {
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      removed,
      pending: pending.length,
    },
    failures: [],
    outcome: "done",
    photo_id: tombstone.photo_id,
    filename: row?.filename ?? null,
    tombstone: tombstonePath(tombstone.photo_id),
    files,
    pending,
    stays,
  };
}
