import { stat } from "node:fs/promises";
import { copiesOf } from "../domain/copies.js";
import { PhotosyncError } from "../domain/errors.js";
import type { BlobKey, ContentHash } from "../domain/ids.js";
import type { Instance, PhotoDocument } from "../domain/photo.js";
import type { PhotoRow } from "../ports/catalog.js";
import type { Run } from "../ports/phase.js";
import { stagedPath } from "../stores/staging.js";
import type { ForgottenFile, PendingStore, Staying } from "./forget-results.js";
import { stagingFolder } from "./open-staging.js";
import type { ConfiguredStore } from "./open-stores.js";
import type { Session } from "./session.js";

/** The bytes of a photo that nobody else has, and those that another photo has as well. */
export interface OwnBytes {
  readonly hashes: readonly ContentHash[];
  readonly keys: readonly BlobKey[];
  readonly shared: readonly Staying[];
  /** Stores in which its document records any of them. */
  readonly recordedIn: ReadonlySet<string>;
}

/** What belongs to a photo alone: never what another document, even one that cannot be read, speaks of. */
export async function ownBytes(
  { catalog }: Session,
  row: PhotoRow,
  document: PhotoDocument,
): Promise<OwnBytes> {
  const claims = await catalog.claims();
  const others = new Map<string, string>();
  const hashes = new Set<string>(row.blobs.map(({ hash }) => hash));
  const keys = new Set<BlobKey>();
  const recordedIn = new Set<string>();
  for (const { replicas, blob_key } of [document, ...(document.variants ?? [])]) {
    keys.add(blob_key);
    for (const [store, { key }] of Object.entries(replicas)) {
      keys.add(key);
      recordedIn.add(store);
    }
  }
  for (const other of catalog.rows()) {
    if (other.path === row.path) continue;
    for (const { hash, key } of other.blobs) {
      if (hashes.has(hash)) others.set(hash, other.path);
      if (keys.has(key)) others.set(key, other.path);
    }
  }
  for (const hash of hashes) {
    const path = claims.get(hash);
    if (path !== undefined) others.set(hash, path);
  }
  const isOwn = (each: string) => !others.has(each);
  const sharedHex = [...hashes].filter((hash) => !isOwn(hash)).map((hash) => hash.slice("sha256:".length));
  return {
    hashes: [...new Set(row.blobs.map(({ hash }) => hash))].filter(isOwn).sort(),
    keys: [...keys].filter((key) => isOwn(key) && !sharedHex.some((hex) => key.includes(hex))).sort(),
    shared: [...hashes]
      .filter((hash) => !isOwn(hash))
      .map((hash) => ({
        kind: "shared" as const,
        where: others.get(hash) ?? "",
        why: `the same bytes (${hash}) belong to this photo as well`,
      })),
    recordedIn,
  };
}

/** What there is of a photo's bytes now, and which stores cannot be asked. */
export interface FoundFiles {
  readonly files: readonly ForgottenFile[];
  readonly pending: readonly PendingStore[];
  /** Stores that were never used, so that there is nothing to clear. */
  readonly unused: ReadonlySet<string>;
  readonly bundles: readonly Staying[];
}

/**
 * Looks for these blobs in every store and at what is kept at hand. `recordedIn`: stores in which they are on record, and one that is configured
 * no more waits until it is; `usedStores`: those in which anything is: one of them that says it was never used is not at its place.
 */
export async function findFiles(
  libraryRoot: string,
  stores: readonly ConfiguredStore[],
  { hashes, keys, recordedIn }: Pick<OwnBytes, "hashes" | "keys" | "recordedIn">,
  usedStores: ReadonlyMap<string, unknown>,
  run: Run,
): Promise<FoundFiles> {
  const files: ForgottenFile[] = [];
  const pending: PendingStore[] = [];
  const unused = new Set<string>();
  const bundles: Staying[] = [];
  for (const hash of hashes) {
    const path = stagedPath(stagingFolder(libraryRoot), hash);
    const found = await stat(path).catch(() => null);
    if (found !== null) files.push({ store: null, kind: "staged", where: path, bytes: found.size });
  }
  for (const name of [...recordedIn].sort()) {
    if (!stores.some((each) => each.name === name))
      pending.push({ store: name, why: "it is not among the enabled stores" });
  }
  for (const { name, store, where, badPlace } of stores) {
    const found = await lookIn(
      { name, store, badPlace },
      keys,
      recordedIn.has(name) || usedStores.has(name),
      run,
    );
    if (typeof found === "string") pending.push({ store: name, why: found });
    else if (found === null) unused.add(name);
    else files.push(...found);
    if (found === null || typeof found === "string") continue;
    const kept = await store?.bundles.list(run).catch(() => []);
    if (kept !== undefined && kept.length > 0) {
      bundles.push({
        kind: "bundle",
        where: `${name} (${where})`,
        why: `${kept.length === 1 ? "1 bundle of the library there holds" : `${kept.length} bundles of the library there hold`} its history; later generations take their place`,
      });
    }
  }
  return { files, pending, unused, bundles };
}

/** What a store has, or why it cannot be cleared; null where it was never used. */
async function lookIn(
  { name, store, badPlace }: Pick<ConfiguredStore, "name" | "store" | "badPlace">,
  keys: readonly BlobKey[],
  isUsed: boolean,
  run: Run,
): Promise<readonly ForgottenFile[] | string | null> {
  if (store === null || badPlace !== null) return badPlace ?? "it cannot be opened here";
  const availability = await store.availability(run);
  if (availability === "new" && !isUsed) return null;
  if (availability !== "ready") return store.trouble?.()?.message ?? "it cannot be reached now";
  try {
    const files: ForgottenFile[] = [];
    for (const key of keys) {
      for (const { kind, where, sizeBytes } of await store.traces(key, run))
        files.push({ store: name, kind, where, bytes: sizeBytes });
    }
    return files;
  } catch (error) {
    if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled") throw error;
    return error.message;
  }
}

/** Where else a photo is: at services and in its owner's own folders, which photosync never deletes from, and in Git's history. */
export function stayingOf(document: PhotoDocument): readonly Staying[] {
  const stays = new Map<string, Staying>();
  const tell = (service: string, instance: Instance) => {
    for (const { id, url, locations = [], gone_since } of copiesOf(instance)) {
      for (const { path, entry } of locations) {
        const where = entry === undefined ? path : `${path}#${entry}`;
        stays.set(where, {
          kind: "source",
          where,
          why: `a file that ${service} came from; photosync deletes no source's files`,
        });
      }
      if (gone_since !== undefined || (locations.length > 0 && url === undefined)) continue;
      const where = url ?? `${service} ${id}`;
      stays.set(where, { kind: "service", where, why: `${service}'s own copy; delete it there` });
    }
  };
  for (const { instances } of [document, ...(document.variants ?? [])])
    for (const [service, instance] of Object.entries(instances)) tell(service, instance);
  return [
    ...[...stays.values()].sort((a, b) => (a.kind + a.where < b.kind + b.where ? -1 : 1)),
    {
      kind: "history",
      where: `photos/…/${document.photo_id}.json`,
      why: "what was written of it stays in Git's history here, and wherever that was pushed or bundled",
    },
  ];
}
