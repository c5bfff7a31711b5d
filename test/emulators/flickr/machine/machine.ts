import { type Addresses, realAddresses } from "./address.js";
import { type Answer, fail } from "./answer.js";
import { suffices } from "./method.js";
import { putWithout } from "./methods/set-writes.js";
import { methodNamed } from "./methods.js";
import { defaultOptions, type FlickrOptions } from "./options.js";
import type { Args } from "./paging.js";
import { randomFrom } from "./random.js";
import type { Caller } from "./rights.js";
import type { SentFile } from "./sent-file.js";
import { emptyState, type FlickrState, type Perms, type Photo } from "./state.js";
import { replace, settleTickets, type UploadAnswer, upload } from "./upload.js";
import { type Viewer, whoCanSee, whoCanSeePlace } from "./who-can-see.js";
import type { World } from "./world.js";

/** What changed, told after it has. */
export interface FlickrChange {
  /** The method that did it, `upload`, `replace`, or what a test called it. */
  readonly by: string;
  /** The photos whose record or sets changed; those that are gone are among them. */
  readonly photoIds: readonly string[];
  readonly state: FlickrState;
}

/** Flickr without a network: calls in, answers out, all synchronous. */
export interface FlickrMachine {
  readonly state: FlickrState;
  readonly options: FlickrOptions;
  readonly addresses: Addresses;
  readonly now: () => number;
  readonly random: () => number;
  /** Calls a method; the caller's rights are checked. Whether it came as GET or POST is not this layer's business. */
  call(method: string, args: Args, caller: Caller): Answer;
  upload(fields: Args, file: SentFile | null, caller: Caller): UploadAnswer;
  replace(fields: Args, file: SentFile | null, caller: Caller): UploadAnswer;
  /** A change by the owner's own hand, on the site: puts the record in place and counts as an update. */
  put(photo: Photo, by?: string): void;
  /** The photo as it is. Throws where there is none: tests ask only for what they made. */
  photo(photoId: string): Photo;
  /** The owner deletes the photo on the site. */
  remove(photoId: string): void;
  whoCanSee(photoId: string): ReadonlySet<Viewer>;
  whoCanSeePlace(photoId: string): ReadonlySet<Viewer>;
  /** Hears of every change of state right after it. Gives back what stops it. */
  onChange(listener: (change: FlickrChange) => void): () => void;
}

export interface MachineSettings {
  readonly state?: FlickrState;
  /** Unix seconds. */
  readonly now: () => number;
  readonly seed?: number;
  readonly options?: Partial<FlickrOptions>;
  readonly addresses?: Addresses;
}

const notEnough = (needs: Perms, has: Perms): Answer =>
  fail(99, `Insufficient permissions. Method requires ${needs} privileges; ${has} granted.`);

/** Keeps the earlier records of a photo that a lagging list may still show. */
function remember(state: FlickrState, photo: Photo, now: number, longestLag: number): void {
  if (longestLag === 0) return;
  const earlier = state.past.get(photo.id) ?? [];
  const firstNeeded = earlier.findLastIndex((one) => one.at <= now - longestLag);
  state.past.set(photo.id, [...earlier.slice(Math.max(0, firstNeeded)), { at: now, photo }]);
}

/** A Flickr over a state that a test seeds. */
export function flickrMachine(settings: MachineSettings): FlickrMachine {
  const state = settings.state ?? emptyState();
  const options = { ...defaultOptions, ...settings.options };
  const longestLag = Math.max(options.searchLagSeconds, options.listLagSeconds, options.infoLagSeconds);
  const listeners = new Set<(change: FlickrChange) => void>();
  let touched: Set<string> | null = null;

  const touch = (photoIds: readonly string[]) => {
    touched ??= new Set();
    for (const id of photoIds) touched.add(id);
  };
  const world: World = {
    state,
    options,
    addresses: settings.addresses ?? realAddresses,
    now: settings.now,
    random: randomFrom(settings.seed ?? 1),
    touch,
    put: (photo) => {
      const current = { ...photo, updatedAt: settings.now() };
      state.photos.set(photo.id, current);
      remember(state, current, settings.now(), longestLag);
      touch([photo.id]);
    },
    remove: (photoId) => {
      const photo = state.photos.get(photoId);
      if (photo === undefined) return;
      state.photos.delete(photoId);
      state.past.delete(photoId);
      state.deleted.set(photoId, { owner: photo.owner, sentDigest: photo.sentDigest });
      for (const set of state.sets.values()) {
        if (set.photoIds.includes(photoId)) putWithout(world, set, photoId);
      }
      touch([photoId]);
    },
  };
  const watched = <T>(by: string, work: () => T): T => {
    const result = work();
    if (touched !== null) {
      const change = { by, photoIds: [...touched], state };
      touched = null;
      for (const listener of listeners) listener(change);
    }
    return result;
  };
  const settled = <T>(by: string, work: () => T): T => {
    watched("upload", () => settleTickets(world));
    return watched(by, work);
  };

  const call = (name: string, args: Args, caller: Caller): Answer => {
    const method = methodNamed(name);
    if (method === undefined) return fail(112, `Method "${name}" not found`);
    if (!suffices(caller.perms, method.perms)) return notEnough(method.perms, caller.perms);
    return settled(name, () => method.run(world, args, caller));
  };
  const sent =
    (by: string, take: typeof upload): FlickrMachine["upload"] =>
    (fields, file, caller) =>
      suffices(caller.perms, "write")
        ? settled(by, () => take(world, fields, file, caller))
        : notEnough("write", caller.perms);

  return {
    state,
    options,
    addresses: world.addresses,
    now: world.now,
    random: world.random,
    call,
    upload: sent("upload", upload),
    replace: sent("replace", replace),
    put: (photo, by = "site") => watched(by, () => world.put(photo)),
    photo: (photoId) => {
      const photo = state.photos.get(photoId);
      if (photo === undefined) throw new Error(`no photo ${photoId} on this Flickr`);
      return photo;
    },
    remove: (photoId) => watched("site", () => world.remove(photoId)),
    whoCanSee: (photoId) => whoCanSee(state, photoId),
    whoCanSeePlace: (photoId) => whoCanSeePlace(state, photoId),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
