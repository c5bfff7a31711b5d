import type { World } from "./world.js";

/** A description as Flickr keeps it: links may gain a `rel`, so that what is read back is not what was sent. */
export const storedText = (world: Pick<World, "options">, text: string): string =>
  world.options.addsRelToLinks
    ? text.replace(/<a (?![^>]*\brel=)([^>]*)>/g, '<a $1 rel="noreferrer nofollow">')
    : text;
