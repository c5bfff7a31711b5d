import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PhotoTarget, ServiceInstance } from "../../../src/ports/photo-service.js";
import { openGooglePhotos } from "../../../src/services/google-photos/adapter.js";
import {
  type Access,
  accessTo,
  bytesOf,
  call,
  codeOf,
  scanned,
  strangeToken,
} from "../../emulators/google/access.js";
import { SCOPES } from "../../emulators/google/bearer.js";
import { madeUpContent } from "../../emulators/google/content.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { seedItem } from "../../emulators/google/seed.js";

let google: Sample;
let access: Access;
let photos: PhotoTarget;
const open = (made: Access) =>
  openGooglePhotos({ access: made, library: google.endpoints.library, allowsAlbums: false });
beforeEach(async () => {
  google = await startSample();
  access = accessTo(google);
  photos = open(access);
});
afterEach(() => google.close());

const seed = (words: string, more: object = {}) =>
  seedItem(google.state, google.nowMs(), { bytes: samplePicture(words), filename: `${words}.jpg`, ...more });
const idsSeen = async (from: PhotoTarget): Promise<string[]> =>
  (await scanned(from.scan({}, call))).flatMap((page) =>
    page.kind === "instances" ? page.seen.map(({ id }) => id) : [],
  );

describe("a scan", () => {
  test("of nothing ends without a cursor, and says that nothing is whole", async () => {
    expect(await scanned(photos.scan({}, call))).toEqual([{ kind: "end", isWhole: false, gone: [] }]);
  });

  test("lists each of photosync's uploads once over ragged pages, and nobody else's", async () => {
    google.settings.hasRaggedPages = true;
    const ids = Array.from({ length: 230 }, (_, n) => seed(`p${n}`).id);
    seed("foreign", { clientId: null });
    const seen = await idsSeen(photos);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test("tells what Google says, never who sees it, and no address of bytes", async () => {
    const { id } = seed("a", { description: "On the beach", cameraMake: "Google", cameraModel: "Pixel 7" });
    const instance = await photos.read(id, call);
    expect(instance).toMatchObject({
      id,
      filename: "a.jpg",
      mediaKind: "image",
      visibility: "unknown",
      obtainable: "high",
      url: `https://photos.google.com/lr/photo/${id}`,
      record: {
        facts: {
          filename: "a.jpg",
          caption: "On the beach",
          camera_info: { make: "Google", model: "Pixel 7" },
        },
        raw: { mediaMetadata: { creationTime: "2024-03-01T10:20:30Z", width: "40" } },
      },
    });
    expect(JSON.stringify(instance)).not.toContain("127.0.0.1");
    expect(photos.traits).toMatchObject({
      readsVisibility: false,
      settableVisibilities: [],
      seesWholeAccount: false,
    });
  });

  test("gives a version that changes with the description, and the same bytes' stamp", async () => {
    const item = seed("a");
    const before = await photos.read(item.id, call);
    expect((await photos.read(item.id, call))?.version).toBe(before?.version);
    item.description = "new";
    const after = await photos.read(item.id, call);
    expect(after?.version).not.toBe(before?.version);
    expect(after?.bytesStamp).toBe(before?.bytesStamp);
  });

  test("that is limited stops, and one since a day says that it lists all", async () => {
    for (let n = 0; n < 5; n += 1) seed(`p${n}`);
    const limited = await scanned(photos.scan({ limit: 2 }, call));
    expect(limited.flatMap((page) => (page.kind === "instances" ? page.seen : [])).length).toBe(2);
    const since = await scanned(photos.scan({ since: "2026-01-01T00:00:00Z" }, call));
    expect(since.map(({ kind }) => kind)).toEqual(["note", "instances", "end"]);
  });

  test("goes on after 500, 429 with and without Retry-After, a cut body and a reset", async () => {
    const ids = Array.from({ length: 250 }, (_, n) => seed(`p${n}`).id);
    const matching = /GET .*\/mediaItems/;
    google.faults.add({ matching, nth: 1, fault: { kind: "status", status: 500 } });
    google.faults.add({ matching, nth: 1, fault: { kind: "status", status: 429, retryAfter: "7" } });
    google.faults.add({ matching, nth: 1, fault: { kind: "status", status: 429 } });
    google.faults.add({ matching, nth: 1, fault: { kind: "cut-body" } });
    google.faults.add({ matching, nth: 2, fault: { kind: "reset" } });
    expect((await idsSeen(photos)).length).toBe(ids.length);
    expect(access.waits).toContain(7_000);
    expect(Math.max(...access.waits)).toBeGreaterThanOrEqual(30_000);
  });

  test("takes a hotel's page with status 200 for no reply", async () => {
    seed("a");
    google.faults.add({ matching: /mediaItems/, nth: 1, fault: { kind: "captive-page" } });
    expect((await idsSeen(photos)).length).toBe(1);
  });
});

describe("refusals", () => {
  test("an expired token is renewed once and the request repeated", async () => {
    google.clock.advance(3_600_000);
    await idsSeen(photos);
    expect(google.log.entries.map(({ status }) => status)).toEqual([401, 200]);
  });

  test.each([
    [
      "a token that is not taken",
      "google-photos.sign-in-needed",
      () => ({ token: async () => strangeToken(google) }),
    ],
    [
      "a token of a withdrawn consent",
      "google-photos.sign-in-needed",
      () => {
        for (const grant of google.state.grants.values()) grant.isRevoked = true;
        return {};
      },
    ],
  ])("%s", async (_, code, change) => {
    const other = open({ ...access, ...change() });
    expect(await codeOf(idsSeen(other))).toBe(code);
  });

  test("a scope that was not ticked asks for a new sign-in, an API that is off for switching it on", async () => {
    google.state.clients[0]?.disabledApis.push("photoslibrary.googleapis.com");
    expect(await codeOf(idsSeen(photos))).toBe("google-photos.api-disabled");
    await google.close();
    google = await startSample({ scopes: [SCOPES.append] });
    expect(await codeOf(idsSeen(open(accessTo(google))))).toBe("google-photos.sign-in-needed");
  });

  test("the day's quota is not tried again", async () => {
    google.settings.libraryPerDay = 0;
    expect(await codeOf(idsSeen(photos))).toBe("google-photos.quota-used-up");
    expect(google.log.entries.length).toBe(1);
  });

  test.each([
    ["unknown", "AF1QipNobodyKnowsThis"],
    ["malformed", "!"],
  ])("an %s id is nothing", async (_, id) => {
    expect(await photos.read(id, call)).toBeNull();
  });

  test("a foreign id is nothing", async () => {
    expect(await photos.read(seed("x", { clientId: "other" }).id, call)).toBeNull();
  });
});

describe("opening", () => {
  const only = async (id: string): Promise<ServiceInstance> => {
    const instance = await photos.read(id, call);
    if (instance === null) throw new Error("not there");
    return instance;
  };

  test("gives a photo as Google gives it, and says that it is no original", async () => {
    const bytes = samplePicture("a");
    const { quality, bytes: given, sizeBytes } = await photos.open(await only(seed("a").id), call);
    const whole = await bytesOf(given);
    expect([quality, whole.length, whole.equals(bytes)]).toEqual(["high", sizeBytes, false]);
    expect(google.log.matching(/\/lr\//)[0]?.headers["authorization"]).toBeUndefined();
  });

  test("renews an address that has expired", async () => {
    const instance = await only(seed("a").id);
    google.clock.advance(61 * 60_000);
    await bytesOf((await photos.open(instance, call)).bytes);
    expect(google.log.matching(/\/lr\//).map(({ status }) => status)).toEqual([403, 200]);
  });

  test("refuses a film that Google still works on, and one that is gone", async () => {
    const film = seedItem(google.state, google.nowMs(), {
      bytes: sampleFilm("x"),
      video: { fps: 30, status: "PROCESSING" },
    });
    const instance = await only(film.id);
    expect(instance.obtainable).toBe("nothing");
    expect(await codeOf(photos.open(instance, call))).toBe("google-photos.not-obtainable");
    film.isDeleted = true;
    expect(await codeOf(photos.open(instance, call))).toBe("google-photos.not-obtainable");
  });

  test("never gives out a page as a photo", async () => {
    const instance = await only(seed("a").id);
    google.faults.add({ matching: /\/lr\//, fault: { kind: "captive-page" } });
    expect(await codeOf(photos.open(instance, call))).toBe("google-photos.unavailable");
  });

  test("never gives out a picture as a film", async () => {
    const { id } = seedItem(google.state, google.nowMs(), { bytes: sampleFilm("x") });
    const still: typeof fetch = async (input, init) => {
      const answer = await access.fetch(input, init);
      const isFilm = answer.headers.get("content-type")?.startsWith("video/") === true;
      return isFilm ? new Response("still", { headers: { "content-type": "image/jpeg" } }) : answer;
    };
    const from = open({ ...access, fetch: still });
    const instance = (await from.read(id, call)) ?? expect.unreachable();
    expect(instance.mediaKind).toBe("video");
    expect(await codeOf(from.open(instance, call))).toBe("google-photos.unavailable");
  });

  const film = () =>
    seedItem(google.state, google.nowMs(), { content: madeUpContent(8_000_000, sampleFilm("x")) });

  test("reads a body that broke off again, without a byte twice or missing", async () => {
    const item = film();
    const once = await bytesOf((await photos.open(await only(item.id), call)).bytes);
    google.faults.add({ matching: /\/lr\//, fault: { kind: "cut-body" }, times: 3 });
    const broken = await bytesOf((await photos.open(await only(item.id), call)).bytes);
    expect(broken.equals(once)).toBe(true);
  });

  test("throws where the body always ends early, or becomes another one", async () => {
    const item = film();
    const instance = await only(item.id);
    const always = google.faults.add({ matching: /\/lr\//, fault: { kind: "cut-body" } });
    expect(await codeOf(bytesOf((await photos.open(instance, call)).bytes))).toBe(
      "google-photos.unavailable",
    );
    always.remove();
    google.faults.add({ matching: /\/lr\//, fault: { kind: "cut-body" }, nth: 1 });
    const { bytes } = await photos.open(instance, call);
    google.state.items.set(item.id, { ...item, content: madeUpContent(8_000_000, sampleFilm("other")) });
    expect(await codeOf(bytesOf(bytes))).toBe("google-photos.unavailable");
  });

  test("stops when told to", async () => {
    const stop = new AbortController();
    const { bytes } = await photos.open(await only(film().id), { signal: stop.signal });
    const reading = (async () => {
      for await (const _ of bytes) stop.abort();
    })();
    expect(await codeOf(reading)).toBe("cancelled");
  });
});
