import { type Answer, fail } from "../answer.js";
import { type Method, reader } from "../method.js";
import { type Args, type Page, perPageOf } from "../paging.js";
import { photosAnswer } from "../photos-answer.js";
import { type Caller, callersTie, visiblePlace } from "../rights.js";
import { filtered, listedPhotos, newestFirst } from "../selection.js";
import type { Photo } from "../state.js";
import { cleanTag } from "../tags.js";
import type { World } from "../world.js";

const PARAMETERS = [
  ...["user_id", "tags", "text", "min_upload_date", "max_upload_date", "min_taken_date", "max_taken_date"],
  ...[
    "license",
    "bbox",
    "machine_tags",
    "lat",
    "lon",
    "contacts",
    "group_id",
    "has_geo",
    "place_id",
    "woe_id",
  ],
];

const listOf = (text: string | undefined): string[] => (text ?? "").split(",").filter((part) => part !== "");

/** `ns:pred="value"` and its forms with a star or without a value, as a test of one clean machine tag. */
function machineTagTest(query: string): ((clean: string) => boolean) | null {
  const found = /^(\*|[a-z]\w*):(\*|[a-z]\w*)?(?:=(.*))?$/is.exec(query.trim());
  if (found === null) return null;
  const [, namespace = "*", predicate = "*", quoted] = found;
  const value = quoted?.replace(/^"|"$/g, "") ?? "";
  return (clean) => {
    const [, ns, pred] = /^([^:]*):([^=]*)=/.exec(clean) ?? [];
    if (namespace !== "*" && ns !== namespace.toLowerCase()) return false;
    if (predicate !== "*" && pred !== predicate.toLowerCase()) return false;
    return value === "" || value === "*" || clean === cleanTag(`${ns}:${pred}=${value}`);
  };
}

/** A test of all that the query's tags, machine tags and words ask; a number is the error code. */
function wordsTest(args: Args): ((photo: Photo) => boolean) | number {
  const tags = listOf(args["tags"]);
  if (tags.length > 20) return 1;
  const queries = listOf(args["machine_tags"]);
  if (queries.length > (args["machine_tag_mode"] === "all" ? 16 : 8)) return 12;
  const machine = queries.map(machineTagTest);
  if (machine.includes(null)) return 11;
  const wanted = tags.filter((tag) => !tag.startsWith("-")).map(cleanTag);
  const unwanted = tags.filter((tag) => tag.startsWith("-")).map((tag) => cleanTag(tag.slice(1)));
  const text = args["text"]?.toLowerCase();
  return (photo) => {
    const has = new Set(photo.tags.map((tag) => tag.clean));
    const machineTags = photo.tags.filter((tag) => tag.isMachineTag).map((tag) => tag.clean);
    const holds = machine.map((test) => machineTags.some((clean) => test?.(clean) === true));
    const every = args["tag_mode"] === "all" ? "every" : "some";
    const everyMachine = args["machine_tag_mode"] === "all" ? "every" : "some";
    return (
      (wanted.length === 0 || wanted[every]((tag) => has.has(tag))) &&
      !unwanted.some((tag) => has.has(tag)) &&
      (holds.length === 0 || holds[everyMachine](Boolean)) &&
      (text === undefined ||
        `${photo.title} ${photo.description} ${[...has].join(" ")}`.toLowerCase().includes(text))
    );
  };
}

const ORDERS: Readonly<Record<string, (a: Photo, b: Photo) => number>> = {
  "date-posted-asc": (a, b) => -newestFirst(a, b),
  "date-taken-desc": (a, b) => (a.taken < b.taken ? 1 : a.taken > b.taken ? -1 : newestFirst(a, b)),
  "date-taken-asc": (a, b) => (a.taken < b.taken ? -1 : a.taken > b.taken ? 1 : newestFirst(a, b)),
};

/** Only the first results of a search can be had; later pages give some of them again, though `total` counts all. */
function capped(world: World, photos: readonly Photo[], args: Args): Page<Photo> | null {
  const perPage = perPageOf(args);
  const page = Math.max(1, Number(args["page"]) || 1);
  const reach = Math.min(photos.length, world.options.searchCap);
  const from = (page - 1) * perPage;
  const isPast = from >= reach && from < photos.length;
  if (isPast && world.options.pastSearchCap === "refuse") return null;
  const start = isPast && reach > 0 ? from % reach : from;
  const shown = photos.slice(start, Math.min(reach, start + perPage));
  return { page, pages: Math.ceil(photos.length / perPage), perPage, total: photos.length, shown };
}

/** Whether a search may show the photo to others than its owner: it is not hidden, and safe where safe ones were asked for. */
function isSearchable(world: World, photo: Photo, caller: Caller, mostUnsafe: number): boolean {
  if (callersTie(world.state, photo, caller).isOwner) return true;
  return !photo.isHidden && photo.safetyLevel <= mostUnsafe;
}

function search(world: World, args: Args, caller: Caller): Answer {
  if (!PARAMETERS.some((name) => args[name])) {
    return fail(3, "Parameterless searches have been disabled. Please use flickr.photos.getRecent instead.");
  }
  const asked = args["user_id"] === "me" ? caller.nsid : (args["user_id"] ?? null);
  const isKnown = asked === null ? args["user_id"] !== "me" : world.state.accounts.has(asked);
  if (!isKnown) return fail(2, "Unknown user");
  const test = wordsTest(args);
  if (test === 1) return fail(1, "Too many tags in ALL query");
  if (test === 11) return fail(11, "Invalid machine tag query");
  if (typeof test === "number") return fail(test, "Too many machine tags in query");
  const mostUnsafe = caller.nsid === null ? 1 : Math.min(3, Number(args["safe_search"]) || 1);
  const listed = listedPhotos(world, caller, world.options.searchLagSeconds, asked);
  const found = filtered(listed, args, caller).filter(
    (photo) =>
      test(photo) &&
      isSearchable(world, photo, caller, mostUnsafe) &&
      (!args["license"] || listOf(args["license"]).includes(photo.license)) &&
      (!args["has_geo"] || (visiblePlace(world.state, photo, caller) !== null) === (args["has_geo"] === "1")),
  );
  const page = capped(world, found.sort(ORDERS[args["sort"] ?? ""] ?? newestFirst), args);
  return page === null
    ? fail(20, "Excessive photo offset in search")
    : photosAnswer(world, args, caller, page);
}

export const searchMethods: Readonly<Record<string, Method>> = {
  "flickr.photos.search": reader("none", search),
};
