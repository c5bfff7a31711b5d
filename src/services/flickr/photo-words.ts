import type { Place } from "../../domain/photo.js";
import type { SeenVisibility } from "../../domain/visibility.js";
import { isJsonRecord, type JsonRecord } from "../../infra/json-value.js";
import { contentOf, flagOf, idOf, listAt, recordAt, textOf } from "./shapes.js";

/** Who may see a photo, as Flickr's three flags say; undefined where one is missing or no flag. */
export interface Flags {
  readonly isPublic: boolean | undefined;
  readonly isFriend: boolean | undefined;
  readonly isFamily: boolean | undefined;
}

/** A tag of `photos.getInfo`. */
export interface RawTag {
  /** By which it can be removed. */
  readonly id: string;
  readonly raw: string;
  readonly clean: string;
  /** NSID of who gave it. */
  readonly author: string;
}

/** Where the photo was taken, and who may know. */
export interface PlaceWords {
  readonly place: Place;
  readonly accuracy: string;
  readonly isPublic: boolean | undefined;
  readonly isContact: boolean | undefined;
  readonly isFriend: boolean | undefined;
  readonly isFamily: boolean | undefined;
}

/** What Flickr says of one photo, the same whether a list or `photos.getInfo` said it. */
export interface PhotoWords extends Flags {
  readonly id: string;
  /** NSID. */
  readonly owner: string;
  readonly title: string;
  readonly description: string;
  readonly media: "photo" | "video";
  readonly license: string | undefined;
  /** Unix seconds. */
  readonly posted: string | undefined;
  /** Unix seconds; rises with every change. */
  readonly lastUpdate: string | undefined;
  readonly taken: string | undefined;
  readonly takenGranularity: string | undefined;
  readonly isTakenUnknown: boolean;
  readonly views: string | undefined;
  /** Clean forms, as lists give them. */
  readonly cleanTags: readonly string[];
  /** Undefined from lists. */
  readonly tags: readonly RawTag[] | undefined;
  readonly where: PlaceWords | null;
  /** Changes with the bytes. Never leaves the adapter. Absent where the caller may not have the original. */
  readonly originalSecret: string | undefined;
  readonly originalFormat: string | undefined;
  /** Address of the original's bytes. Never leaves the adapter. */
  readonly originalAddress: string | undefined;
  /** 0 owner, 1 friends and family, 2 contacts, 3 everybody; from `photos.getInfo` alone. */
  readonly permComment: string | undefined;
  readonly permAddMeta: string | undefined;
}

/** What lists are asked for beside the photo's id and flags. */
export const LIST_EXTRAS =
  "description,license,date_upload,date_taken,last_update,original_format,o_dims,geo,tags,machine_tags,media,views,url_o";

const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

function placeOf(latitude: string | undefined, longitude: string | undefined): Place | null {
  const [lat, lng] = [Number(latitude ?? Number.NaN), Number(longitude ?? Number.NaN)];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

/** Lists say accuracy 0 where there is no place; 0 and 0 are then no coordinates. */
function listedPlace(record: JsonRecord): PlaceWords | null {
  const accuracy = textOf(record["accuracy"]) ?? "0";
  const place = placeOf(textOf(record["latitude"]), textOf(record["longitude"]));
  if (accuracy === "0" || place === null) return null;
  return {
    ...{ place, accuracy },
    isPublic: flagOf(record["geo_is_public"]),
    isContact: flagOf(record["geo_is_contact"]),
    isFriend: flagOf(record["geo_is_friend"]),
    isFamily: flagOf(record["geo_is_family"]),
  };
}

function toldPlace(photo: JsonRecord): PlaceWords | null {
  const location = recordAt(photo, "location");
  const perms = recordAt(photo, "geoperms");
  const place = placeOf(textOf(location["latitude"]), textOf(location["longitude"]));
  if (place === null) return null;
  return {
    ...{ place, accuracy: textOf(location["accuracy"]) ?? "16" },
    isPublic: flagOf(perms["ispublic"]),
    isContact: flagOf(perms["iscontact"]),
    isFriend: flagOf(perms["isfriend"]),
    isFamily: flagOf(perms["isfamily"]),
  };
}

const mediaOf = (record: JsonRecord): PhotoWords["media"] =>
  record["media"] === "video" ? "video" : "photo";

/**
 * The words of one item of a list that was asked for with `LIST_EXTRAS`; null where it has no id. `owner` stands in where the list
 * is of one owner's photos and does not repeat whose.
 */
export function wordsOfListed(item: JsonRecord, owner = ""): PhotoWords | null {
  const id = idOf(item["id"]);
  if (id === undefined) return null;
  return {
    id,
    owner: textOf(item["owner"]) ?? owner,
    title: contentOf(item["title"]) ?? "",
    description: contentOf(item["description"]) ?? "",
    isPublic: flagOf(item["ispublic"]),
    isFriend: flagOf(item["isfriend"]),
    isFamily: flagOf(item["isfamily"]),
    media: mediaOf(item),
    license: textOf(item["license"]),
    posted: textOf(item["dateupload"]),
    lastUpdate: textOf(item["lastupdate"]),
    taken: textOf(item["datetaken"]),
    takenGranularity: textOf(item["datetakengranularity"]),
    isTakenUnknown: flagOf(item["datetakenunknown"]) === true,
    views: textOf(item["views"]),
    cleanTags: (textOf(item["tags"]) ?? "").split(" ").filter((tag) => tag !== ""),
    tags: undefined,
    where: listedPlace(item),
    originalSecret: nonEmpty(textOf(item["originalsecret"])),
    originalFormat: nonEmpty(textOf(item["originalformat"])),
    originalAddress: nonEmpty(textOf(item["url_o"])),
    permComment: undefined,
    permAddMeta: undefined,
  };
}

/** The words of an answer of `photos.getInfo`; null where it is none. */
export function wordsOfTold(answer: JsonRecord): PhotoWords | null {
  const photo = recordAt(answer, "photo");
  const id = idOf(photo["id"]);
  if (id === undefined) return null;
  const visibility = recordAt(photo, "visibility");
  const dates = recordAt(photo, "dates");
  const permissions = recordAt(photo, "permissions");
  const tags = (listAt(recordAt(photo, "tags"), "tag") ?? []).map(
    (tag): RawTag => ({
      id: textOf(tag["id"]) ?? "",
      raw: textOf(tag["raw"]) ?? contentOf(tag) ?? "",
      clean: contentOf(tag) ?? "",
      author: textOf(tag["author"]) ?? "",
    }),
  );
  return {
    id,
    owner: textOf(recordAt(photo, "owner")["nsid"]) ?? "",
    title: contentOf(photo["title"]) ?? "",
    description: contentOf(photo["description"]) ?? "",
    isPublic: flagOf(visibility["ispublic"]),
    isFriend: flagOf(visibility["isfriend"]),
    isFamily: flagOf(visibility["isfamily"]),
    media: mediaOf(photo),
    license: textOf(photo["license"]),
    posted: textOf(dates["posted"]) ?? textOf(photo["dateuploaded"]),
    lastUpdate: textOf(dates["lastupdate"]),
    taken: textOf(dates["taken"]),
    takenGranularity: textOf(dates["takengranularity"]),
    isTakenUnknown: flagOf(dates["takenunknown"]) === true,
    views: textOf(photo["views"]),
    cleanTags: tags.map(({ clean }) => clean),
    tags,
    where: isJsonRecord(photo["location"]) ? toldPlace(photo) : null,
    originalSecret: nonEmpty(textOf(photo["originalsecret"])),
    originalFormat: nonEmpty(textOf(photo["originalformat"])),
    originalAddress: undefined,
    permComment: textOf(permissions["permcomment"]),
    permAddMeta: textOf(permissions["permaddmeta"]),
  };
}

/**
 * The level that the flags stand for. Friends, family and both are one level here, the one between; public is told with neither
 * of them. Whatever else Flickr may come to say is unknown.
 */
export function visibilityOf({ isPublic, isFriend, isFamily }: Flags): SeenVisibility {
  if (isPublic === undefined || isFriend === undefined || isFamily === undefined) return "unknown";
  if (isPublic) return "public";
  return isFriend || isFamily ? "friends" : "private";
}
