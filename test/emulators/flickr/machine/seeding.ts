import { wallClock } from "./dates.js";
import { hex, photoIdAfter, setIdAfter, tokenAfter } from "./ids.js";
import type { FlickrMachine } from "./machine.js";
import type { AccessToken, Account, App, Photo, PhotoSet } from "./state.js";
import { withTags } from "./tags.js";

/** Adds an account; what is not told is as a new Pro member has it, uploads open to everybody among it. */
export function addAccount(
  machine: FlickrMachine,
  told: Partial<Account> & { readonly nsid: string },
): Account {
  const account: Account = {
    username: `user-${told.nsid.split("@")[0]}`,
    realname: "",
    pathAlias: null,
    isPro: true,
    contacts: new Map(),
    privacy: 1,
    geoPerms: 1,
    importsGeoExif: false,
    safetyLevel: 1,
    contentType: 1,
    isHidden: false,
    showsExif: true,
    allowsDownload: false,
    setIds: [],
    ...told,
  };
  machine.state.accounts.set(account.nsid, account);
  return account;
}

/** What a test may tell of a photo; tags in the form they were typed. */
export type ToldPhoto = Partial<Omit<Photo, "tags">> & {
  readonly owner: string;
  readonly tags?: readonly string[];
};

/** Puts a photo on the site as if it had been there for a while: `postedAt` is also when every list knew of it. */
export function addPhoto(machine: FlickrMachine, told: ToldPhoto): Photo {
  const { state, random } = machine;
  const id = told.id ?? photoIdAfter(state);
  const postedAt = told.postedAt ?? machine.now() - 86_400;
  const digest = hex(random, 64);
  const photo: Photo = {
    id,
    server: "65535",
    secret: hex(random, 10),
    originalSecret: hex(random, 10),
    title: "",
    description: "",
    isPublic: false,
    isFriend: false,
    isFamily: false,
    permComment: 3,
    permAddMeta: 2,
    isHidden: false,
    safetyLevel: 1,
    contentType: 1,
    license: "0",
    postedAt,
    updatedAt: postedAt,
    taken: wallClock(postedAt),
    takenGranularity: 0,
    isTakenUnknown: false,
    place: null,
    media: "photo",
    originalFormat: told.media === "video" ? "mp4" : "jpg",
    width: 4000,
    height: 3000,
    durationSeconds: told.media === "video" ? 10 : 0,
    rotation: 0,
    file: digest,
    sentAt: postedAt,
    sentDigest: digest,
    exif: {},
    ...told,
    tags: withTags(state, { id, tags: [] }, told.owner, told.tags ?? []),
  };
  state.photos.set(id, photo);
  state.past.set(id, [{ at: postedAt, photo }]);
  return photo;
}

/** Adds a set with these photos, at the end of the owner's order. */
export function addSet(
  machine: FlickrMachine,
  told: { readonly owner: string; readonly title: string; readonly photoIds: readonly string[] },
): PhotoSet {
  const { state } = machine;
  const owner = state.accounts.get(told.owner);
  const [primary] = told.photoIds;
  if (owner === undefined || primary === undefined) throw new Error("a set needs an owner and a photo");
  const now = machine.now();
  const set = { id: setIdAfter(state), description: "", primary, createdAt: now, updatedAt: now, ...told };
  state.sets.set(set.id, set);
  state.accounts.set(owner.nsid, { ...owner, setIds: [...owner.setIds, set.id] });
  return set;
}

/** Adds an application's key. */
export function addApp(machine: FlickrMachine, told: Partial<App> = {}): App {
  const { random } = machine;
  const app = { key: hex(random, 32), secret: hex(random, 16), isExpired: false, ...told };
  machine.state.apps.set(app.key, app);
  return app;
}

/** Signs an account in without the browser. */
export function addAccessToken(
  machine: FlickrMachine,
  told: Pick<AccessToken, "appKey" | "nsid" | "perms">,
): AccessToken {
  const { state, random } = machine;
  const token = { token: tokenAfter(state, random), secret: hex(random, 16), isRevoked: false, ...told };
  state.accessTokens.set(token.token, token);
  return token;
}
