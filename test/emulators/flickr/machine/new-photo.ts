import { wallClock } from "./dates.js";
import { hex, photoIdAfter } from "./ids.js";
import type { Args } from "./paging.js";
import { defaultPlaceFlags } from "./places.js";
import { fateOf, type SentFile } from "./sent-file.js";
import type { Account, ContentType, Photo, PhotoPlace, PrivacyFlags, SafetyLevel } from "./state.js";
import { storedText } from "./stored-text.js";
import { splitTags, withTags } from "./tags.js";
import type { World } from "./world.js";

const PRIVACY: Readonly<Record<Account["privacy"], PrivacyFlags>> = {
  1: { isPublic: true, isFriend: false, isFamily: false },
  2: { isPublic: false, isFriend: true, isFamily: false },
  3: { isPublic: false, isFriend: false, isFamily: true },
  4: { isPublic: false, isFriend: true, isFamily: true },
  5: { isPublic: false, isFriend: false, isFamily: false },
};

/** Each flag that was not sent, or sent as 9, is as the account has it: mostly public. */
function privacyOf(account: Account, fields: Args): PrivacyFlags {
  const otherwise = PRIVACY[account.privacy];
  const flag = (name: string, byDefault: boolean) =>
    fields[name] === undefined || fields[name] === "9" ? byDefault : fields[name] === "1";
  const isPublic = flag("is_public", otherwise.isPublic);
  return {
    isPublic,
    isFriend: !isPublic && flag("is_friend", otherwise.isFriend),
    isFamily: !isPublic && flag("is_family", otherwise.isFamily),
  };
}

/** An account that imports places from EXIF opens them to whom its own setting says, whoever sees the photo. */
function placeOf(account: Account, file: SentFile): PhotoPlace | null {
  const flags = defaultPlaceFlags(account);
  if (!account.importsGeoExif || flags === null || file.place === undefined) return null;
  return { ...flags, ...file.place, accuracy: 16, context: 0 };
}

const oneOf = <T extends number>(text: string | undefined, allowed: readonly T[], otherwise: T): T =>
  allowed.find((value) => String(value) === text) ?? otherwise;

const nameWithoutExtension = (filename: string): string => filename.replace(/\.[^.]*$/, "");

/** The bytes of the original as they are given out: those that were sent, or others where the format is converted. */
export const originalOf = (world: World, file: SentFile) =>
  fateOf(file, world.options.modernFormats) === "convert"
    ? { file: `converted:${file.digest}`, originalFormat: "jpg" }
    : { file: file.digest, originalFormat: file.extension };

function ownWords(world: World, file: SentFile, fields: Args) {
  const embedded = world.options.readsEmbeddedText ? file : null;
  const keywords = embedded?.keywords ?? [];
  return {
    title: fields["title"] ?? embedded?.title ?? nameWithoutExtension(file.filename),
    description: storedText(world, fields["description"] ?? embedded?.caption ?? ""),
    tags: [...splitTags(fields["tags"] ?? "", world.options.commasSplitTags), ...keywords],
  };
}

/** The photo that an upload makes. */
export function newPhoto(world: World, account: Account, file: SentFile, fields: Args): Photo {
  const now = world.now();
  const id = photoIdAfter(world.state);
  const { tags, ...words } = ownWords(world, file, fields);
  return {
    id,
    owner: account.nsid,
    server: "65535",
    secret: hex(world.random, 10),
    originalSecret: hex(world.random, 10),
    ...words,
    tags: withTags(world.state, { id, tags: [] }, account.nsid, tags),
    ...privacyOf(account, fields),
    permComment: 3,
    permAddMeta: 2,
    isHidden: fields["hidden"] === undefined ? account.isHidden : fields["hidden"] === "2",
    safetyLevel: oneOf<SafetyLevel>(fields["safety_level"], [1, 2, 3], account.safetyLevel),
    contentType: oneOf<ContentType>(fields["content_type"], [1, 2, 3, 4], account.contentType),
    license: "0",
    postedAt: now,
    updatedAt: now,
    taken: file.taken ?? wallClock(now),
    takenGranularity: 0,
    isTakenUnknown: file.taken === undefined,
    place: placeOf(account, file),
    media: file.kind === "video" ? "video" : "photo",
    width: file.width ?? 640,
    height: file.height ?? 480,
    durationSeconds: Math.round(file.durationSeconds ?? 0),
    rotation: 0,
    ...originalOf(world, file),
    sentAt: now,
    sentDigest: file.digest,
    exif: file.exif ?? {},
  };
}
