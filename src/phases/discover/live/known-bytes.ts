import { type ContentHash, contentHash } from "../../../domain/ids.js";
import type { Catalog } from "../../../ports/catalog.js";
import type { ServiceInstance } from "../../../ports/photo-service.js";
import { type DownloadDeps, entryOf } from "./downloaded.js";
import type { KnownInstances } from "./known-instances.js";
import type { FoundBytes } from "./live-finding.js";

/** By what bytes are known without being fetched. */
export interface BytesDeps extends DownloadDeps {
  readonly known: KnownInstances;
  readonly catalog: Catalog;
  /** True for bytes that are kept for a store, as far as a look at their name tells. */
  readonly isStaged: (hash: ContentHash) => boolean;
}

/** True for bytes that some store should have and none does, that were found on this service alone, and are not kept either. */
export function isMissing({ service, catalog, keeping, isStaged }: BytesDeps, hash: ContentHash): boolean {
  if (keeping === null || isStaged(hash)) return false;
  const photoId = catalog.photoOfHash(hash);
  const row = photoId === null ? null : catalog.row(photoId);
  const blob = row?.blobs.find((each) => each.hash === hash);
  if (row === null || blob === undefined) return false;
  return (
    !Object.keys(blob.stores).some(keeping.isStore) && row.services.every((name) => name === service.name)
  );
}

/** True where the library can do without downloading these bytes: a store has them, or they are kept for one. */
async function isAtHand(deps: BytesDeps, hash: ContentHash, sizeBytes: number): Promise<boolean> {
  const { keeping, catalog } = deps;
  if (keeping === null || !keeping.wanted(hash)) return true;
  if ((await keeping.staging.find(hash, sizeBytes)) !== null) return true;
  return catalog.photoOfHash(hash) !== null && !isMissing(deps, hash);
}

/** The bytes of an instance as far as they are known without asking for them. */
export async function knownBytes(deps: BytesDeps, instance: ServiceInstance): Promise<FoundBytes | null> {
  const { service, known, catalog, memory } = deps;
  const before = known.get(instance.id);
  // What an export told of, or what photosync itself sent, has no stamp yet: its id is the service's word for the same bytes.
  if (before !== null && (before.stamp ?? instance.bytesStamp) === instance.bytesStamp) {
    const { hash, bytes } = before;
    if (await isAtHand(deps, hash, bytes)) return { hash, sizeBytes: bytes, quality: "unknown" };
  }
  const isOriginal = instance.obtainable === "original";
  const sha256 = instance.checksums?.sha256;
  const told = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? contentHash(sha256) : undefined;
  const sent = service.traits.keepsOriginals ? instance.mark?.hash : undefined;
  const hash = isOriginal ? (told ?? sent) : undefined;
  const owner = hash === undefined ? null : catalog.photoOfHash(hash);
  const blob = owner === null ? undefined : catalog.row(owner)?.blobs.find((each) => each.hash === hash);
  if (blob !== undefined && (await isAtHand(deps, blob.hash, blob.bytes))) {
    return { hash: blob.hash, sizeBytes: blob.bytes, quality: "original" };
  }
  // A run that was stopped has read them already.
  const read = memory.recall(entryOf(service.name, instance));
  if (read?.kind === "media" && (await isAtHand(deps, read.hash, read.sizeBytes))) {
    const { hash: seen, sizeBytes, traits } = read;
    return {
      hash: seen,
      sizeBytes,
      ...(traits?.takenDate === undefined ? {} : { takenDate: traits.takenDate }),
      quality: instance.obtainable === "nothing" ? "unknown" : instance.obtainable,
    };
  }
  return null;
}
