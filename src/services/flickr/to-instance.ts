import type { Facts, Json } from "../../domain/photo.js";
import { digestOf } from "../../infra/hash.js";
import type { ServiceInstance } from "../../ports/photo-service.js";
import { isBookkeeping, markAmong } from "./own-tags.js";
import { type PhotoWords, visibilityOf } from "./photo-words.js";
import { wallClock } from "./wall-clock.js";

/** What is known of a photo beside Flickr's words on itself. */
export interface Beside {
  /** Titles of the sets that it is in; undefined where nobody asked. */
  readonly albums?: readonly string[];
  readonly warnings?: readonly string[];
  /** False where what Flickr calls a picture's original may be a smaller copy: nobody has confirmed what a free account gets there. */
  readonly hasOriginals?: boolean;
}

const bit = (flag: boolean | undefined): string => (flag === undefined ? "?" : flag ? "1" : "0");

/** A secret changes when the bytes do; its digest says as much and opens nothing. */
const bytesStampOf = ({ id, originalSecret }: PhotoWords): string =>
  originalSecret === undefined ? "no-original" : digestOf(`flickr:${id}:${originalSecret}`).slice(0, 16);

/** Flickr has no version; the time of its last change has whole seconds and is joined by what must never be missed. */
export function versionOf(words: PhotoWords): string {
  const { isPublic, isFriend, isFamily, where } = words;
  const place = where === null ? [] : [where.isPublic, where.isContact, where.isFriend, where.isFamily];
  return [
    words.lastUpdate ?? "?",
    [isPublic, isFriend, isFamily].map(bit).join(""),
    place.map(bit).join(""),
    bytesStampOf(words),
  ].join("-");
}

/** Granularity 0 is a moment; 4, 6 and 8 are a month, a year and a guess (flickr.com/services/api/misc.dates.html). */
function takenFacts(words: PhotoWords, warnings: string[]): Pick<Facts, "taken_date" | "taken_date_from"> {
  if (words.taken === undefined || words.isTakenUnknown || words.taken.startsWith("0000-00-00")) return {};
  if ((words.takenGranularity ?? "0") !== "0") {
    warnings.push("Flickr:datetaken is no exact time");
    return {};
  }
  const date = wallClock(words.taken);
  if (date === null) {
    warnings.push("Flickr:datetaken cannot be read");
    return {};
  }
  return { taken_date: date, taken_date_from: "Flickr:datetaken" };
}

const tagsOf = (words: PhotoWords): readonly string[] => words.tags?.map(({ raw }) => raw) ?? words.cleanTags;

function factsOf(words: PhotoWords, { albums = [], warnings: known = [] }: Beside): Facts {
  const warnings = [...known];
  const tags = tagsOf(words).filter((tag) => !isBookkeeping(tag));
  const facts: Facts = {
    ...takenFacts(words, warnings),
    ...(words.title.trim() === "" ? {} : { title: words.title }),
    ...(words.description.trim() === "" ? {} : { caption: words.description }),
    ...(words.where === null ? {} : { location: words.where.place }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(albums.length === 0 ? {} : { albums: [...new Set(albums)].sort() }),
  };
  return warnings.length === 0 ? facts : { ...facts, warnings };
}

/** Flickr's own words, in the names that its lists use; neither secrets nor addresses, nor the time of the last change. */
function rawOf(words: PhotoWords): Readonly<Record<string, Json>> {
  const { where } = words;
  const told: Readonly<Record<string, Json | undefined>> = {
    id: words.id,
    owner: words.owner,
    title: words.title,
    description: words.description,
    media: words.media,
    license: words.license,
    ispublic: bit(words.isPublic),
    isfriend: bit(words.isFriend),
    isfamily: bit(words.isFamily),
    dateupload: words.posted,
    datetaken: words.taken,
    datetakengranularity: words.takenGranularity,
    datetakenunknown: bit(words.isTakenUnknown),
    views: words.views,
    tags: tagsOf(words),
    originalformat: words.originalFormat,
    ...(where !== null && {
      latitude: where.place.lat,
      longitude: where.place.lng,
      accuracy: where.accuracy,
      geo_is_public: bit(where.isPublic),
      geo_is_contact: bit(where.isContact),
      geo_is_friend: bit(where.isFriend),
      geo_is_family: bit(where.isFamily),
    }),
  };
  const raw: Record<string, Json> = {};
  for (const [key, value] of Object.entries(told)) if (value !== undefined) raw[key] = value;
  return raw;
}

/** Videos show the format of their poster; what theirs is shows in the bytes. */
const extensionOf = ({ media, originalFormat }: PhotoWords): string =>
  media === "video"
    ? "mp4"
    : /^[a-z0-9]{2,5}$/i.test(originalFormat ?? "")
      ? (originalFormat ?? "jpg")
      : "jpg";

function arrivedAt({ posted }: PhotoWords): string | undefined {
  const moment = new Date(Number(posted ?? Number.NaN) * 1000);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/**
 * The instance that Flickr's words tell of. Its mark counts only where Flickr said who gave the tags: others may tag what they see.
 */
export function toInstance(words: PhotoWords, beside: Beside = {}): ServiceInstance {
  const mark = markAmong(ownTags(words));
  const arrived = arrivedAt(words);
  const isVideo = words.media === "video";
  const hasOriginal = words.originalSecret !== undefined && (isVideo || beside.hasOriginals !== false);
  return {
    id: words.id,
    version: versionOf(words),
    bytesStamp: bytesStampOf(words),
    url: `https://www.flickr.com/photos/${encodeURIComponent(words.owner)}/${words.id}/`,
    filename: `${words.id}.${extensionOf(words)}`,
    mediaKind: isVideo ? "video" : "image",
    visibility: visibilityOf(words),
    record: { id: words.id, facts: factsOf(words, beside), raw: rawOf(words) },
    ...(arrived === undefined ? {} : { arrivedAt: arrived }),
    obtainable: hasOriginal ? "original" : isVideo ? "nothing" : "medium",
    ...(mark === undefined ? {} : { mark }),
  };
}

const ownTags = ({ tags = [], owner }: PhotoWords): readonly string[] =>
  tags.filter(({ author }) => author === owner).map(({ raw }) => raw);

/** True where a photo's own words have to be asked for: lists give tags without spelling and spaces, and do not say whose they are. */
export const needsRawTags = (words: PhotoWords): boolean =>
  words.tags === undefined &&
  (words.cleanTags.some((tag) => !isBookkeeping(tag)) || markAmong(words.cleanTags) !== undefined);
