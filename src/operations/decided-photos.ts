import { type ContentHash, documentPath, type PhotoId } from "../domain/ids.js";
import type { PhotoDocument } from "../domain/photo.js";
import { photoIdOf } from "../infra/hash.js";
import type { Catalog, Documents } from "../ports/catalog.js";
import type { FileEdit } from "../ports/control-plane.js";
import { type PhotoReader, photosAt } from "./photo-reader.js";

/** The photos of a revision as decisions change them, one after the other; about as much memory as the changed documents. */
export class DecidedPhotos implements PhotoReader {
  readonly #catalog: Catalog;
  readonly #documents: Documents;
  readonly #present: PhotoReader;
  readonly #changed = new Map<PhotoId, PhotoDocument | null>();
  readonly #group = new Map<PhotoId, PhotoId>();
  readonly #holder = new Map<ContentHash, PhotoId>();

  constructor(catalog: Catalog, documents: Documents) {
    this.#catalog = catalog;
    this.#documents = documents;
    this.#present = photosAt(catalog, documents);
  }

  async photo(id: PhotoId): Promise<PhotoDocument | null> {
    const changed = this.#changed.get(id);
    return changed === undefined ? this.#present.photo(id) : changed;
  }

  async holding(hash: ContentHash): Promise<PhotoDocument | null> {
    const own = await this.photo(photoIdOf(hash));
    if (own?.content_hash === hash) return own;
    const holder = this.#holder.get(hash);
    if (holder !== undefined) return this.photo(holder);
    const present = await this.#present.holding(hash);
    return present === null || this.#changed.has(present.photo_id) ? null : present;
  }

  isChanged(id: PhotoId): boolean {
    return this.#changed.has(id);
  }

  /** Takes in what one decision changed. */
  put(written: readonly PhotoDocument[], removed: readonly PhotoId[]): void {
    for (const id of removed) this.#changed.set(id, null);
    for (const document of written) {
      this.#changed.set(document.photo_id, document);
      for (const { content_hash } of [document, ...(document.variants ?? [])])
        this.#holder.set(content_hash, document.photo_id);
    }
    const touched = [...written.map(({ photo_id }) => photo_id), ...removed];
    const [first, ...rest] = touched.map((id) => this.groupOf(id));
    if (first === undefined) return;
    for (const root of rest) this.#group.set(root, first);
    this.#group.set(first, first);
  }

  /** The one photo that stands for all that were changed together with this one. */
  groupOf(id: PhotoId): PhotoId {
    const above = this.#group.get(id);
    return above === undefined || above === id ? id : this.groupOf(above);
  }

  /** Every changed document that is still one. */
  *documents(): Iterable<PhotoDocument> {
    for (const document of this.#changed.values()) if (document !== null) yield document;
  }

  /** The edits of each group of photos that were changed together, with the group's name. */
  *groups(): Iterable<{ readonly group: PhotoId; readonly edits: readonly FileEdit[] }> {
    const groups = new Map<PhotoId, FileEdit[]>();
    for (const [id, document] of this.#changed) {
      const group = this.groupOf(id);
      const edits = groups.get(group) ?? [];
      groups.set(group, edits);
      const before = this.#catalog.row(id)?.path ?? null;
      const after = document && documentPath(document.metadata.taken_date, id);
      if (before !== null && before !== after) edits.push({ path: before, bytes: null });
      if (document !== null && after !== null) edits.push(this.#documents.write(after, document));
    }
    for (const [group, edits] of groups) yield { group, edits };
  }
}
