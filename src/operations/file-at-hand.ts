import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { copiesIn } from "../domain/copies.js";
import type { BlobKey, ContentHash } from "../domain/ids.js";
import type { Instance, PhotoDocument } from "../domain/photo.js";
import { storesOf, type UserPreferences } from "../domain/preferences.js";
import { fromPortable } from "../infra/portable-path.js";
import { stagedPath } from "../stores/staging.js";
import { stagingFolder } from "./open-staging.js";

/** Bytes of a photo, original or variant. */
interface Part {
  readonly content_hash: ContentHash;
  readonly blob_key: BlobKey;
  readonly bytes: number;
  readonly instances: Readonly<Record<string, Instance>>;
}

function partOf(document: PhotoDocument, hash: ContentHash): Part | null {
  const parts = [document, ...(document.variants ?? [])];
  const found = parts.find(({ content_hash }) => content_hash === hash);
  return found === undefined ? null : { ...found, bytes: found.media.bytes };
}

/**
 * Where a file with these bytes lies on this machine: in a local store, where they were found, or kept at hand; null where there is none
 * of the right size. What it holds is not proven: it is for looking at.
 */
export async function fileAtHand(
  libraryRoot: string,
  preferences: UserPreferences,
  document: PhotoDocument,
  hash: ContentHash,
): Promise<string | null> {
  const part = partOf(document, hash);
  if (part === null) return null;
  const inStores = [...storesOf(preferences).values()].flatMap((store) =>
    store.type === "local" ? [join(resolve(fromPortable(libraryRoot, store.path)), part.blob_key)] : [],
  );
  const found = copiesIn(part.instances).flatMap(({ locations = [] }) =>
    locations.flatMap(({ path, entry }) =>
      entry === undefined ? [resolve(fromPortable(libraryRoot, path))] : [],
    ),
  );
  for (const path of [...inStores, ...found, stagedPath(stagingFolder(libraryRoot), hash)]) {
    const file = await stat(path).catch(() => null);
    if (file?.isFile() === true && file.size === part.bytes) return path;
  }
  return null;
}
