import { describe, expect, it } from "vitest";
import { addAccount, addPhoto, addSet } from "../../../emulators/flickr/machine/seeding.js";
import { asOwner, at, caller, codeOf, jpeg, OWNER, ownersFlickr, START } from "./world.js";

const FRIEND = "22222222@N02";

describe("changes on the emulated Flickr", () => {
  it("keep raw tags beside clean ones, take machine tags' values to pieces and know tags again", () => {
    const { machine } = ownersFlickr();
    const { id } = addPhoto(machine, { owner: OWNER });
    const tags = '"Two Words" twowords dc:identifier=https://example.org/33 Photosync:ID=01ABC';
    const added = asOwner(machine, "photos.addTags", { photo_id: id, tags });
    expect(machine.photo(id).tags.map(({ raw, clean }) => [raw, clean])).toEqual([
      ["Two Words", "twowords"],
      ["dc:identifier=https://example.org/33", "dc:identifier=httpsexampleorg33"],
      ["Photosync:ID=01ABC", "photosync:id=01abc"],
    ]);
    const fullId = String(at(added, "tags", "tag", 0, "full_tag_id"));
    expect(fullId).toMatch(new RegExp(`^11111111-${id}-\\d+$`));
    expect(
      codeOf(asOwner(machine, "photos.removeTag", { tag_id: String(at(added, "tags", "tag", 0, "id")) })),
    ).toBe(1);
    expect(codeOf(asOwner(machine, "photos.removeTag", { tag_id: fullId }))).toBe(0);
    expect(machine.photo(id).tags).toHaveLength(2);
    asOwner(machine, "photos.setTags", { photo_id: id, tags: "" });
    expect(machine.photo(id).tags).toEqual([]);
  });

  it("change nothing where there would be too many tags", () => {
    const { machine } = ownersFlickr({ options: { mostTags: 2 } });
    const { id } = addPhoto(machine, { owner: OWNER, tags: ["a"] });
    expect(codeOf(asOwner(machine, "photos.addTags", { photo_id: id, tags: "b c" }))).toBe(2);
    expect(machine.photo(id).tags).toHaveLength(1);
  });

  it("let others tag only as far as the photo says", () => {
    const { machine } = ownersFlickr();
    addAccount(machine, { nsid: FRIEND });
    const tie = { isFriend: true, isFamily: false };
    addAccount(machine, { nsid: OWNER, contacts: new Map([[FRIEND, tie]]) });
    const tagged = (permAddMeta: 0 | 1) => {
      const { id } = addPhoto(machine, { owner: OWNER, isPublic: true, permAddMeta });
      return codeOf(machine.call("flickr.photos.addTags", { photo_id: id, tags: "x" }, caller(FRIEND)));
    };
    expect([tagged(0), tagged(1)]).toEqual([1, 0]);
  });

  it("want all three flags, and tell of what is public as nothing but public", () => {
    const { machine } = ownersFlickr();
    const { id } = addPhoto(machine, { owner: OWNER });
    expect(codeOf(asOwner(machine, "photos.setPerms", { photo_id: id, is_public: "1" }))).toBe(2);
    asOwner(machine, "photos.setPerms", { photo_id: id, is_public: "1", is_friend: "1", is_family: "1" });
    expect(at(asOwner(machine, "photos.getPerms", { photo_id: id }), "perms")).toMatchObject({
      ispublic: 1,
      isfriend: 0,
      isfamily: 0,
    });
  });

  it("touch nobody else's photos, whoever sees them", () => {
    const { machine } = ownersFlickr();
    addAccount(machine, { nsid: FRIEND });
    const { id } = addPhoto(machine, { owner: FRIEND, isPublic: true });
    const flags = { is_public: "0", is_friend: "0", is_family: "0" };
    for (const method of ["photos.setPerms", "photos.setMeta", "photos.setDates", "photos.getPerms"]) {
      expect(
        codeOf(asOwner(machine, method, { photo_id: id, title: "x", date_taken: "2004", ...flags })),
      ).toBe(1);
    }
    expect(machine.photo(id).title).toBe("");
  });

  it("take dates in parts, keep them unconverted and refuse what is no date", () => {
    const { machine } = ownersFlickr();
    const { id } = addPhoto(machine, { owner: OWNER, isTakenUnknown: true });
    const set = (args: Record<string, string>) =>
      codeOf(asOwner(machine, "photos.setDates", { photo_id: id, ...args }));
    expect(set({ date_taken: "2004-04", date_taken_granularity: "4" })).toBe(0);
    expect(machine.photo(id)).toMatchObject({
      taken: "2004-04-01 00:00:00",
      takenGranularity: 4,
      isTakenUnknown: false,
    });
    expect(set({})).toBe(2);
    expect(set({ date_taken_granularity: "12" })).toBe(3);
    expect(set({ date_posted: String(START + 99_999) })).toBe(4);
    expect(set({ date_taken: "2004-02-30" })).toBe(5);
    expect(set({ date_taken: "2204-02-03" })).toBe(6);
  });

  it("give a new place the account's geo privacy, none where none was ever chosen", () => {
    const { machine } = ownersFlickr();
    const { id } = addPhoto(machine, { owner: OWNER });
    const set = (lat: string, lon: string) =>
      codeOf(asOwner(machine, "photos.geo.setLocation", { photo_id: id, lat, lon }));
    addAccount(machine, { nsid: OWNER, geoPerms: 0 });
    expect(set("48.1", "11.5")).toBe(7);
    addAccount(machine, { nsid: OWNER, geoPerms: 4 });
    expect(set("91", "11.5")).toBe(3);
    expect(set("48.1", "181")).toBe(4);
    expect(set("48.12345678", "-11.5")).toBe(0);
    expect(machine.photo(id).place).toMatchObject({
      latitude: "48.123456",
      longitude: "-11.5",
      isFriend: true,
      isPublic: false,
    });
    const all = { is_public: "0", is_contact: "0", is_friend: "0", is_family: "0" };
    expect(codeOf(asOwner(machine, "photos.geo.setPerms", { photo_id: id, ...all }))).toBe(0);
    expect(at(asOwner(machine, "photos.geo.getPerms", { photo_id: id }), "perms", "isfriend")).toBe(0);
    expect(codeOf(asOwner(machine, "photos.geo.removeLocation", { photo_id: id }))).toBe(0);
    expect(codeOf(asOwner(machine, "photos.geo.getPerms", { photo_id: id }))).toBe(2);
  });

  it("say of a photo that is in a set already, and lose a set with its last photo", () => {
    const { machine } = ownersFlickr();
    const [first, second] = [addPhoto(machine, { owner: OWNER }), addPhoto(machine, { owner: OWNER })];
    addSet(machine, { owner: OWNER, title: "Older", photoIds: [first.id] });
    const made = asOwner(machine, "photosets.create", { title: "Sea", primary_photo_id: first.id });
    const setId = String(at(made, "photoset", "id"));
    const add = () =>
      codeOf(asOwner(machine, "photosets.addPhoto", { photoset_id: setId, photo_id: second.id }));
    expect([add(), add()]).toEqual([0, 3]);
    expect(at(asOwner(machine, "photosets.getList"), "photosets", "photoset", 0, "id")).toBe(setId);
    machine.remove(first.id);
    machine.remove(second.id);
    expect(machine.state.sets.size).toBe(0);
    expect(at(asOwner(machine, "photosets.getList"), "photosets", "total")).toBe(0);
  });

  it("need the perms that the method names", () => {
    const { machine } = ownersFlickr();
    const call = (perms: "none" | "read" | "write") =>
      machine.call("flickr.photos.setMeta", { photo_id: "1" }, caller(OWNER, perms));
    expect(call("read")).toEqual({
      stat: "fail",
      code: 99,
      message: "Insufficient permissions. Method requires write privileges; read granted.",
    });
    expect([codeOf(call("none")), codeOf(call("write"))]).toEqual([99, 1]);
    expect(codeOf(asOwner(machine, "photos.nonsense"))).toBe(112);
  });

  it("keep what was uploaded apart from what is given out where a format is converted", () => {
    const { machine } = ownersFlickr({ options: { modernFormats: "convert" } });
    const heic = jpeg("e", { filename: "a.heic", extension: "heic" });
    const id = String(at(machine.upload({}, heic, caller(OWNER)), "photoid", "_content"));
    expect(machine.photo(id)).toMatchObject({ originalFormat: "jpg", file: "converted:e", title: "a" });
    const { machine: strict } = ownersFlickr();
    const refused = (file: Parameters<typeof strict.upload>[1]) =>
      codeOf(strict.upload({}, file, caller(OWNER)));
    expect(refused(heic)).toBe(5);
    expect(refused(null)).toBe(2);
    expect(refused(jpeg("f", { sizeBytes: 0 }))).toBe(4);
    expect(refused(jpeg("f", { sizeBytes: 209_715_201 }))).toBe(8);
    expect(refused(jpeg("f", { sizeBytes: 209_715_201, kind: "video", extension: "mp4" }))).toBe(0);
  });

  it("know the same bytes again with dedup_check alone, deleted ones too", () => {
    const { machine } = ownersFlickr();
    const send = (fields: Record<string, string>) => machine.upload(fields, jpeg("same"), caller(OWNER));
    const id = String(at(send({}), "photoid", "_content"));
    expect(send({ dedup_check: "1" })).toMatchObject({
      code: 9,
      duplicate: { duplicate_photo_id: id, duplicate_photo_status: "EXISTS" },
    });
    machine.remove(id);
    expect(send({ dedup_check: "1" })).toMatchObject({ duplicate: { duplicate_photo_status: "DELETED" } });
    expect(codeOf(send({}))).toBe(0);
  });

  it("can know nothing of dedup_check, or only after a while", () => {
    const twice = (options: { knowsDedupCheck?: boolean; dedupLagSeconds?: number }) => {
      const { machine } = ownersFlickr({ options });
      const send = () => codeOf(machine.upload({ dedup_check: "1" }, jpeg("same"), caller(OWNER)));
      return [send(), send()];
    };
    expect(twice({})).toEqual([0, 9]);
    expect(twice({ knowsDedupCheck: false })).toEqual([0, 0]);
    expect(twice({ dedupLagSeconds: 5 })).toEqual([0, 0]);
  });

  it("can open comments and tags to everybody where setPerms is not told of them, or leave them", () => {
    const permsAfter = (omittedPerms: "keep" | "everybody") => {
      const { machine } = ownersFlickr({ options: { omittedPerms } });
      const { id } = addPhoto(machine, { owner: OWNER, permComment: 0, permAddMeta: 0 });
      const flags = { is_public: "0", is_friend: "0", is_family: "0", perm_comment: "1" };
      asOwner(machine, "photos.setPerms", { photo_id: id, ...flags });
      return [machine.photo(id).permComment, machine.photo(id).permAddMeta];
    };
    expect([permsAfter("keep"), permsAfter("everybody")]).toEqual([
      [1, 0],
      [1, 3],
    ]);
  });

  it("let an asynchronous upload stand there only when its ticket is ready", () => {
    const { machine, clock } = ownersFlickr({ options: { ticketSeconds: 5 } });
    const ticket = String(
      at(machine.upload({ async: "1" }, jpeg("g"), caller(OWNER)), "ticketid", "_content"),
    );
    const check = () =>
      at(asOwner(machine, "photos.upload.checkTickets", { tickets: ticket }), "uploader", "ticket", 0);
    expect(check()).toEqual({ id: ticket, complete: 0 });
    expect(machine.state.photos.size).toBe(0);
    clock.seconds += 5;
    expect(check()).toEqual({ id: ticket, complete: 1, photoid: [...machine.state.photos.keys()][0] });
  });

  it("change both secrets and nothing else by replacing, for Pro accounts and photos alone", () => {
    const { machine, clock } = ownersFlickr();
    const photo = addPhoto(machine, { owner: OWNER, title: "kept", tags: ["kept"] });
    const video = addPhoto(machine, { owner: OWNER, media: "video" });
    clock.seconds += 5;
    const replace = (id: string) => codeOf(machine.replace({ photo_id: id }, jpeg("h"), caller(OWNER)));
    expect([replace(photo.id), replace(video.id)]).toEqual([0, 3]);
    const now = machine.photo(photo.id);
    expect(now).toMatchObject({ title: "kept", postedAt: photo.postedAt, updatedAt: START + 5, file: "h" });
    expect([now.secret, now.originalSecret]).not.toContain(photo.secret);
    expect(now.originalSecret).not.toBe(photo.originalSecret);
  });

  it("refuse a free account more than its photos and what is not safe", () => {
    const { machine } = ownersFlickr({ options: { freePhotos: 1 } });
    addAccount(machine, { nsid: OWNER, isPro: false });
    const send = (fields: Record<string, string>) => codeOf(machine.upload(fields, jpeg("i"), caller(OWNER)));
    expect([send({ safety_level: "3" }), send({}), send({})]).toEqual([15, 0, 6]);
  });
});
