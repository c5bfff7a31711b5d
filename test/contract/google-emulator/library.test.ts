import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REMOVED_SCOPES, SCOPES } from "../../emulators/google/bearer.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { SAMPLE_EMAIL, seedAlbum, seedItem, seedSignIn } from "../../emulators/google/seed.js";
import { audienceOf } from "../../emulators/google/state.js";

let google: Sample;
beforeEach(async () => {
  google = await startSample();
});
afterEach(() => google.close());

type Answer = { readonly status: number; readonly body: Record<string, unknown> };
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await google.send(method, `${google.endpoints.library}/v1/${path}`, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const upload = async (bytes: Uint8Array): Promise<string> =>
  (
    await google.send("POST", `${google.endpoints.library}/v1/uploads`, bytes, {
      "x-goog-upload-protocol": "raw",
    })
  ).text();
const create = (...wishes: readonly (readonly [token: string, fileName: string, description?: string])[]) =>
  call("POST", "mediaItems:batchCreate", {
    newMediaItems: wishes.map(([uploadToken, fileName, description = ""]) => ({
      description,
      simpleMediaItem: { uploadToken, fileName },
    })),
  });
const idsOf = (answer: Answer): unknown[] =>
  ((answer.body["newMediaItemResults"] ?? []) as { mediaItem?: { id: string } }[]).map(
    (one) => one.mediaItem?.id,
  );

describe("lists", () => {
  test("are an empty object where there is nothing", async () => {
    expect((await call("GET", "mediaItems")).body).toEqual({});
    expect((await call("GET", "albums")).body).toEqual({});
  });

  test("show what this client made, newest picture first, with sizes as strings", async () => {
    const now = google.nowMs();
    seedItem(google.state, now, { bytes: samplePicture("a", "2020:01:01 00:00:00"), filename: "old.jpg" });
    seedItem(google.state, now, { bytes: samplePicture("b"), filename: "new.jpg" });
    seedItem(google.state, now, { bytes: samplePicture("c"), clientId: null });
    const { body } = await call("GET", "mediaItems");
    const items = body["mediaItems"] as Record<string, unknown>[];
    expect(items.map((item) => item["filename"])).toEqual(["new.jpg", "old.jpg"]);
    expect(items[0]?.["mediaMetadata"]).toEqual({
      creationTime: "2024-03-01T10:20:30Z",
      width: "40",
      height: "30",
      photo: {},
    });
    expect(items[0]).not.toHaveProperty("description");
  });

  test("may have short and empty pages; every one is shown once all the same", async () => {
    google.settings.hasRaggedPages = true;
    const now = google.nowMs();
    const ids = Array.from(
      { length: 40 },
      (_, n) => seedItem(google.state, now, { bytes: samplePicture(String(n)) }).id,
    );
    const seen: string[] = [];
    let token = "";
    let wasEmpty = false;
    do {
      const { body } = await call("GET", `mediaItems?pageSize=10&pageToken=${token}`);
      const items = (body["mediaItems"] ?? []) as { id: string }[];
      wasEmpty ||= items.length === 0;
      seen.push(...items.map(({ id }) => id));
      token = String(body["nextPageToken"] ?? "");
    } while (token !== "");
    expect(wasEmpty).toBe(true);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test.each([
    ["a page size over 100", "mediaItems?pageSize=101"],
    ["a made-up page token", "mediaItems?pageToken=abc"],
    ["an unknown parameter", "mediaItems?sort=name"],
    ["a repeated id", "mediaItems:batchGet?mediaItemIds=abcdefghijkl&mediaItemIds=abcdefghijkl"],
  ])("refuse %s", async (_, path) => {
    expect((await call("GET", path)).body).toMatchObject({
      error: { code: 400, status: "INVALID_ARGUMENT" },
    });
  });

  test("a token belongs to its own request", async () => {
    for (let n = 0; n < 3; n += 1)
      seedItem(google.state, google.nowMs(), { bytes: samplePicture(String(n)) });
    const { body } = await call("GET", "mediaItems?pageSize=2");
    expect((await call("GET", `mediaItems?pageSize=1&pageToken=${body["nextPageToken"]}`)).status).toBe(400);
  });
});

describe("scopes", () => {
  test.each([
    ["reading with appendonly", [SCOPES.append], "GET", "mediaItems"],
    ["adding with readonly", [SCOPES.read], "POST", "mediaItems:batchCreate"],
    ["changing without edit", [SCOPES.read, SCOPES.append], "PATCH", "mediaItems/abcdefghijkl"],
    ["the scopes that were removed", REMOVED_SCOPES, "GET", "mediaItems"],
  ])("refuse %s", async (_, scopes, method, path) => {
    const { access } = seedSignIn(google.state, scopes, google.nowMs());
    const response = await google.send(method, `${google.endpoints.library}/v1/${path}`, undefined, {
      authorization: `Bearer ${access.token}`,
    });
    expect(await response.json()).toMatchObject({
      error: { code: 403, details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] },
    });
  });

  test("do not help where sharing ended or the API is off", async () => {
    expect((await call("GET", "sharedAlbums")).status).toBe(403);
    google.state.clients[0]?.disabledApis.push("photoslibrary.googleapis.com");
    expect((await call("GET", "mediaItems")).body).toMatchObject({
      error: { details: [{ reason: "SERVICE_DISABLED" }] },
    });
  });
});

test("unknown paths and methods get a page for people", async () => {
  const response = await google.send("DELETE", `${google.endpoints.library}/v1/mediaItems/abcdefghijkl`);
  expect([response.status, response.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
});

test("a foreign, an unknown and a malformed id are refused in their own ways", async () => {
  const foreign = seedItem(google.state, google.nowMs(), { bytes: samplePicture("x"), clientId: "other" });
  const statuses = [];
  for (const id of [foreign.id, "AF1Qipunknown", "!"])
    statuses.push((await call("GET", `mediaItems/${id}`)).status);
  expect(statuses).toEqual([403, 404, 400]);
});

describe("batchCreate", () => {
  test("answers 207 where some failed and 200 where all did", async () => {
    const good = await upload(samplePicture("good"));
    const bad = await upload(Buffer.from("not a picture"));
    const some = await create([good, "good.jpg"], [bad, "bad.jpg"]);
    expect(some.status).toBe(207);
    expect(some.body["newMediaItemResults"]).toMatchObject([
      { status: { message: "Success" }, mediaItem: { filename: "good.jpg" } },
      { status: { code: 3 } },
    ]);
    const none = await create([await upload(Buffer.from("nor this")), "bad.jpg"]);
    expect([none.status, idsOf(none)]).toEqual([200, [undefined]]);
  });

  test("gives the same item for the same bytes, under its first name and description", async () => {
    const bytes = samplePicture("twice");
    const first = await create([await upload(bytes), "first.jpg", "one"]);
    const second = await create([await upload(bytes), "second.jpg", "two"]);
    expect(idsOf(second)).toEqual(idsOf(first));
    expect(second.body["newMediaItemResults"]).toMatchObject([
      { mediaItem: { filename: "first.jpg", description: "one" } },
    ]);
    expect(google.state.items.size).toBe(1);
  });

  test("takes a token once and for a day", async () => {
    const token = await upload(samplePicture("a"));
    await create([token, "a.jpg"]);
    expect(idsOf(await create([token, "a.jpg"]))).toEqual([undefined]);
    const late = await upload(samplePicture("b"));
    google.clock.advance(24 * 3_600_000);
    const { access } = seedSignIn(google.state, [SCOPES.append], google.nowMs());
    const body = { newMediaItems: [{ simpleMediaItem: { uploadToken: late, fileName: "b.jpg" } }] };
    const response = await google.send(
      "POST",
      `${google.endpoints.library}/v1/mediaItems:batchCreate`,
      body,
      {
        authorization: `Bearer ${access.token}`,
      },
    );
    expect(await response.json()).toMatchObject({ newMediaItemResults: [{ status: { code: 3 } }] });
  });

  test("runs one at a time for a user", async () => {
    google.settings.batchCreateMs = 100;
    const tokens = [await upload(samplePicture("a")), await upload(samplePicture("b"))];
    const answers = await Promise.all(tokens.map((token) => create([token, "x.jpg"])));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429]);
  });

  test("takes 50 at most, no unknown name, no long description, no foreign album, and needs room", async () => {
    const wishes = Array.from({ length: 51 }, () => ["t", "x.jpg"] as const);
    expect((await create(...wishes)).status).toBe(400);
    const odd = await call("POST", "mediaItems:batchCreate", { newMediaItems: [{ visibility: "private" }] });
    expect(odd.body).toMatchObject({
      error: { message: expect.stringContaining(`Unknown name "visibility" at 'newMediaItems[0]'`) },
    });
    const token = await upload(samplePicture("x"));
    expect((await create([token, "x.jpg", "d".repeat(1000)])).status).toBe(400);
    const album = seedAlbum(google.state, { title: "The owner's", clientId: null });
    const into = await call("POST", "mediaItems:batchCreate", {
      albumId: album.id,
      newMediaItems: [{ simpleMediaItem: { uploadToken: token, fileName: "x.jpg" } }],
    });
    expect(into.body).toMatchObject({
      error: { message: "No permission to add media items to this album." },
    });
    for (const account of google.state.accounts) account.storageLeftBytes = 3;
    expect((await create([token, "x.jpg"])).body).toMatchObject({
      error: { message: expect.stringContaining("remaining storage") },
    });
    expect(google.state.items.size).toBe(0);
  });
});

test("an album that the owner shared shows what is put into it to others, and no reply tells", async () => {
  const album = seedAlbum(google.state, { title: "Trip", sharedWith: ["bob@example.org"] });
  const item = seedItem(google.state, google.nowMs(), { bytes: samplePicture("x") });
  expect([...audienceOf(google.state, item.id)]).toEqual([SAMPLE_EMAIL]);
  expect(
    (await call("POST", `albums/${album.id}:batchAddMediaItems`, { mediaItemIds: [item.id] })).body,
  ).toEqual({});
  expect([...audienceOf(google.state, item.id)]).toEqual([SAMPLE_EMAIL, "bob@example.org"]);
  expect(JSON.stringify((await call("GET", `albums/${album.id}`)).body)).not.toMatch(/shar|bob/i);
});

test("adding to an album is all or nothing", async () => {
  const album = seedAlbum(google.state, { title: "Trip" });
  const item = seedItem(google.state, google.nowMs(), { bytes: samplePicture("x") });
  const answer = await call("POST", `albums/${album.id}:batchAddMediaItems`, {
    mediaItemIds: [item.id, "AF1Qipother"],
  });
  expect(answer.body).toMatchObject({ error: { message: "Request contains an invalid media item id." } });
  expect(album.itemIds).toEqual([]);
});

test("search finds by date and kind, and refuses an album with filters", async () => {
  const now = google.nowMs();
  seedItem(google.state, now, { bytes: samplePicture("a", "2020:05:01 00:00:00"), filename: "a.jpg" });
  seedItem(google.state, now, { bytes: samplePicture("b", "2021:05:01 00:00:00"), filename: "b.jpg" });
  seedItem(google.state, now, { bytes: sampleFilm("c"), filename: "c.mp4" });
  const names = async (filters: object) => {
    const { body } = await call("POST", "mediaItems:search", { filters });
    return ((body["mediaItems"] ?? []) as { filename: string }[]).map(({ filename }) => filename);
  };
  const may = { year: 2020, month: 5, day: 0 };
  expect(await names({ dateFilter: { dates: [may] } })).toEqual(["a.jpg"]);
  expect(
    await names({ dateFilter: { ranges: [{ startDate: may, endDate: { year: 2021, month: 5, day: 0 } }] } }),
  ).toEqual(["b.jpg", "a.jpg"]);
  expect(await names({ mediaTypeFilter: { mediaTypes: ["VIDEO"] } })).toEqual(["c.mp4"]);
  expect((await call("POST", "mediaItems:search", { albumId: "x", filters: {} })).status).toBe(400);
});

test("the day's requests are counted and come back at midnight Pacific time", async () => {
  google.settings.libraryPerDay = 2;
  await call("GET", "mediaItems");
  await call("GET", "mediaItems");
  expect((await call("GET", "mediaItems")).body).toMatchObject({
    error: { status: "RESOURCE_EXHAUSTED", message: expect.stringContaining("All requests per day") },
  });
  google.clock.advance(22.1 * 3_600_000);
  const { access } = seedSignIn(google.state, [SCOPES.read], google.nowMs());
  const next = await google.send("GET", `${google.endpoints.library}/v1/mediaItems`, undefined, {
    authorization: `Bearer ${access.token}`,
  });
  expect(next.status).toBe(200);
});
