import { PhotosyncError } from "../../domain/errors.js";
import type { Visibility } from "../../domain/visibility.js";
import type { VisibilityChange } from "../../domain/visibility-change.js";
import type { Call } from "../../ports/call.js";
import type { FlickrClient } from "./client.js";
import { keepPlace } from "./edit.js";
import { type PhotoWords, visibilityOf } from "./photo-words.js";
import { hasMovedOn } from "./read-photo.js";

/** Friends and family are told apart on Flickr and are one level here: both, where the owner approved that level. */
const FLAGS: Readonly<Record<Visibility, Readonly<Record<string, "0" | "1">>>> = {
  private: { is_public: "0", is_friend: "0", is_family: "0" },
  friends: { is_public: "0", is_friend: "1", is_family: "1" },
  public: { is_public: "1", is_friend: "0", is_family: "0" },
};

/**
 * Who may comment and add tags goes along as it is: left out, Flickr's pages do not say what becomes of it. Where it is not known, it
 * is the owner alone.
 */
const keptPerms = ({
  permComment = "0",
  permAddMeta = "0",
}: PhotoWords): Readonly<Record<string, string>> => ({
  perm_comment: permComment,
  perm_addmeta: permAddMeta,
});

async function setFlags(
  client: FlickrClient,
  now: PhotoWords,
  level: Visibility,
  isRepeatable: boolean,
  call: Call,
): Promise<void> {
  const params = { photo_id: now.id, ...FLAGS[level], ...keptPerms(now) };
  await client.tell("photos.setPerms", params, isRepeatable, call);
}

/** Makes a photo the owner's alone. Needs nobody's leave, and may be repeated. */
export const makePrivate = (client: FlickrClient, now: PhotoWords, call: Call): Promise<void> =>
  setFlags(client, now, "private", true, call);

/**
 * Carries out a change of level if the photo is at the level that the change starts from; false where it is not. What is at
 * the wanted level already (be it for friends or family alone) is left as it is. Throws `<account>.not-narrowed` (bug) for
 * a narrowing that would show the photo to somebody else.
 */
export async function changeLevel(
  client: FlickrClient,
  now: PhotoWords,
  change: VisibilityChange,
  call: Call,
): Promise<boolean> {
  const level = visibilityOf(now);
  if (level === change.to) return true;
  if (level !== change.from) return false;
  // What the owner made private a moment ago must not be opened to anybody again on the word of a copy that is behind.
  if (change.to !== "private" && (await hasMovedOn(client, now, call))) return false;
  if (change.kind === "narrow") {
    // From an unknown level only the narrowest is certain to take the photo from eyes, and to add none.
    if (level === "unknown" && change.to !== "private") throw notNarrowed(client, now.id);
    // Repeated blindly, friends could see again what the owner has made private meanwhile.
    await setFlags(client, now, change.to, change.to === "private", call);
  } else {
    await keepPlace(client, now, call);
    // Repeated blindly, it could undo what the owner has narrowed a moment ago.
    await setFlags(client, now, change.to, false, call);
  }
  return true;
}

const notNarrowed = (client: FlickrClient, id: string): PhotosyncError =>
  new PhotosyncError({
    kind: "bug",
    code: `${client.account}.not-narrowed`,
    message: `Nobody knows who can see photo ${id}, so that nothing but private is certain to narrow it.`,
    next: ["Please report this: the plan should not have asked for it."],
  });
