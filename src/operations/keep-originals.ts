import type { ContentHash } from "../domain/ids.js";
import type { Keeping } from "../phases/discover/read-entry.js";
import type { Run } from "../ports/phase.js";
import { openStaging } from "./open-staging.js";
import { namedStores } from "./open-stores.js";
import type { Session } from "./session.js";

/** Keeps the originals that some store lacks and nobody had `forgotten`; null where keeping them does not pay. */
export async function keepingFor(
  { libraryRoot, config, catalog }: Session,
  forgotten: ReadonlyMap<ContentHash, unknown>,
  run: Run,
): Promise<Keeping | null> {
  const staging = await openStaging(libraryRoot, config.preferences, run);
  if (staging === null) return null;
  const stores = namedStores(config.preferences, libraryRoot);
  const wanted = (hash: ContentHash): boolean => {
    if (forgotten.has(hash)) return false;
    const photoId = catalog.photoOfHash(hash);
    const blob =
      photoId === null ? undefined : catalog.row(photoId)?.blobs.find((each) => each.hash === hash);
    return blob === undefined || stores.some(({ name }) => blob.stores[name] === undefined);
  };
  const names = new Set(stores.map(({ name }) => name));
  return { staging, wanted, isStore: (name) => names.has(name) };
}
