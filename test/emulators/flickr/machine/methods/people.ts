import { type Answer, content, fail, ok } from "../answer.js";
import { type Method, reader } from "../method.js";
import type { Args } from "../paging.js";
import { listAnswer } from "../photos-answer.js";
import type { Caller } from "../rights.js";
import { filtered, listedPhotos, newestFirst } from "../selection.js";
import type { Account } from "../state.js";
import type { World } from "../world.js";

const accountOf = (world: World, id: string | undefined, caller: Caller): Account | undefined =>
  world.state.accounts.get((id === "me" ? caller.nsid : id) ?? "");

function getPhotos(world: World, args: Args, caller: Caller): Answer {
  if (!args["user_id"]) return fail(1, "Required parameter missing");
  const account = accountOf(world, args["user_id"], caller);
  if (account === undefined) return fail(2, "Unknown user");
  const photos = listedPhotos(world, caller, world.options.listLagSeconds, account.nsid);
  return listAnswer(world, args, caller, [...filtered(photos, args, caller)].sort(newestFirst));
}

const countOf = (world: World, nsid: string): number => {
  let count = 0;
  for (const photo of world.state.photos.values()) if (photo.owner === nsid) count += 1;
  return count;
};

function getUploadStatus(world: World, _: Args, caller: Caller): Answer {
  const account = accountOf(world, "me", caller);
  if (account === undefined) return fail(1, "User not found");
  const { options } = world;
  const kilobytes = (bytes: number) => Math.floor(bytes / 1024);
  const count = countOf(world, account.nsid);
  return ok({
    user: {
      id: account.nsid,
      ispro: account.isPro ? 1 : 0,
      upload_count: count,
      upload_limit: account.isPro ? 0 : options.freePhotos,
      upload_limit_status: !account.isPro && count >= options.freePhotos ? "reached" : "below",
      username: content(account.username),
      bandwidth: {
        max: -1,
        used: 0,
        maxbytes: -1,
        usedbytes: 0,
        remainingbytes: -1,
        maxkb: -1,
        usedkb: 0,
        remainingkb: -1,
        unlimited: 1,
      },
      filesize: {
        max: String(options.photoBytes),
        maxbytes: String(options.photoBytes),
        maxkb: String(kilobytes(options.photoBytes)),
        maxmb: kilobytes(options.photoBytes) / 1024,
      },
      sets: { created: account.setIds.length, remaining: "lots" },
      videosize: {
        maxbytes: String(options.videoBytes),
        maxkb: String(kilobytes(options.videoBytes)),
        maxmb: kilobytes(options.videoBytes) / 1024,
      },
      videos: { uploaded: 0, remaining: "lots" },
    },
  });
}

function getLimits(world: World, _: Args, caller: Caller): Answer {
  const account = accountOf(world, "me", caller);
  if (account === undefined) return fail(1, "User not found");
  return ok({
    person: {
      nsid: account.nsid,
      photos: { maxdisplaypx: account.isPro ? "6144" : "1024", maxupload: String(world.options.photoBytes) },
      videos: { maxduration: account.isPro ? "600" : "180", maxupload: String(world.options.videoBytes) },
    },
  });
}

function getInfo(world: World, args: Args, caller: Caller): Answer {
  const account = accountOf(world, args["user_id"], caller);
  if (account === undefined) return fail(1, "User not found");
  const home = account.pathAlias ?? account.nsid;
  return ok({
    person: {
      id: account.nsid,
      nsid: account.nsid,
      ispro: account.isPro ? 1 : 0,
      iconserver: "0",
      iconfarm: 0,
      path_alias: account.pathAlias,
      username: content(account.username),
      realname: content(account.realname),
      location: content(""),
      photosurl: content(`${world.addresses.www}/photos/${home}/`),
      profileurl: content(`${world.addresses.www}/people/${home}/`),
      photos: { count: content(String(countOf(world, account.nsid))) },
    },
  });
}

export const peopleMethods: Readonly<Record<string, Method>> = {
  "flickr.people.getPhotos": reader("none", getPhotos),
  "flickr.people.getUploadStatus": reader("read", getUploadStatus),
  "flickr.people.getLimits": reader("read", getLimits),
  "flickr.people.getInfo": reader("none", getInfo),
};
