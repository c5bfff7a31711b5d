import type { Answer } from "./answer.js";
import { fail } from "./answer.js";
import type { Args } from "./paging.js";
import { type Caller, mayView } from "./rights.js";
import { asListed } from "./selection.js";
import type { Perms, Photo } from "./state.js";
import type { World } from "./world.js";

/** One of the API's methods. */
export interface Method {
  readonly perms: Perms;
  /** Changes something, so only POST will do. */
  readonly isSetter: boolean;
  readonly run: (world: World, args: Args, caller: Caller) => Answer;
}

/** A method that reads. */
export const reader = (perms: Perms, run: Method["run"]): Method => ({ perms, isSetter: false, run });
/** A method that changes something. */
export const setter = (run: Method["run"], perms: Perms = "write"): Method => ({
  perms,
  isSetter: true,
  run,
});

/** The answer for photos that do not exist and for those that the caller may not see: nobody can tell them apart. */
export const photoNotFound = (args: Args): Answer =>
  fail(1, `Photo "${args["photo_id"] ?? ""}" not found (invalid ID)`);

/** The photo of `photo_id` where the caller may see it. */
export function seenPhoto(world: World, args: Args, caller: Caller): Photo | null {
  const photo = world.state.photos.get(args["photo_id"] ?? "");
  return photo !== undefined && mayView(world.state, photo, caller) ? photo : null;
}

/** The photo as a read of its own tells of it, which may be behind; null where that copy has not heard of it. */
export const asTold = (world: World, photo: Photo | null): Photo | null =>
  photo === null ? null : (asListed(world, photo, world.options.infoLagSeconds) ?? null);

/** The photo of `photo_id` where it is the caller's own. */
export function ownPhoto(world: World, args: Args, caller: Caller): Photo | null {
  const photo = seenPhoto(world, args, caller);
  return photo !== null && photo.owner === caller.nsid ? photo : null;
}

/** Whether a token with these rights may call what needs those. */
export function suffices(has: Perms, needs: Perms): boolean {
  const order: readonly Perms[] = ["none", "read", "write", "delete"];
  return order.indexOf(has) >= order.indexOf(needs);
}
