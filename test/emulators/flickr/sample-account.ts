import type { Emulation } from "./assemble.js";
import { jpegFor } from "./http/pictures.js";
import { addAccount, addApp, addPhoto, addSet, type ToldPhoto } from "./machine/seeding.js";
import type { Account, App, Photo, PhotoPlace } from "./machine/state.js";

/** What a person who tries photosync against the emulator finds there. */
export interface SampleAccount {
  readonly owner: Account;
  readonly app: App;
  readonly photos: readonly Photo[];
}

const FAMILY = "20000002@N02";
const FRIEND = "30000003@N03";

const home: PhotoPlace = {
  latitude: "48.137154",
  longitude: "11.576124",
  accuracy: 16,
  context: 0,
  isPublic: false,
  isContact: false,
  isFriend: false,
  isFamily: true,
};

const PHOTOS: readonly Omit<ToldPhoto, "owner">[] = [
  {
    title: "Harbour",
    description: "Early in the morning.",
    taken: "2019-05-04 06:20:30",
    isPublic: true,
    license: "4",
  },
  { title: "Two boats", taken: "2019-05-04 06:31:02", isPublic: true, tags: ["Two Boats", "sea"] },
  { title: "Birthday", taken: "2020-02-11 16:00:00", isFriend: true, isFamily: true, place: home },
  { title: "Grandmother", taken: "2020-02-11 16:40:12", isFamily: true, tags: ["family"], place: home },
  { title: "The band", taken: "2021-08-21 22:15:00", isFriend: true },
  { title: "Passport", taken: "2022-01-03 11:00:00", tags: ["documents"] },
  { title: "", taken: "2022-07-15 00:00:00", isTakenUnknown: true },
  {
    title: "First steps",
    taken: "2023-03-19 10:10:10",
    isFamily: true,
    media: "video",
    originalFormat: "mp4",
  },
];

/** The first bytes of an MP4, by which it is known, and words that make it differ from others. */
const filmFor = (words: string): Uint8Array =>
  Buffer.concat([
    Buffer.from("0000001c6674797069736f6d0000020069736f6d69736f326d703431", "hex"),
    Buffer.from(words),
  ]);

/**
 * Seeds a Pro account with a photo of every privacy, places, sets and a video, a friend, a family member, and an application's
 * key. What the account does not settle for uploads is public, as it mostly is.
 */
export function seedSampleAccount(emulation: Emulation): SampleAccount {
  const { machine, files } = emulation;
  addAccount(machine, { nsid: FAMILY, username: "bea" });
  addAccount(machine, { nsid: FRIEND, username: "carl", isPro: false });
  const nsid = "10000001@N01";
  const contacts = new Map([
    [FAMILY, { isFriend: false, isFamily: true }],
    [FRIEND, { isFriend: true, isFamily: false }],
  ]);
  const ada = { nsid, username: "ada", realname: "Ada Sample", pathAlias: "ada-sample", contacts };
  addAccount(machine, ada);
  const photos = PHOTOS.map((told, count) => {
    const file = `sample ${count}`;
    files.put(file, told.media === "video" ? filmFor(file) : jpegFor(file));
    return addPhoto(machine, { ...told, owner: nsid, file });
  });
  const ids = photos.map(({ id }) => id);
  addSet(machine, { owner: nsid, title: "Sea", photoIds: ids.slice(0, 2) });
  addSet(machine, { owner: nsid, title: "Family", photoIds: [...ids.slice(2, 4), ...ids.slice(-1)] });
  return {
    owner: machine.state.accounts.get(nsid) ?? addAccount(machine, ada),
    app: addApp(machine),
    photos,
  };
}
