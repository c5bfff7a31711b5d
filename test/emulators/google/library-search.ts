import { checkQuery, type JsonBody, jsonBody, listIn, recordIn, type Shape, stringIn } from "./json-shape.js";
import { badPageToken } from "./library-items.js";
import { listedItems, mediaItemJson, ownAlbum, pageSizeOf, proto3 } from "./library-wire.js";
import { pageOf } from "./pages.js";
import { json, type Reply, refuse, type Signed, type World } from "./reply.js";
import type { MediaItem } from "./state.js";

const DATE: Shape = { year: "number", month: "number", day: "number" };
const SHAPE: { readonly [name: string]: Shape } = {
  albumId: "string",
  pageSize: "number",
  pageToken: "string",
  orderBy: "string",
  filters: {
    dateFilter: { dates: [DATE], ranges: [{ startDate: DATE, endDate: DATE }] },
    contentFilter: { includedContentCategories: ["string"], excludedContentCategories: ["string"] },
    mediaTypeFilter: { mediaTypes: ["string"] },
    featureFilter: { includedFeatures: ["string"] },
    includeArchivedMedia: "boolean",
    excludeNonAppCreatedData: "boolean",
  },
};

const CATEGORIES = (
  "NONE LANDSCAPES RECEIPTS CITYSCAPES LANDMARKS SELFIES PEOPLE PETS WEDDINGS BIRTHDAYS DOCUMENTS TRAVEL ANIMALS FOOD SPORT " +
  "NIGHT PERFORMANCES WHITEBOARDS SCREENSHOTS UTILITY ARTS CRAFTS FASHION HOUSES GARDENS FLOWERS HOLIDAYS"
).split(" ");
const MEDIA_TYPES = ["ALL_MEDIA", "PHOTO", "VIDEO"];

/** A date whose parts may be 0 for any; as a comparable number with the precision it has. */
const partsOf = (date: JsonBody): readonly number[] =>
  ["year", "month", "day"].map((part) => Number(date[part] ?? 0));

const day = (ms: number): readonly number[] => {
  const date = new Date(ms);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
};

const precise = (parts: readonly number[], like: readonly number[]): number =>
  parts.reduce((sum, part, at) => sum * 100 + (like[at] === 0 ? 0 : part), 0);

function dateTest(filter: JsonBody | undefined): (item: MediaItem) => boolean {
  if (filter === undefined) return () => true;
  const dates = listIn(filter, "dates") as readonly JsonBody[];
  const ranges = listIn(filter, "ranges") as readonly JsonBody[];
  if (dates.length > 5 || ranges.length > 5)
    throw refuse("INVALID_ARGUMENT", "Date filter has too many dates or ranges.");
  const tests = [
    ...dates.map((date) => {
      const wanted = partsOf(date);
      return (at: readonly number[]) =>
        at.every((part, index) => wanted[index] === 0 || wanted[index] === part);
    }),
    ...ranges.map((range) => {
      const from = partsOf(recordIn(range, "startDate") ?? {});
      const to = partsOf(recordIn(range, "endDate") ?? {});
      if (from.map((part) => part === 0).join() !== to.map((part) => part === 0).join()) {
        throw refuse("INVALID_ARGUMENT", "Both dates of a range must have the same format.");
      }
      return (at: readonly number[]) =>
        precise(at, from) >= precise(from, from) && precise(at, from) <= precise(to, from);
    }),
  ];
  return (item) => tests.some((test) => test(day(item.createdMs)));
}

function mediaTest(filters: JsonBody): (item: MediaItem) => boolean {
  const types = listIn(recordIn(filters, "mediaTypeFilter") ?? {}, "mediaTypes");
  if (types.length > 1 || types.some((type) => !MEDIA_TYPES.includes(String(type)))) {
    throw refuse("INVALID_ARGUMENT", "Invalid media type filter.");
  }
  const [type = "ALL_MEDIA"] = types;
  return (item) => type === "ALL_MEDIA" || (type === "VIDEO") === (item.video !== undefined);
}

function checkFilters(filters: JsonBody, orderBy: string): void {
  const content = recordIn(filters, "contentFilter") ?? {};
  for (const name of ["includedContentCategories", "excludedContentCategories"]) {
    const named = listIn(content, name);
    if (named.length > 10 || named.some((category) => !CATEGORIES.includes(String(category)))) {
      throw refuse("INVALID_ARGUMENT", "Invalid content category.");
    }
  }
  if (orderBy === "") return;
  const others = ["contentFilter", "mediaTypeFilter", "featureFilter"].some((name) =>
    recordIn(filters, name),
  );
  const isKnown = /^MediaMetadata\.creation_time(?: desc)?$/.test(orderBy);
  if (!isKnown || others || recordIn(filters, "dateFilter") === undefined) {
    throw refuse("INVALID_ARGUMENT", "order_by can only be used with a date filter and no other filter.");
  }
}

/** `POST /v1/mediaItems:search`. Nothing is known of a picture's content here: no category finds anything but `NONE`. */
export async function searchItems(request: Signed, world: World): Promise<Reply> {
  checkQuery(request, []);
  const body = await jsonBody(request, SHAPE);
  const albumId = stringIn(body, "albumId");
  const filters = recordIn(body, "filters");
  if (albumId !== "" && filters !== undefined) {
    throw refuse("INVALID_ARGUMENT", "Cannot specify both an album ID and filters.");
  }
  const pageSize = pageSizeOf(body["pageSize"], 25, 100);
  const orderBy = stringIn(body, "orderBy");
  if (orderBy !== "" && filters === undefined)
    throw refuse("INVALID_ARGUMENT", "order_by needs a date filter.");
  checkFilters(filters ?? {}, orderBy);
  const inAlbum = albumId === "" ? undefined : ownAlbum(albumId, request, world).itemIds;
  const isDated = dateTest(recordIn(filters ?? {}, "dateFilter"));
  const isKind = mediaTest(filters ?? {});
  const features = listIn(recordIn(filters ?? {}, "featureFilter") ?? {}, "includedFeatures");
  const included = listIn(recordIn(filters ?? {}, "contentFilter") ?? {}, "includedContentCategories");
  const found = listedItems(request, world)
    .filter((item) => inAlbum === undefined || inAlbum.includes(item.id))
    .filter((item) => isDated(item) && isKind(item))
    .filter(() => !features.includes("FAVORITES") && included.every((category) => category === "NONE"));
  if (orderBy === "MediaMetadata.creation_time") found.reverse();
  const { pageToken: _, ...rest } = body;
  const tie = `search ${request.access.grant.email} ${JSON.stringify(rest)}`;
  const page = pageOf(found, pageSize, stringIn(body, "pageToken"), tie, world);
  if (page === null) throw badPageToken();
  const mediaItems = page.part.map((item) => mediaItemJson(item, world));
  return json(proto3({ mediaItems, nextPageToken: page.nextPageToken }));
}
