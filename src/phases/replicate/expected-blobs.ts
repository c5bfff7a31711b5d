import type { BlobKey, PhotoId } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { BlobRow, Catalog } from "../../ports/catalog.js";

/** What the documents record of one store. */
export interface Recorded {
  /** Blobs that they record in it. */
  readonly count: number;
  /** Blobs, and their bytes, that they do not record in it. */
  readonly lacking: number;
  readonly lackingBytes: number;
}

/** A blob that was looked up. */
export interface FoundBlob {
  readonly photo_id: PhotoId;
  readonly blob: BlobRow;
  /** Where `placeOf` puts its key: two documents with one key share it. */
  readonly place: number;
  readonly isRecorded: boolean;
}

/** Every blob of the documents, gone through once: some 300 bytes each, whatever the number of stores. */
export class ExpectedBlobs {
  readonly #catalog: Catalog;
  readonly #places = new Map<BlobKey, number>();
  readonly #photos: PhotoId[] = [];
  /** Which of its photo's blobs each is. */
  readonly #nth: number[] = [];
  readonly #bytes: number[] = [];
  readonly #placeAt: number[] = [];
  readonly #keys: BlobKey[] = [];
  /** By store: blobs that are not recorded in it. */
  readonly #lacking: ReadonlyMap<string, Set<number>>;
  readonly #lackingBytes = new Map<string, number>();
  readonly #complete: PhotoId[] = [];

  constructor(catalog: Catalog, stores: readonly string[], call: Call) {
    this.#catalog = catalog;
    this.#lacking = new Map(stores.map((store) => [store, new Set()]));
    for (const { photo_id, processing_state, conflicts, blobs } of catalog.blobs()) {
      throwIfAborted(call);
      let isEverywhere = true;
      for (const [nth, { key, bytes, stores: recorded }] of blobs.entries()) {
        const at = this.#photos.length;
        const place = this.#places.get(key) ?? at;
        if (place === at) this.#places.set(key, at);
        this.#photos.push(photo_id);
        this.#nth.push(nth);
        this.#bytes.push(bytes);
        this.#placeAt.push(place);
        this.#keys.push(key);
        for (const [store, lacking] of this.#lacking) {
          if (Object.hasOwn(recorded, store)) continue;
          lacking.add(at);
          this.#lackingBytes.set(store, (this.#lackingBytes.get(store) ?? 0) + bytes);
          isEverywhere = false;
        }
      }
      if (isEverywhere && processing_state === "resolved" && conflicts === 0) this.#complete.push(photo_id);
    }
  }

  /** Photos in state `resolved`, without open conflicts, whose every blob is recorded in every one of the stores. */
  get complete(): readonly PhotoId[] {
    return this.#complete;
  }

  /** Places are numbers below this. */
  get places(): number {
    return this.#photos.length;
  }

  /** Undefined for a blob of which no document tells. */
  placeOf(key: BlobKey): number | undefined {
    return this.#places.get(key);
  }

  recordedIn(store: string): Recorded {
    const lacking = this.#lacking.get(store)?.size ?? 0;
    return {
      count: this.#photos.length - lacking,
      lacking,
      lackingBytes: this.#lackingBytes.get(store) ?? 0,
    };
  }

  /** Those for which `isWanted` says so, by photo. */
  *lookUp(
    store: string,
    isWanted: (key: BlobKey, place: number, bytes: number, isRecorded: boolean) => boolean,
  ): Generator<FoundBlob> {
    const lacking = this.#lacking.get(store);
    for (const [at, key] of this.#keys.entries()) {
      const place = this.#placeAt[at] ?? at;
      const isRecorded = lacking?.has(at) !== true;
      if (!isWanted(key, place, this.#bytes[at] ?? 0, isRecorded)) continue;
      const photo_id = this.#photos[at];
      const blob =
        photo_id === undefined ? undefined : this.#catalog.row(photo_id)?.blobs[this.#nth[at] ?? 0];
      if (photo_id !== undefined && blob !== undefined) yield { photo_id, blob, place, isRecorded };
    }
  }
}
