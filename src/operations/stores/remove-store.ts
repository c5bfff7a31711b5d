import { PhotosyncError } from "../../domain/errors.js";
import { isRecord } from "../../domain/is-record.js";
import type { StoreSettings, UserPreferences } from "../../domain/preferences.js";
import { storesOf } from "../../domain/preferences.js";
import { storeUrl } from "../../domain/store-url.js";
import type { Catalog } from "../../ports/catalog.js";
import type { ControlPlane } from "../../ports/control-plane.js";
import type { Run } from "../../ports/phase.js";
import { type Session, withSession } from "../session.js";
import { commitStores, type JsonObject } from "./edit-stores.js";
import { storeNamed } from "./library-stores.js";
import type { StoreRemoveResult } from "./store-results.js";

export interface RemoveStoreOptions {
  readonly name: string;
  /** Although it is the only store that holds some originals. */
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/**
 * Forgets a store in one commit of `config/user-preferences.json`, and nothing else: the bytes stay where they are, the documents keep what they
 * record of them, and so do the keychain and its passphrase, so that `undo` brings all of it back. What is recorded in a store that is not
 * configured counts as a copy for nothing. Throws `store.unknown`, and without `yes` `store.only-copy` (user) where originals are nowhere else.
 */
export function removeStore(
  libraryRoot: string,
  control: ControlPlane,
  options: RemoveStoreOptions,
  run: Run,
): Promise<StoreRemoveResult> {
  const mode = options.dryRun ? "scratch" : "write";
  return withSession(libraryRoot, control, "store", mode, run, (session) => removeIn(session, options, run));
}

async function removeIn(
  session: Session,
  { name, yes, dryRun }: RemoveStoreOptions,
  run: Run,
): Promise<StoreRemoveResult> {
  const { config, catalog, libraryRoot } = session;
  const settings = storeNamed(config.preferences, name);
  const others = new Set([...storesOf(config.preferences).keys()].filter((other) => other !== name));
  const counts = held(catalog, name, others);
  if (counts.only_there > 0 && !yes && !dryRun) throw onlyCopy(name, counts.only_there);
  const primary = nextPrimary(config.preferences, name, others);
  const url = storeUrl(settings);
  const { commit, failures } = dryRun
    ? { commit: null, failures: [] }
    : await commitStores(
        session,
        (storage) => without(storage, name, primary),
        { command: "store", summary: `${name} removed (${url})` },
        run,
      );
  return {
    library: libraryRoot,
    dry_run: dryRun,
    commit,
    counts,
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    name,
    url,
    primary,
    notes: notesOn(name, settings, counts, primary),
  };
}

/** What is recorded in the store, and what of it no other enabled store holds. */
function held(catalog: Catalog, name: string, others: ReadonlySet<string>): StoreRemoveResult["counts"] {
  let replicas = 0;
  let only_there = 0;
  for (const row of catalog.rows()) {
    for (const { stores } of row.blobs) {
      if (!Object.hasOwn(stores, name)) continue;
      replicas++;
      if (!Object.keys(stores).some((store) => others.has(store))) only_there++;
    }
  }
  return { replicas, only_there };
}

const onlyCopy = (name: string, originals: number): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.only-copy",
    message: `Store ${name} is the only one that holds ${originals} of the originals: without it photosync no longer finds them.`,
    next: [
      "Copy them to another store first: photosync replicate --execute",
      `To forget the store all the same (nothing is deleted there): photosync store remove ${name} --yes`,
    ],
    data: { originals },
  });

/** Copies are named by a store that is there; a folder before a bucket. Null where nothing has to change. */
function nextPrimary(preferences: UserPreferences, name: string, others: ReadonlySet<string>): string | null {
  if (preferences.blob_storage.primary !== name) return null;
  const all = storesOf(preferences);
  const names = [...others].sort();
  return names.find((other) => all.get(other)?.type === "local") ?? names[0] ?? null;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  local: "local_path",
  s3: "s3_bucket",
  b2: "b2_bucket",
};

function without(storage: JsonObject, name: string, primary: string | null): JsonObject {
  const { stores, ...rest } = storage;
  const shorthand = SHORTHANDS[name];
  const after: Record<string, unknown> = { ...rest };
  if (shorthand !== undefined && Object.hasOwn(after, shorthand)) after[shorthand] = null;
  if (primary !== null) after["primary"] = primary;
  if (!isRecord(stores)) return after;
  const left = Object.fromEntries(Object.entries(stores).filter(([other]) => other !== name));
  return { ...after, stores: left };
}

function notesOn(
  name: string,
  settings: StoreSettings,
  { replicas }: StoreRemoveResult["counts"],
  primary: string | null,
): readonly string[] {
  const notes = [
    "Nothing was deleted there. Add it again under the same name, or undo this, and it is known as before.",
  ];
  if (replicas > 0)
    notes.push(
      "The photos' documents still tell what was stored there; as long as the store is not configured, it counts as a copy for nothing.",
    );
  if (settings.type === "s3") {
    notes.push("Its keys stay where they are kept on this computer.");
    if (settings.encryption !== undefined)
      notes.push(`Keep its passphrase or identity: what lies in ${name} cannot be read without it.`);
  }
  if (primary !== null) notes.push(`${primary} is the primary store from now on.`);
  return notes;
}
