import { expect, it } from "vitest";
import type { ScanPage } from "../../../src/ports/photo-service.js";
import { addPhoto, addSet } from "../../emulators/flickr/machine/seeding.js";
import { call, scanned } from "../photo-service-opened.js";
import { OWNER, openFlickr } from "./flickr-opened.js";
import { opened } from "./opened.js";

it("asks once for each 500 photos, and when nothing is new for nothing else", async () => {
  const { service, emulator, calls, forgetCalls, advance } = await opened();
  for (let count = 0; count < 1200; count += 1) addPhoto(emulator.machine, { owner: OWNER });
  advance(3600);
  const first = await scanned(service);
  expect(first.seen).toHaveLength(1200);
  expect(calls().toSorted()).toEqual([
    ...["people.getPhotos", "people.getPhotos", "people.getPhotos"],
    ...["people.getUploadStatus", "photos.recentlyUpdated", "photosets.getList"],
  ]);

  forgetCalls();
  const versions = new Map(first.seen.map(({ id, version }) => [id, version]));
  const pages: ScanPage[] = [];
  const isKnown = (id: string, version: string) => versions.get(id) === version;
  const owners = new Set<string>();
  for await (const page of service.scan({ isKnown, onOwner: (id) => owners.add(id) }, call)) pages.push(page);
  expect([...owners]).toEqual([OWNER]);
  expect(pages.filter(({ kind }) => kind === "instances")).toEqual([]);
  expect(pages.flatMap((page) => (page.kind === "unchanged" ? page.ids : []))).toHaveLength(1200);
  expect(calls()).toEqual([
    ...["people.getPhotos", "people.getPhotos", "people.getPhotos", "photos.recentlyUpdated"],
  ]);

  forgetCalls();
  const idle = await scanned(service, { cursor: first.end?.cursor ?? "", isKnown });
  expect([idle.seen, calls()]).toEqual([[], ["photos.recentlyUpdated"]]);
});

it("asks for tags as they were typed once for each photo that has some, and for albums in the cheaper way", async () => {
  const { service, seed, change, settle, calls, forgetCalls } = await opened();
  const tagged = await seed({ tags: ["Two Words", "checksum:md5=ffff"], albums: ["Sea", "Land"] });
  const plain = await seed({ tags: ["checksum:md5=ffff"], albums: ["Sea"] });
  const { seen, end } = await scanned(service);
  const facts = new Map(seen.map(({ id, record }) => [id, record.facts]));
  expect(facts.get(tagged)).toMatchObject({ tags: ["Two Words"], albums: ["Land", "Sea"] });
  expect(facts.get(plain)).toMatchObject({ albums: ["Sea"] });
  expect(facts.get(plain)?.tags).toBeUndefined();
  expect(calls().filter((name) => name === "photos.getInfo")).toHaveLength(1);
  expect(calls().filter((name) => name === "photosets.getPhotos")).toHaveLength(2);

  await settle();
  await change(plain, { title: "New" });
  forgetCalls();
  await scanned(service, { cursor: end?.cursor ?? "" });
  expect(calls()).toEqual(["photos.recentlyUpdated", "photos.getAllContexts"]);
});

it("sees all photos of an album, beyond the first 500", async () => {
  const { service, emulator } = await opened();
  const ids = Array.from({ length: 501 }, () => addPhoto(emulator.machine, { owner: OWNER }).id);
  addSet(emulator.machine, { owner: OWNER, title: "Big", photoIds: ids });
  const { seen } = await scanned(service);
  expect(seen.filter(({ record }) => record.facts.albums?.includes("Big"))).toHaveLength(501);
});

it("knows its own album again behind 500 others", async () => {
  const { service, emulator, seed } = await opened();
  const id = await seed({});
  for (let count = 0; count < 500; count += 1) {
    addSet(emulator.machine, { owner: OWNER, title: `Set ${count}`, photoIds: [id] });
  }
  const own = addSet(emulator.machine, { owner: OWNER, title: "Coast", photoIds: [id] });
  emulator.state.sets.set(own.id, { ...own, description: "Kept by photosync." });
  const other = await seed({});
  const { version } = (await service.read(other, call)) ?? expect.unreachable();
  await service.edit(other, version, { albums: ["Coast"] }, call);
  expect(emulator.state.sets.get(own.id)?.photoIds).toEqual([id, other]);
  expect(emulator.state.sets.size).toBe(501);
});

it("misses nothing when the list shrinks while it is read", async () => {
  const { service, emulator } = await opened();
  const ids = Array.from({ length: 700 }, () => addPhoto(emulator.machine, { owner: OWNER }).id);
  let isFirst = true;
  emulator.onRequest((moment, request) => {
    if (moment !== "done" || request.call !== "flickr.people.getPhotos" || !isFirst) return;
    isFirst = false;
    emulator.machine.remove(ids.at(-1) ?? "");
  });
  const { seen, problems, end } = await scanned(service);
  expect(problems).toEqual([]);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(700);
  expect(end).toMatchObject({ isWhole: true });
});

it("gives no cursor for a list that never shows all that it counts", async () => {
  const { service, emulator } = await opened();
  addPhoto(emulator.machine, { owner: OWNER });
  const { service: lying } = await opened({
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      const text = await answer.text();
      return new Response(text.replace(/"total":\d+/, '"total":9'), { status: answer.status });
    },
  });
  const { problems, end } = await scanned(lying);
  expect(problems).toMatchObject([{ code: "flickr.list-incomplete" }]);
  expect(end).toMatchObject({ isWhole: false, gone: [] });
  expect(end?.cursor).toBeUndefined();
  expect((await scanned(service)).end?.cursor).toBeDefined();
});

/** A `fetch` that rewrites what Flickr answers. */
const rewriting =
  (rewrite: (address: URL, text: string) => string): typeof fetch =>
  async (input, init) => {
    const answer = await fetch(input, init);
    const address = new URL(input instanceof Request ? input.url : input);
    return new Response(rewrite(address, await answer.text()), { status: answer.status });
  };

it("gives no cursor for a list that turns empty in the middle, each time", async () => {
  const { service, emulator } = await opened({
    fetch: rewriting(({ searchParams }, text) =>
      searchParams.get("method") === "flickr.people.getPhotos" && searchParams.get("page") !== "1"
        ? '{"photos":{"page":2,"pages":0,"perpage":500,"total":"0","photo":[]},"stat":"ok"}'
        : text,
    ),
  });
  for (let count = 0; count < 700; count += 1) addPhoto(emulator.machine, { owner: OWNER });
  const { problems, end } = await scanned(service);
  expect(problems).toMatchObject([{ code: "flickr.list-incomplete" }]);
  expect([end?.isWhole, end?.cursor]).toEqual([false, undefined]);
});

it("stays where it was when a list of changes holds nothing at all", async () => {
  let isDown = true;
  const { service, emulator, advance } = await opened({
    fetch: rewriting(({ searchParams }, text) =>
      isDown && searchParams.get("method") === "flickr.photos.recentlyUpdated"
        ? '{"photos":{"page":1,"pages":0,"perpage":500,"total":"0","photo":[]},"stat":"ok"}'
        : text,
    ),
  });
  addPhoto(emulator.machine, { owner: OWNER });
  const before = (await scanned(service)).end?.cursor ?? "";
  advance(7 * 86_400);
  const { id } = addPhoto(emulator.machine, { owner: OWNER });
  advance(7 * 86_400);
  const empty = await scanned(service, { cursor: before });
  expect(empty.end?.cursor).toBe(before);
  isDown = false;
  const after = await scanned(service, { cursor: empty.end?.cursor ?? "" });
  expect(after.seen.map((each) => each.id)).toContain(id);
});

it("lists again what was listed and could not be read", async () => {
  let isBehind = true;
  const { service, emulator, advance } = await opened({
    fetch: rewriting(({ searchParams }, text) =>
      isBehind && searchParams.get("method") === "flickr.photos.getInfo"
        ? '{"stat":"fail","code":1,"message":"Photo not found"}'
        : text,
    ),
  });
  const { id } = addPhoto(emulator.machine, { owner: OWNER, tags: ["Two Words"] });
  advance(86_400);
  addPhoto(emulator.machine, { owner: OWNER });
  const first = await scanned(service);
  expect(first.seen.map((each) => each.id)).not.toContain(id);
  isBehind = false;
  advance(86_400);
  const second = await scanned(service, { cursor: first.end?.cursor ?? "" });
  expect(second.seen.map((each) => each.id)).toContain(id);
});

it("lists only what came since a day, which moves no cursor", async () => {
  const { service, emulator, nowMs } = await opened();
  const old = addPhoto(emulator.machine, { owner: OWNER, postedAt: nowMs() / 1000 - 10 * 86_400 });
  const fresh = addPhoto(emulator.machine, { owner: OWNER, postedAt: nowMs() / 1000 - 3600 });
  const since = new Date(nowMs() - 86_400_000).toISOString();
  const { seen, end } = await scanned(service, { since });
  expect(seen.map(({ id }) => id)).toEqual([fresh.id]);
  expect(seen.map(({ id }) => id)).not.toContain(old.id);
  expect(end).toMatchObject({ isWhole: false });
  expect(end?.cursor).toBeUndefined();
});

it("reads flags of every kind as levels, and dates that are none as none", async () => {
  const { service, emulator } = await opened();
  const { machine } = emulator;
  const friends = addPhoto(machine, { owner: OWNER, isFriend: true });
  const family = addPhoto(machine, { owner: OWNER, isFamily: true });
  const vague = addPhoto(machine, { owner: OWNER, takenGranularity: 4 });
  const unknown = addPhoto(machine, { owner: OWNER, isTakenUnknown: true });
  const place = { latitude: "48.123456", longitude: "11.5", accuracy: 16, context: 0 } as const;
  const who = { isPublic: true, isContact: false, isFriend: false, isFamily: false };
  const placed = addPhoto(machine, { owner: OWNER, place: { ...place, ...who } });
  const seen = new Map((await scanned(service)).seen.map((one) => [one.id, one]));
  expect([friends, family].map(({ id }) => seen.get(id)?.visibility)).toEqual(["friends", "friends"]);
  expect([vague, unknown].map(({ id }) => seen.get(id)?.record.facts.taken_date)).toEqual([
    undefined,
    undefined,
  ]);
  expect(seen.get(placed.id)?.record).toMatchObject({
    facts: { location: { lat: 48.123456, lng: 11.5 } },
    raw: { geo_is_public: "1" },
  });
  expect(seen.get(friends.id)?.record.facts.location).toBeUndefined();
});

it("takes an unreadable cursor for none", async () => {
  const { service, seed } = await opened();
  await seed({});
  for (const cursor of ["", "soon", "{}", '{"form":1,"at":-1,"seen":[]}', '{"form":9,"at":1,"seen":[]}']) {
    const { seen, end } = await scanned(service, { cursor });
    expect([seen.length, end?.isWhole]).toEqual([1, true]);
  }
});

it("says that Flickr cannot be reached", async () => {
  const flickr = await openFlickr();
  await flickr.close();
  await expect(scanned(flickr.service)).rejects.toMatchObject({
    code: "flickr.unavailable",
    kind: "transient",
  });
});
