import type { Account, Audience, FlickrState, Perms, Photo, PhotoPlace, PrivacyFlags } from "./state.js";

/** Who asks, and what the token in hand allows. `nsid` null: nobody is signed in. */
export interface Caller {
  readonly nsid: string | null;
  readonly perms: Perms;
}

/** What somebody is to the owner of a photo. */
export interface Tie {
  readonly isOwner: boolean;
  readonly isContact: boolean;
  readonly isFriend: boolean;
  readonly isFamily: boolean;
}

const STRANGER: Tie = { isOwner: false, isContact: false, isFriend: false, isFamily: false };

/** What `nsid` is to the account. */
export function tieOf(account: Account, nsid: string | null): Tie {
  if (nsid === null) return STRANGER;
  if (nsid === account.nsid) return { isOwner: true, isContact: true, isFriend: true, isFamily: true };
  const contact = account.contacts.get(nsid);
  return contact === undefined ? STRANGER : { isOwner: false, isContact: true, ...contact };
}

/** Whether somebody with this tie sees a photo with these flags. */
export const seesPhoto = (flags: PrivacyFlags, tie: Tie): boolean =>
  tie.isOwner || flags.isPublic || (flags.isFriend && tie.isFriend) || (flags.isFamily && tie.isFamily);

/** Whether somebody with this tie, who sees the photo, also sees its place. */
export const seesPlace = (place: PhotoPlace, tie: Tie): boolean =>
  seesPhoto(place, tie) || (place.isContact && tie.isContact);

/** Whether the tie is within the audience for comments or tags. */
export function isWithin(audience: Audience, tie: Tie): boolean {
  if (tie.isOwner || audience === 3) return true;
  return (audience >= 1 && (tie.isFriend || tie.isFamily)) || (audience >= 2 && tie.isContact);
}

/** The caller as the rights of the token make him: without `read` he is nobody. */
const personOf = (caller: Caller): string | null => (caller.perms === "none" ? null : caller.nsid);

/** The caller's tie to the photo's owner. */
export function callersTie(state: FlickrState, photo: { readonly owner: string }, caller: Caller): Tie {
  const owner = state.accounts.get(photo.owner);
  return owner === undefined ? STRANGER : tieOf(owner, personOf(caller));
}

/** Whether the caller sees the photo at all. */
export const mayView = (state: FlickrState, photo: Photo, caller: Caller): boolean =>
  seesPhoto(photo, callersTie(state, photo, caller));

/** The photo's place, where it has one and the caller may know it. */
export function visiblePlace(state: FlickrState, photo: Photo, caller: Caller): PhotoPlace | null {
  if (photo.place === null) return null;
  return seesPlace(photo.place, callersTie(state, photo, caller)) ? photo.place : null;
}

const LICENSES_WITHOUT_FREEDOM = new Set(["0", "7", "8"]);
const isFree = (photo: Photo): boolean => photo.isPublic && !LICENSES_WITHOUT_FREEDOM.has(photo.license);

/** Whether sizes above 1024 pixels and the original exist for anybody: not with a free owner, save free pictures. */
export function hasLargeSizes(state: FlickrState, photo: Photo): boolean {
  return state.accounts.get(photo.owner)?.isPro === true || isFree(photo);
}

/** Whether the caller is told how to fetch the original. */
export function mayHaveOriginal(state: FlickrState, photo: Photo, caller: Caller): boolean {
  if (!hasLargeSizes(state, photo)) return false;
  if (callersTie(state, photo, caller).isOwner) return true;
  return state.accounts.get(photo.owner)?.allowsDownload === true || isFree(photo);
}
