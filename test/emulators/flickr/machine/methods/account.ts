import { type Answer, bit, content, fail, type JsonObject, ok } from "../answer.js";
import { type Method, reader } from "../method.js";
import type { Args } from "../paging.js";
import type { Caller } from "../rights.js";
import type { World } from "../world.js";

const echo = (_: World, args: Args): Answer =>
  ok(Object.fromEntries(Object.entries(args).map(([name, value]) => [name, content(value)])));

function login(world: World, _: Args, caller: Caller): Answer {
  const account = world.state.accounts.get(caller.nsid ?? "");
  if (account === undefined) return fail(99, "User not logged in");
  const { nsid, username, pathAlias } = account;
  return ok({ user: { id: nsid, username: content(username), path_alias: pathAlias } });
}

function checkToken(world: World, args: Args): Answer {
  const token = world.state.accessTokens.get(args["oauth_token"] ?? "");
  const account = world.state.accounts.get(token?.nsid ?? "");
  if (token === undefined || token.isRevoked || account === undefined) return fail(98, "Invalid auth token");
  const { nsid, username, realname } = account;
  return ok({
    oauth: {
      token: content(token.token),
      perms: content(token.perms),
      user: { nsid, username, fullname: realname },
    },
  });
}

function getPrivacy(world: World, _: Args, caller: Caller): Answer {
  const account = world.state.accounts.get(caller.nsid ?? "");
  if (account === undefined) return fail(99, "User not logged in");
  return ok({ person: { nsid: account.nsid, privacy: account.privacy } });
}

function getGeoPerms(world: World, _: Args, caller: Caller): Answer {
  const account = world.state.accounts.get(caller.nsid ?? "");
  if (account === undefined) return fail(99, "User not logged in");
  const { nsid, geoPerms, importsGeoExif } = account;
  return ok({ person: { nsid, geoperms: geoPerms, importgeoexif: bit(importsGeoExif) } });
}

function ticketRecord(world: World, id: string): JsonObject {
  const outcome = world.state.tickets.get(id)?.outcome;
  switch (outcome?.kind) {
    case undefined:
      return { id, invalid: 1, complete: 0 };
    case "working":
      return { id, complete: 0 };
    case "failed":
      return { id, complete: 2 };
    case "done":
      return { id, complete: 1, photoid: outcome.photoId };
  }
}

/** Tickets answer whoever knows them. */
function checkTickets(world: World, args: Args): Answer {
  const ids = (args["tickets"] ?? "").split(",").filter((id) => id !== "");
  return ok({ uploader: { ticket: ids.map((id) => ticketRecord(world, id)) } });
}

export const accountMethods: Readonly<Record<string, Method>> = {
  "flickr.test.echo": reader("none", echo),
  "flickr.test.login": reader("read", login),
  "flickr.auth.oauth.checkToken": reader("none", checkToken),
  "flickr.prefs.getPrivacy": reader("read", getPrivacy),
  "flickr.prefs.getGeoPerms": reader("read", getGeoPerms),
  "flickr.photos.upload.checkTickets": reader("none", checkTickets),
};
