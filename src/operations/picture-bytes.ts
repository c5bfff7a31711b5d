import type { ContentHash, PhotoId } from "../domain/ids.js";
import { locationReader } from "../infra/archive/open-location.js";
import { sha256Aside } from "../infra/hash.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import { placesOf } from "../phases/replicate/blob-places.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { Call } from "../ports/call.js";
import type { BlobRow } from "../ports/catalog.js";
import type { Run } from "../ports/phase.js";
import type { PictureBytes } from "../ports/picture-bytes.js";
import { stagingOf } from "./open-staging.js";
import { namedStores } from "./open-stores.js";
import type { Session } from "./session.js";

/** Several are held at once; hardly a scan is larger. */
const MOST_BYTES = 128 * 1024 * 1024;

/** The bytes of a stream if they are just as many as said and have the hash, else null. */
async function proven(
  chunks: AsyncIterable<Uint8Array>,
  { bytes, hash }: Pick<BlobRow, "bytes" | "hash">,
): Promise<Uint8Array | null> {
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of chunks) {
    if (filled + chunk.length > bytes) return null;
    whole.set(chunk, filled);
    filled += chunk.length;
  }
  return filled === bytes && (await sha256Aside(whole)) === hash ? whole : null;
}

/**
 * Pictures of an open library from the bytes kept at hand, from local stores that are recorded to hold them, or from where discover
 * found them: a file or an entry of a zip. Tars are left out, because each would be read from its start for each picture.
 */
export function pictureBytes(
  {
    catalog,
    documents,
    config,
    libraryRoot,
  }: Pick<Session, "catalog" | "documents" | "config" | "libraryRoot">,
  run: Run,
): PictureBytes {
  const staging = stagingOf(libraryRoot, run);
  const locations = locationReader(libraryRoot);
  const stores = new Map<string, BlobStore>();
  for (const { name, settings, store, badPlace } of namedStores(config.preferences, libraryRoot)) {
    if (settings.type === "local" && store !== null && badPlace === null) stores.set(name, store);
  }

  async function* places(
    photoId: PhotoId,
    blob: BlobRow,
    call: Call,
  ): AsyncGenerator<AsyncIterable<Uint8Array>> {
    const staged = await staging.find(blob.hash, blob.bytes);
    if (staged !== null) yield locations.open({ path: staged }, call);
    for (const name of Object.keys(blob.stores)) {
      const store = stores.get(name);
      if (store !== undefined) yield store.get(blob.key, call);
    }
    const path = catalog.row(photoId)?.path;
    const read = path === undefined ? null : await documents.read(path);
    const found = read?.kind === "ok" ? placesOf(read.document, blob.key) : null;
    for (const location of found?.locations ?? []) {
      const isInTar = location.entry !== undefined && (await locations.isStreamed(location.path));
      if (!isInTar) yield locations.open(location, call);
    }
  }

  return {
    async read(photoId: PhotoId, hash: ContentHash, call: Call) {
      const blob = catalog.row(photoId)?.blobs.find((each) => each.hash === hash);
      if (blob === undefined || blob.bytes > MOST_BYTES) return null;
      for await (const place of places(photoId, blob, call)) {
        // A place that fails is one fewer; that the bytes are gone is said by those commands that need them.
        const bytes = await proven(place, blob).catch(() => null);
        throwIfAborted(call);
        if (bytes !== null) return bytes;
      }
      return null;
    },
  };
}
