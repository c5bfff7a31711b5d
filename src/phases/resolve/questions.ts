import { identityField, otherOf } from "../../domain/identity/identity-field.js";
import { isContentHash, type PhotoId } from "../../domain/ids.js";
import { identityConflict } from "../../domain/joining/ask.js";
import type { Conflict, PhotoDocument } from "../../domain/photo.js";
import type { Catalog } from "../../ports/catalog.js";
import type { PhotoJoin } from "./find-joins.js";

/** Which photos are to be asked whether they are the same picture as others. */
export class Questions {
  readonly #catalog: Pick<Catalog, "row" | "photoOfHash" | "invalid">;
  readonly #asked = new Map<PhotoId, PhotoJoin[]>();

  constructor(catalog: Pick<Catalog, "row" | "photoOfHash" | "invalid">, asked: readonly PhotoJoin[]) {
    this.#catalog = catalog;
    for (const one of asked) this.ask(one);
  }

  ask(photoJoin: PhotoJoin): void {
    const known = this.#asked.get(photoJoin.member);
    if (known === undefined) this.#asked.set(photoJoin.member, [photoJoin]);
    else known.push(photoJoin);
  }

  /** The photos with questions of their own. */
  asked(): readonly PhotoId[] {
    return [...this.#asked.keys()];
  }

  /**
   * The questions that a photo is to have: those found now, and those it has about pictures that could not be compared this time.
   * One about a picture that is gone, or that has become this photo's own, is withdrawn.
   */
  of(document: PhotoDocument, unseen: ReadonlySet<PhotoId>): readonly Conflict[] {
    const standing = document.conflicts.filter(({ field }) => {
      const other = otherOf(field);
      const photoId = other !== null && isContentHash(other) ? this.#catalog.photoOfHash(other) : null;
      // It may be in a document that somebody is about to mend.
      if (photoId === null) return this.#catalog.invalid().length > 0;
      if (photoId === document.photo_id) return false;
      return unseen.has(document.photo_id) || unseen.has(photoId);
    });
    const found = (this.#asked.get(document.photo_id) ?? []).flatMap(({ host, join }) => {
      const better = this.#catalog.row(host);
      const hash = better?.blobs[0]?.hash;
      if (better === null || hash === undefined) return [];
      // What was seen when it was asked says more than what is known without looking.
      const isStanding = standing.some(({ field }) => field === identityField(hash));
      return isStanding ? [] : [identityConflict(join, { ...better, hash })];
    });
    return [...standing, ...found];
  }
}
