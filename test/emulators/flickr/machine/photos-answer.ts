import { type Answer, type JsonObject, ok } from "./answer.js";
import { extrasOf, listRecord } from "./list-record.js";
import { type Args, type Page, pageOf } from "./paging.js";
import type { Caller } from "./rights.js";
import type { Photo } from "./state.js";
import type { World } from "./world.js";

/** A page of photos as every photo list answers it. `extras` beyond those asked for are added to each record. */
export function photosAnswer(
  world: World,
  args: Args,
  caller: Caller,
  page: Page<Photo>,
  alwaysExtras: readonly string[] = [],
): Answer {
  const extras = new Set([...extrasOf(args), ...alwaysExtras]);
  const photos: JsonObject = {
    page: page.page,
    pages: page.pages,
    perpage: page.perPage,
    total: world.options.total === "string" ? String(page.total) : page.total,
    photo: page.shown.map((photo) => listRecord(world, photo, caller, extras)),
  };
  return ok({ photos });
}

/** All the photos, by pages. */
export const listAnswer = (world: World, args: Args, caller: Caller, photos: readonly Photo[]): Answer =>
  photosAnswer(world, args, caller, pageOf(photos, args));
