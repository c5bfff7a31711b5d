import type { PhotoId } from "../../../domain/ids.js";
import { compareTakenDates, type LocalDate } from "../../../domain/taken-date.js";
import type { Catalog, PhotoRow } from "../../../ports/catalog.js";
import type { ServiceInstance } from "../../../ports/photo-service.js";

/** `IMG_1.jpg` and `img_1.JPG` are one name. */
const spelled = (filename: string): string => filename.normalize("NFC").toLowerCase();

/**
 * Finds the original of a rendition that a service gives: the one photo of the library with the same name, of the same kind, taken at the
 * same time as far as both tell. Two that would fit are none.
 */
export class Originals {
  readonly #catalog: Catalog;
  /** By name. Made when it is first asked for: few accounts give renditions. */
  #byName: Map<string, readonly PhotoId[]> | null = null;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  #named(filename: string): readonly PhotoId[] {
    if (this.#byName === null) {
      this.#byName = new Map();
      for (const { filename: name, photo_id } of this.#catalog.rows()) {
        const key = spelled(name);
        this.#byName.set(key, [...(this.#byName.get(key) ?? []), photo_id]);
      }
    }
    return this.#byName.get(spelled(filename)) ?? [];
  }

  /** The row of the original; null where there is none, or nothing tells. `takenDate` is what the rendition itself says. */
  of({ filename, mediaKind, record }: ServiceInstance, takenDate: LocalDate | undefined): PhotoRow | null {
    const taken = takenDate ?? record.facts.taken_date;
    if (taken === undefined) return null;
    const fitting = this.#named(filename).flatMap((photoId) => {
      const row = this.#catalog.row(photoId);
      if (row === null || row.taken_date === null) return [];
      const isVideo = row.mime_type.startsWith("video/");
      if (isVideo !== (mediaKind === "video")) return [];
      return compareTakenDates(row.taken_date, taken) === "different" ? [] : [row];
    });
    const [only, another] = fitting;
    return only === undefined || another !== undefined ? null : only;
  }
}
