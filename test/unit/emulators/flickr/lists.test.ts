import { describe, expect, it } from "vitest";
import { addPhoto, addSet } from "../../../emulators/flickr/machine/seeding.js";
import { asOwner, at, codeOf, idsIn, jpeg, OWNER, ownersFlickr, START } from "./world.js";

describe("lists of the emulated Flickr", () => {
  it("cut per_page at 500 and list the newest upload first", () => {
    const { machine } = ownersFlickr();
    for (let n = 0; n < 1203; n += 1) addPhoto(machine, { owner: OWNER, postedAt: START - 90_000 + n });
    const first = asOwner(machine, "people.getPhotos", { user_id: "me", per_page: "5000" });
    expect(at(first, "photos")).toMatchObject({ page: 1, pages: 3, perpage: 500, total: 1203 });
    const last = asOwner(machine, "people.getPhotos", { user_id: "me", per_page: "500", page: "3" });
    expect(idsIn(last)).toHaveLength(203);
    expect(idsIn(last).at(-1)).toBe([...machine.state.photos.keys()][0]);
    const past = asOwner(machine, "people.getPhotos", { user_id: "me", per_page: "500", page: "4" });
    expect(idsIn(past)).toEqual([]);
  });

  it("tell only so many results of a search, and either repeat or refuse past them", () => {
    const search = (pastSearchCap: "repeat" | "refuse") => {
      const { machine } = ownersFlickr({ options: { searchCap: 20, pastSearchCap } });
      for (let n = 0; n < 30; n += 1) addPhoto(machine, { owner: OWNER });
      return ["1", "2", "3"].map((page) =>
        asOwner(machine, "photos.search", { user_id: "me", per_page: "10", page }),
      );
    };
    const repeated = search("repeat");
    expect(at(repeated[0] ?? { stat: "ok", body: {} }, "photos", "total")).toBe(30);
    expect(new Set(repeated.flatMap((page) => idsIn(page))).size).toBe(20);
    expect(search("refuse").map(codeOf)).toEqual([0, 0, 20]);
  });

  it("find a new photo and new tags by search only after the lag, by people.getPhotos at once", () => {
    const { machine, clock } = ownersFlickr({ options: { searchLagSeconds: 60 } });
    const photo = addPhoto(machine, { owner: OWNER });
    asOwner(machine, "photos.addTags", { photo_id: photo.id, tags: "photosync:id=01abc" });
    const found = () =>
      idsIn(asOwner(machine, "photos.search", { machine_tags: 'photosync:id="01abc"', user_id: "me" }));
    expect(found()).toEqual([]);
    const listed = asOwner(machine, "people.getPhotos", { user_id: "me", extras: "machine_tags" });
    expect(at(listed, "photos", "photo", 0, "machine_tags")).toBe("photosync:id=01abc");
    clock.seconds += 60;
    expect(found()).toEqual([photo.id]);
  });

  it("can be stale where a test wants it, yet never show what the caller may no longer see", () => {
    const { machine, clock } = ownersFlickr({ options: { listLagSeconds: 100 } });
    const photo = addPhoto(machine, { owner: OWNER, isPublic: true, title: "old" });
    asOwner(machine, "photos.setMeta", { photo_id: photo.id, title: "new" });
    const title = (nsid: string | null) =>
      at(
        machine.call("flickr.people.getPhotos", { user_id: OWNER }, { nsid, perms: "read" }),
        "photos",
        "photo",
        0,
        "title",
      );
    expect(title(OWNER)).toBe("old");
    const closed = { photo_id: photo.id, is_public: "0", is_friend: "0", is_family: "0" };
    asOwner(machine, "photos.setPerms", closed);
    expect(title(null)).toBeUndefined();
    clock.seconds += 100;
    expect(title(OWNER)).toBe("new");
  });

  it("leave a photo's own reads behind as well where a test wants it, whatever was just set", () => {
    const { machine, clock } = ownersFlickr({ options: { infoLagSeconds: 10 } });
    const photo = addPhoto(machine, { owner: OWNER, isPublic: true });
    const flags = { is_public: "0", is_friend: "0", is_family: "0" };
    asOwner(machine, "photos.setPerms", { photo_id: photo.id, ...flags });
    const isPublic = () =>
      at(asOwner(machine, "photos.getPerms", { photo_id: photo.id }), "perms", "ispublic");
    expect([isPublic(), machine.whoCanSee(photo.id).size]).toEqual([1, 1]);
    const uploaded = machine.upload(flags, jpeg("new"), { nsid: OWNER, perms: "write" });
    const about = { photo_id: String(at(uploaded, "photoid", "_content")) };
    expect(codeOf(asOwner(machine, "photos.getInfo", about))).toBe(1);
    clock.seconds += 10;
    expect([isPublic(), codeOf(asOwner(machine, "photos.getInfo", about))]).toEqual([0, 0]);
  });

  it("tell what changed since a date, never what was deleted", () => {
    const { machine, clock } = ownersFlickr();
    const [first, second, third] = [1, 2, 3].map(() => addPhoto(machine, { owner: OWNER }));
    clock.seconds += 10;
    asOwner(machine, "photos.setMeta", { photo_id: first?.id ?? "", title: "x" });
    clock.seconds += 1;
    asOwner(machine, "photos.addTags", { photo_id: second?.id ?? "", tags: "y" });
    machine.remove(third?.id ?? "");
    const answer = asOwner(machine, "photos.recentlyUpdated", { min_date: String(START + 10) });
    expect(idsIn(answer)).toEqual([second?.id, first?.id]);
    expect(at(answer, "photos", "photo", 0, "lastupdate")).toBe(String(START + 11));
    expect(codeOf(asOwner(machine, "photos.recentlyUpdated"))).toBe(1);
    expect(codeOf(asOwner(machine, "photos.recentlyUpdated", { min_date: "someday" }))).toBe(2);
  });

  it("mix numbers and texts as Flickr does", () => {
    const { machine } = ownersFlickr();
    const extras = "date_taken,geo,o_dims,original_format,url_o,url_sq,media,path_alias,license,nonsense";
    const photo = addPhoto(machine, { owner: OWNER, id: "52000000002" });
    const listed = asOwner(machine, "people.getPhotos", { user_id: "me", extras });
    expect(at(listed, "photos", "photo", 0)).toEqual({
      id: "52000000002",
      owner: OWNER,
      secret: photo.secret,
      server: "65535",
      farm: 66,
      title: "",
      ispublic: 0,
      isfriend: 0,
      isfamily: 0,
      datetaken: photo.taken,
      datetakengranularity: 0,
      datetakenunknown: 0,
      latitude: 0,
      longitude: 0,
      accuracy: 0,
      context: 0,
      originalsecret: photo.originalSecret,
      originalformat: "jpg",
      o_width: "4000",
      o_height: "3000",
      media: "photo",
      media_status: "ready",
      pathalias: null,
      license: "0",
      url_sq: `https://live.staticflickr.com/65535/52000000002_${photo.secret}_s.jpg`,
      width_sq: 75,
      height_sq: 75,
      url_o: `https://live.staticflickr.com/65535/52000000002_${photo.originalSecret}_o.jpg`,
      width_o: 4000,
      height_o: 3000,
    });
  });

  it("give a set's pages back as texts where they were sent, and ids of 17 digits", () => {
    const { machine } = ownersFlickr();
    const photo = addPhoto(machine, { owner: OWNER });
    const set = addSet(machine, { owner: OWNER, title: "Sea", photoIds: [photo.id] });
    expect(set.id).toMatch(/^\d{17}$/);
    const plain = asOwner(machine, "photosets.getPhotos", { photoset_id: set.id });
    expect(at(plain, "photoset")).toMatchObject({ page: 1, perpage: 500, title: "Sea" });
    const paged = asOwner(machine, "photosets.getPhotos", { photoset_id: set.id, page: "1", per_page: "10" });
    expect(at(paged, "photoset")).toMatchObject({ page: "1", per_page: "10", perpage: "10" });
    expect(at(plain, "photoset", "photo", 0)).not.toHaveProperty("owner");
  });

  it("tell a free account nothing of its originals, nor of sizes above 1024 pixels", () => {
    const { machine } = ownersFlickr();
    const owner = machine.state.accounts.get(OWNER);
    if (owner) machine.state.accounts.set(OWNER, { ...owner, isPro: false });
    const photo = addPhoto(machine, { owner: OWNER });
    const extras = "original_format,o_dims,url_o,url_l,url_h";
    const record = at(asOwner(machine, "people.getPhotos", { user_id: "me", extras }), "photos", "photo", 0);
    expect(record).toHaveProperty("url_l");
    for (const name of ["url_o", "url_h", "originalsecret", "originalformat", "o_width"]) {
      expect(record).not.toHaveProperty(name);
    }
    const sizes = at(asOwner(machine, "photos.getSizes", { photo_id: photo.id }), "sizes", "size");
    const labels = Array.isArray(sizes) ? sizes.map((size: { readonly label: string }) => size.label) : [];
    expect(labels.at(-1)).toBe("Large");
    const shared = addPhoto(machine, { owner: OWNER, isPublic: true, license: "4" });
    expect(at(asOwner(machine, "photos.getInfo", { photo_id: shared.id }), "photo")).toHaveProperty(
      "originalsecret",
      shared.originalSecret,
    );
  });
});
