import { createHash } from "node:crypto";
import type { World } from "./reply.js";

/** A part of a list, and the token for the next part where there may be more. */
export interface Page<T> {
  readonly part: readonly T[];
  readonly nextPageToken?: string;
}

const tokenOf = (offset: number, tie: string): string =>
  Buffer.from(`${offset} ${createHash("sha256").update(tie).digest("hex").slice(0, 16)}`).toString(
    "base64url",
  );

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
  let offset = 0;
  if (token !== "") {
    offset = Number(Buffer.from(token, "base64url").toString().split(" ")[0]);
    if (!Number.isInteger(offset) || tokenOf(offset, tie) !== token) return null;
  }
  const most = world.settings.hasRaggedPages ? Math.floor(world.random() * (pageSize + 1)) : pageSize;
  const part = all.slice(offset, offset + most);
  const next = offset + part.length;
  const goesOn =
    next < all.length || (world.settings.hasRaggedPages && part.length > 0 && world.random() < 0.3);
  return goesOn ? { part, nextPageToken: tokenOf(next, tie) } : { part };
}
