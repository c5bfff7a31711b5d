import { seesPhoto, seesPlace, type Tie } from "./rights.js";
import type { FlickrState, Photo } from "./state.js";

/** Everybody there can be, as seen from a photo's owner. A `stranger` may also be somebody who is not signed in. */
export const VIEWERS = ["owner", "friend", "family", "friend+family", "contact", "stranger"] as const;
export type Viewer = (typeof VIEWERS)[number];

const tie = (isOwner: boolean, isContact: boolean, isFriend: boolean, isFamily: boolean): Tie => ({
  isOwner,
  isContact,
  isFriend,
  isFamily,
});

const TIES: Readonly<Record<Viewer, Tie>> = {
  owner: tie(true, true, true, true),
  friend: tie(false, true, true, false),
  family: tie(false, true, false, true),
  "friend+family": tie(false, true, true, true),
  contact: tie(false, true, false, false),
  stranger: tie(false, false, false, false),
};

/** Who may see a photo with these flags. */
export const viewersOf = (photo: Photo): ReadonlySet<Viewer> =>
  new Set(VIEWERS.filter((viewer) => seesPhoto(photo, TIES[viewer])));

/** Who may see where a photo was taken: nobody where it has no place. */
export function placeViewersOf(photo: Photo): ReadonlySet<Viewer> {
  const { place } = photo;
  if (place === null) return new Set();
  return new Set(
    VIEWERS.filter((viewer) => seesPhoto(photo, TIES[viewer]) && seesPlace(place, TIES[viewer])),
  );
}

/** Who may see the photo; nobody where there is none. */
export function whoCanSee(state: FlickrState, photoId: string): ReadonlySet<Viewer> {
  const photo = state.photos.get(photoId);
  return photo === undefined ? new Set() : viewersOf(photo);
}

/** Who may see where the photo was taken; nobody where there is no photo or no place. */
export function whoCanSeePlace(state: FlickrState, photoId: string): ReadonlySet<Viewer> {
  const photo = state.photos.get(photoId);
  return photo === undefined ? new Set() : placeViewersOf(photo);
}
