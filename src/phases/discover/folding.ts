import { foldPhoto, isFoldable } from "../../domain/fold.js";
import type { PhotoId } from "../../domain/ids.js";
import type { PhotoDocument, VariantRole } from "../../domain/photo.js";
import type { Catalog, Documents } from "../../ports/catalog.js";
import type { Finding } from "../../ports/photo-source.js";
import type { Folded } from "./assign.js";

/** A known photo that a step makes a variant of another one, and whose document it removes. */
export interface FoldedPhoto {
  readonly photo_id: PhotoId;
  /** Where its document is now. */
  readonly path: string;
  readonly filename: string;
  readonly role: VariantRole;
}

/** The known photos that a finding shows to be its variants and whose documents would fit into one. */
export async function foldableIn(
  { original, variants }: Finding,
  catalog: Catalog,
  documents: Documents,
): Promise<ReadonlySet<PhotoId>> {
  const foldable = new Set<PhotoId>();
  const home = catalog.photoOfHash(original.hash);
  for (const { file } of variants) {
    const owner = catalog.photoOfHash(file.hash);
    const row = owner === null || owner === home ? null : catalog.row(owner);
    if (row === null || row.blobs.length > 1) continue;
    const read = await documents.read(row.path);
    if (read.kind === "ok" && isFoldable(read.document)) foldable.add(row.photo_id);
  }
  return foldable;
}

/** The folds of a photo as a step carries them. */
export const foldedPhotos = (folds: readonly Folded[], catalog: Catalog): readonly FoldedPhoto[] =>
  folds.flatMap(({ photoId, role }) => {
    const row = catalog.row(photoId);
    return row === null ? [] : [{ photo_id: photoId, path: row.path, filename: row.filename, role }];
  });

/** Why a known photo, or one that takes known ones in, is written: for people. */
export function whyUpdated(where: string, folds: readonly FoldedPhoto[]): string {
  if (folds.length === 0) return `${where} shows something new about it`;
  const names = folds.map(({ filename }) => filename).sort();
  return `${where} shows that ${names.join(", ")}, so far kept as a photo of its own, belongs to it`;
}

/** The host with all these photos as its variants; null when one of them is not there as it was planned. */
export async function withFolded(
  host: PhotoDocument,
  folds: readonly FoldedPhoto[],
  documents: Documents,
  now: string,
): Promise<PhotoDocument | null> {
  let document: PhotoDocument | null = host;
  for (const { path, role } of folds) {
    const read = await documents.read(path);
    if (document === null || read.kind !== "ok") return null;
    document = foldPhoto(document, read.document, role, now);
  }
  return document;
}
