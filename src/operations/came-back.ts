import { type Failure, PhotosyncError } from "../domain/errors.js";
import type { PhotoId } from "../domain/ids.js";
import { type Tombstone, tombstonePath } from "../domain/tombstone.js";
import type { Catalog } from "../ports/catalog.js";

/** What a library has of photos that were forgotten, and came back: by a merge with a copy that had their documents still. */
export interface CameBack {
  /** The catalog without them. */
  readonly catalog: Catalog;
  readonly failures: readonly Failure[];
  /** Tombstones of photos that are gone indeed: no document has their bytes or is theirs, not even one that cannot be read. */
  readonly gone: readonly Tombstone[];
}

/** Tells photos that came back from those that are gone: nothing is stored, uploaded or removed of the former until their owner says so. */
export async function cameBack(catalog: Catalog, tombstones: readonly Tombstone[]): Promise<CameBack> {
  const back = new Map<PhotoId, Tombstone>();
  const gone: Tombstone[] = [];
  const claims = tombstones.length === 0 ? new Map<string, string>() : await catalog.claims();
  for (const tombstone of tombstones) {
    const photos = [
      ...(catalog.row(tombstone.photo_id) === null ? [] : [tombstone.photo_id]),
      ...tombstone.content_hashes.flatMap((hash) => catalog.photoOfHash(hash) ?? []),
    ];
    for (const photo of photos) back.set(photo, tombstone);
    // `invalid` tells of such a document; which photo it is, only its owner can tell by mending it.
    const claimed = claimant(claims, [tombstone.photo_id, ...tombstone.content_hashes]);
    if (photos.length === 0 && claimed === null) gone.push(tombstone);
  }
  if (back.size === 0) return { catalog, failures: [], gone };
  const failures = [...back]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([photo, { forgotten_at }]) => ({
      subject: catalog.row(photo)?.path ?? photo,
      code: "photo.forgotten",
      message: `Photo ${photo} was forgotten on ${forgotten_at.slice(0, 10)}, and its document is back; it was left alone.`,
      hint: `Forget it again: photosync forget ${photo} --everywhere; or, to keep it, remove its tombstone (tombstones/) and commit.`,
    }));
  return { catalog: without(catalog, back), failures, gone };
}

/**
 * Sees to it that what a tombstone names may be removed: throws `forget.came-back` (user) where another photo than the one at `own`, even one
 * whose document cannot be read, has some of it by now: a photo that it was joined to on another computer, say.
 */
export async function requireNobodyElses(
  catalog: Catalog,
  { photo_id, content_hashes, blob_keys }: Tombstone,
  own: string | null,
): Promise<void> {
  const gone = new Set<string>([...content_hashes, ...blob_keys]);
  const theirs = claimant(await catalog.claims(), content_hashes) ?? pathOfOther(catalog, gone, own);
  if (theirs === null) return;
  throw new PhotosyncError({
    kind: "user",
    code: "forget.came-back",
    message: `Nothing was deleted: bytes of photo ${photo_id}, which was forgotten, belong to ${theirs} by now.`,
    next: [
      "To forget that photo as well: photosync forget PHOTO --everywhere",
      `To keep it: remove ${tombstonePath(photo_id)} and commit.`,
    ],
  });
}

/** The document that cannot be read and speaks of one of these. */
const claimant = (claims: ReadonlyMap<string, string>, names: readonly string[]): string | null =>
  names.map((name) => claims.get(name)).find((path) => path !== undefined) ?? null;

function pathOfOther(catalog: Catalog, gone: ReadonlySet<string>, own: string | null): string | null {
  for (const { path, blobs } of catalog.rows())
    if (path !== own && blobs.some(({ hash, key }) => gone.has(hash) || gone.has(key))) return path;
  return null;
}

const without = (catalog: Catalog, photos: ReadonlyMap<PhotoId, unknown>): Catalog => ({
  revision: catalog.revision,
  *rows(passes) {
    for (const row of catalog.rows(passes)) if (!photos.has(row.photo_id)) yield row;
  },
  *blobs() {
    for (const row of catalog.blobs()) if (!photos.has(row.photo_id)) yield row;
  },
  row: (photo) => (photos.has(photo) ? null : catalog.row(photo)),
  sums: () => catalog.sums(),
  photoOfHash: (hash) => catalog.photoOfHash(hash),
  invalid: () => catalog.invalid(),
  claims: () => catalog.claims(),
});
