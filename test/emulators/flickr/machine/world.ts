import type { Addresses } from "./address.js";
import type { FlickrOptions } from "./options.js";
import type { FlickrState, Photo } from "./state.js";

/** What every method works on. */
export interface World {
  readonly state: FlickrState;
  readonly options: FlickrOptions;
  readonly addresses: Addresses;
  /** Unix seconds. */
  readonly now: () => number;
  /** Evenly spread numbers from 0 to 1 that the seed settles. */
  readonly random: () => number;
  /** Puts the record in place of an earlier one of the same id, as of now, and notes which photos a call changed. */
  readonly put: (photo: Photo) => void;
  /** Notes a change that no photo's record shows, such as to a set. */
  readonly touch: (photoIds: readonly string[]) => void;
  readonly remove: (photoId: string) => void;
}
