import { type Answer, fail, type JsonObject, ok } from "./answer.js";
import { hex, ticketIdAfter } from "./ids.js";
import { newPhoto, originalOf } from "./new-photo.js";
import type { Args } from "./paging.js";
import type { Caller } from "./rights.js";
import { fateOf, type SentFile } from "./sent-file.js";
import type { Account, Photo } from "./state.js";
import type { World } from "./world.js";

/** What stops a file before Flickr looks for a place for it. */
function refusal(world: World, file: SentFile | null): Answer | null {
  if (file === null) return fail(2, "No photo specified");
  if (file.sizeBytes === 0) return fail(4, "Filesize was zero");
  if (fateOf(file, world.options.modernFormats) === "refuse") return fail(5, "Filetype was not recognised");
  const most = file.kind === "video" ? world.options.videoBytes : world.options.photoBytes;
  return file.sizeBytes > most ? fail(8, "Filesize was too large") : null;
}

function accountRefusal(world: World, account: Account, fields: Args): Answer | null {
  if (account.isPro) return null;
  let count = 0;
  for (const photo of world.state.photos.values()) if (photo.owner === account.nsid) count += 1;
  if (count >= world.options.freePhotos) return fail(6, "User exceeded upload limit");
  const isUnsafe = fields["safety_level"] === "2" || fields["safety_level"] === "3";
  return isUnsafe ? fail(15, "Free accounts may upload safe content only") : null;
}

/** Error 9 with the photo that has these bytes already; photos that were deleted count as well. */
function duplicate(world: World, account: Account, file: SentFile, fields: Args): JsonObject | null {
  const isAsked = fields["dedup_check"] === "1" || fields["dedup_check"] === "2";
  if (!isAsked || !world.options.knowsDedupCheck) return null;
  const known = world.now() - world.options.dedupLagSeconds;
  for (const photo of world.state.photos.values()) {
    if (photo.owner === account.nsid && photo.sentDigest === file.digest && photo.sentAt <= known) {
      return { duplicate_photo_id: photo.id, duplicate_photo_status: "EXISTS" };
    }
  }
  for (const [id, gone] of world.state.deleted) {
    if (gone.owner === account.nsid && gone.sentDigest === file.digest) {
      return { duplicate_photo_id: id, duplicate_photo_status: "DELETED" };
    }
  }
  return null;
}

/** What an upload or a replacement answers; a refused duplicate also names the photo there is. */
export type UploadAnswer = Answer & { readonly duplicate?: JsonObject };

const photoAnswer = (photo: Photo): Answer =>
  ok({ photoid: { secret: photo.secret, originalsecret: photo.originalSecret, _content: photo.id } });

/** Takes in a photo. With `async` it stands there only when its ticket is ready. */
export function upload(world: World, fields: Args, file: SentFile | null, caller: Caller): UploadAnswer {
  const account = world.state.accounts.get(caller.nsid ?? "");
  if (account === undefined) return fail(98, "Login failed / Invalid auth token");
  const refused = refusal(world, file) ?? accountRefusal(world, account, fields);
  if (refused !== null || file === null) return refused ?? fail(2, "No photo specified");
  const twin = duplicate(world, account, file, fields);
  if (twin !== null) return { ...fail(9, "Duplicate photo/video detected"), duplicate: twin };
  const take = () => {
    const photo = newPhoto(world, account, file, fields);
    world.put(photo);
    return photo;
  };
  if (fields["async"] !== "1") return photoAnswer(take());
  const id = ticketIdAfter(world.state);
  const readyAt = world.now() + world.options.ticketSeconds;
  const upload = { fields, file };
  world.state.tickets.set(id, { id, owner: account.nsid, readyAt, upload, outcome: { kind: "working" } });
  return ok({ ticketid: { _content: id } });
}

/** Lets those tickets whose time has come have their outcome. */
export function settleTickets(world: World): void {
  for (const ticket of world.state.tickets.values()) {
    if (ticket.outcome.kind !== "working" || ticket.readyAt > world.now()) continue;
    const account = world.state.accounts.get(ticket.owner);
    const { file, fields } = ticket.upload;
    if (account === undefined || world.options.ticketsFail) {
      world.state.tickets.set(ticket.id, { ...ticket, outcome: { kind: "failed" } });
      continue;
    }
    const photo = newPhoto(world, account, file, fields);
    world.state.tickets.set(ticket.id, { ...ticket, outcome: { kind: "done", photoId: photo.id } });
    world.put(photo);
  }
}

/** Puts other bytes under a photo: both secrets change, all else stays. For Pro accounts and photos only. */
export function replace(world: World, fields: Args, file: SentFile | null, caller: Caller): UploadAnswer {
  const account = world.state.accounts.get(caller.nsid ?? "");
  if (account === undefined) return fail(98, "Login failed / Invalid auth token");
  if (!account.isPro) return fail(1, "Not a pro account");
  const refused = refusal(world, file);
  if (refused !== null || file === null) return refused ?? fail(2, "No photo specified");
  const photo = world.state.photos.get(fields["photo_id"] ?? "");
  if (photo === undefined || photo.owner !== account.nsid) return fail(5, "Photo not found");
  if (photo.media === "video" || file.kind === "video") return fail(3, "Videos cannot be replaced");
  const secrets = { secret: hex(world.random, 10), originalSecret: hex(world.random, 10) };
  const sides = { width: file.width ?? photo.width, height: file.height ?? photo.height };
  const replaced = {
    ...photo,
    ...secrets,
    ...sides,
    ...originalOf(world, file),
    sentDigest: file.digest,
    sentAt: world.now(),
  };
  world.put(replaced);
  return photoAnswer(replaced);
}
