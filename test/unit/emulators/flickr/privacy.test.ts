import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlickrMachine } from "../../../emulators/flickr/machine/machine.js";
import { METHOD_NAMES } from "../../../emulators/flickr/machine/methods.js";
import { addAccount, addPhoto, addSet } from "../../../emulators/flickr/machine/seeding.js";
import type { Viewer } from "../../../emulators/flickr/machine/who-can-see.js";
import { at, caller, codeOf, idsIn, jpeg, OWNER, ownersFlickr } from "./world.js";

const NSIDS: Readonly<Record<Viewer, string | null>> = {
  owner: OWNER,
  friend: "22222222@N02",
  family: "33333333@N03",
  "friend+family": "44444444@N04",
  contact: "55555555@N05",
  stranger: "66666666@N06",
};
const VIEWERS = Object.keys(NSIDS) as Viewer[];

function flickrWithEverybody(): FlickrMachine {
  const { machine } = ownersFlickr({ options: { searchLagSeconds: 0 } });
  const tie = (isFriend: boolean, isFamily: boolean) => ({ isFriend, isFamily });
  for (const nsid of Object.values(NSIDS)) {
    if (nsid !== null && nsid !== OWNER) addAccount(machine, { nsid });
  }
  addAccount(machine, {
    nsid: OWNER,
    contacts: new Map([
      [NSIDS.friend ?? "", tie(true, false)],
      [NSIDS.family ?? "", tie(false, true)],
      [NSIDS["friend+family"] ?? "", tie(true, true)],
      [NSIDS.contact ?? "", tie(false, false)],
    ]),
  });
  return machine;
}

const flags = fc.record({ isPublic: fc.boolean(), isFriend: fc.boolean(), isFamily: fc.boolean() });
const place = fc.option(
  fc.record({
    latitude: fc.constant("48.1"),
    longitude: fc.constant("11.5"),
    accuracy: fc.constant(16),
    context: fc.constant(0 as const),
    isPublic: fc.boolean(),
    isContact: fc.boolean(),
    isFriend: fc.boolean(),
    isFamily: fc.boolean(),
  }),
);

describe("who may see what on the emulated Flickr", () => {
  it("is told the same by every read and by whoCanSee", () => {
    const seen = (machine: FlickrMachine, photoId: string, setId: string, viewer: Viewer) => {
      const who = caller(NSIDS[viewer], "read");
      const call = (method: string, args: Record<string, string>) =>
        machine.call(`flickr.${method}`, args, who);
      const about = { photo_id: photoId };
      return [
        idsIn(call("people.getPhotos", { user_id: OWNER })).includes(photoId),
        idsIn(call("photos.search", { user_id: OWNER })).includes(photoId),
        idsIn(call("photosets.getPhotos", { photoset_id: setId }), "photoset").includes(photoId),
        at(call("photosets.getList", { user_id: OWNER }), "photosets", "total") === 1,
        ...["photos.getInfo", "photos.getSizes", "photos.getExif"].map(
          (method) => codeOf(call(method, about)) === 0,
        ),
      ];
    };
    fc.assert(
      fc.property(flags, place, (privacy, where) => {
        const machine = flickrWithEverybody();
        const photo = addPhoto(machine, { owner: OWNER, ...privacy, place: where });
        const set = addSet(machine, { owner: OWNER, title: "all", photoIds: [photo.id] });
        for (const viewer of VIEWERS) {
          const maySee = machine.whoCanSee(photo.id).has(viewer);
          expect(new Set(seen(machine, photo.id, set.id, viewer))).toEqual(new Set([maySee]));
          const who = caller(NSIDS[viewer], "read");
          const listed = machine.call("flickr.people.getPhotos", { user_id: OWNER, extras: "geo" }, who);
          const accuracy = at(listed, "photos", "photo", 0, "accuracy");
          const about = { photo_id: photo.id };
          const told = [
            accuracy === "16",
            at(machine.call("flickr.photos.getInfo", about, who), "photo", "location") !== undefined,
            codeOf(machine.call("flickr.photos.geo.getLocation", about, who)) === 0,
          ];
          expect(new Set(told)).toEqual(new Set([machine.whoCanSeePlace(photo.id).has(viewer)]));
        }
      }),
    );
  });

  it("shows private photos to no token without read, the owner's neither", () => {
    const { machine } = ownersFlickr();
    const photo = addPhoto(machine, { owner: OWNER });
    const answer = machine.call("flickr.photos.getInfo", { photo_id: photo.id }, caller(OWNER, "none"));
    expect(codeOf(answer)).toBe(1);
  });

  it.each(METHOD_NAMES)("%s tells a stranger nothing of a private photo and changes nothing", (method) => {
    const machine = flickrWithEverybody();
    const place = { latitude: "48.1", longitude: "11.5", accuracy: 16, context: 0 as const };
    const open = { isPublic: true, isContact: true, isFriend: true, isFamily: true };
    const words = { title: "unheard", description: "unheard", tags: ["unheard"], exif: { Make: "unheard" } };
    const photo = addPhoto(machine, { owner: OWNER, ...words, place: { ...place, ...open } });
    const set = addSet(machine, { owner: OWNER, title: "unheard", photoIds: [photo.id] });
    const args = {
      ...{ photo_id: photo.id, photoset_id: set.id, primary_photo_id: photo.id, user_id: OWNER, tags: "new" },
      ...{
        tag_id: photo.tags[0]?.fullId ?? "",
        title: "new",
        description: "new",
        min_date: "0",
        degrees: "90",
      },
      ...{ is_public: "1", is_contact: "1", is_friend: "1", is_family: "1", lat: "1", lon: "1" },
      ...{ date_taken: "2004", content_type: "7", safety_level: "1", extras: "description,tags,geo,url_o" },
    };
    const before = structuredClone(machine.state);
    const { tags: _, content_type: __, ...without } = args;
    for (const nsid of [NSIDS.stranger, NSIDS.contact, null]) {
      for (const each of [args, without]) {
        const answer = machine.call(method, each, caller(nsid, nsid === null ? "none" : "delete"));
        const told = JSON.stringify(method === "flickr.test.echo" ? "" : answer);
        for (const word of ["unheard", "48.1", photo.secret, photo.originalSecret]) {
          expect(told).not.toContain(word);
        }
      }
    }
    expect(machine.state).toEqual(before);
  });

  it("takes the account's own privacy for flags that were not sent, or sent as 9", () => {
    const { machine } = ownersFlickr();
    machine.upload({}, jpeg("a"), caller(OWNER));
    machine.upload({ is_public: "9", is_friend: "0", is_family: "0" }, jpeg("b"), caller(OWNER));
    machine.upload({ is_public: "0", is_friend: "0", is_family: "0" }, jpeg("c"), caller(OWNER));
    const sizes = [...machine.state.photos.keys()].map((id) => machine.whoCanSee(id).size);
    expect(sizes).toEqual([VIEWERS.length, VIEWERS.length, 1]);
  });

  it("opens a place that it reads from EXIF to whom the account says, only where it is switched on", () => {
    const file = jpeg("d", { place: { latitude: "48.1", longitude: "11.5" } });
    const placeViewers = (importsGeoExif: boolean, geoPerms: 0 | 1) => {
      const { machine } = ownersFlickr();
      addAccount(machine, { nsid: OWNER, importsGeoExif, geoPerms });
      const answer = machine.upload({ is_public: "1" }, file, caller(OWNER));
      return machine.whoCanSeePlace(String(at(answer, "photoid", "_content"))).size;
    };
    expect(placeViewers(false, 1)).toBe(0);
    expect(placeViewers(true, 0)).toBe(0);
    expect(placeViewers(true, 1)).toBe(VIEWERS.length);
  });

  it("tells of every change after it happened, and of reads nothing", () => {
    const { machine } = ownersFlickr();
    const photo = addPhoto(machine, { owner: OWNER });
    const heard: string[] = [];
    const stop = machine.onChange((change) =>
      heard.push(`${change.by} ${change.photoIds.map((id) => machine.whoCanSee(id).size)}`),
    );
    const perms = { photo_id: photo.id, is_public: "0", is_friend: "1", is_family: "0" };
    machine.call("flickr.photos.getInfo", { photo_id: photo.id }, caller(OWNER));
    machine.call("flickr.photos.setPerms", perms, caller(OWNER));
    machine.call("flickr.photosets.create", { title: "x", primary_photo_id: photo.id }, caller(OWNER));
    stop();
    machine.remove(photo.id);
    expect(heard).toEqual(["flickr.photos.setPerms 3", "flickr.photosets.create 3"]);
  });
});
