import { createHash } from "node:crypto";
import type { World } from "./reply.js";

/** A part of a list, and the token for the next part where there may be more. */
export interface Page<T> {
  readonly part: readonly T[];
  readonly nextPageToken?: string;
}

const tied = (tie: string): string => createHash("sha256").update(tie).digest("hex").slice(0, 16);

/** Where a token points, null where it belongs to another request. */
function offsetIn(token: string, tie: string): number | null {
  const [offset, tieIn] = Buffer.from(token, "base64url").toString().split(" ");
  return tieIn === tied(tie) && /^\d+$/.test(offset ?? "") ? Number(offset) : null;
}

/** No two tokens are equal, not even those of an empty page and of the one after it. */
function tokenFor(offset: number, tie: string, world: World): string {
  world.state.serial += 1;
  return Buffer.from(`${offset} ${tied(tie)} ${world.state.serial}`).toString("base64url");
}

/**
 * The page that a token asks for; null where the token does not belong to a request with these parameters (`tie`). With ragged
 * pages some are short or empty and still have a next one.
 */
export function pageOf<T>(
  all: readonly T[],
  pageSize: number,
  token: string,
  tie: string,
  world: World,
): Page<T> | null {
  const offset = token === "" ? 0 : offsetIn(token, tie);
  if (offset === null) return null;
  const most = world.settings.hasRaggedPages ? Math.floor(world.random() * (pageSize + 1)) : pageSize;
  const part = all.slice(offset, offset + most);
  const next = offset + part.length;
  const goesOn =
    next < all.length || (world.settings.hasRaggedPages && part.length > 0 && world.random() < 0.3);
  return goesOn ? { part, nextPageToken: tokenFor(next, tie, world) } : { part };
}
