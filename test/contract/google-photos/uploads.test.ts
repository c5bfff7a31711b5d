import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContentHash, PhotoId } from "../../../src/domain/ids.js";
import type { PhotoTarget, Upload, UploadOutcome } from "../../../src/ports/photo-service.js";
import { type GooglePhotosOptions, openGooglePhotos } from "../../../src/services/google-photos/adapter.js";
import { memoryUploadNotes } from "../../../src/services/google-photos/upload-notes.js";
import { type Access, accessTo, call, codeOf } from "../../emulators/google/access.js";
import { madeUpContent } from "../../emulators/google/content.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { SAMPLE_EMAIL, seedItem } from "../../emulators/google/seed.js";
import { audienceOf } from "../../emulators/google/state.js";
import { GRANULARITY } from "../../emulators/google/uploads.js";
import { picture } from "./sample-upload.js";

let google: Sample;
let access: Access;
const open = (more: Partial<GooglePhotosOptions> = {}): PhotoTarget =>
  openGooglePhotos({ access, library: google.endpoints.library, allowsAlbums: false, ...more });
beforeEach(async () => {
  google = await startSample();
  access = accessTo(google);
});
afterEach(() => google.close());

const kindOf = ({ kind }: UploadOutcome): string => kind;
const idOf = (outcome: UploadOutcome): string | undefined =>
  outcome.kind === "unknown" ? undefined : outcome.instance.id;
const creates = () => google.log.matching(/batchCreate/);

describe("an upload", () => {
  test("stands there with its name and description, seen by nobody else", async () => {
    const outcome = await open().upload(picture("a"), call);
    expect(outcome).toMatchObject({
      kind: "uploaded",
      instance: { filename: "a.jpg", visibility: "unknown", record: { facts: { caption: "Words on a" } } },
    });
    const [item] = google.state.items.values();
    expect(item).toMatchObject({ filename: "a.jpg", description: "Words on a" });
    expect([...audienceOf(google.state, item?.id ?? "")]).toEqual([SAMPLE_EMAIL]);
    expect(google.log.matching(/\/uploads/)[0]?.headers["content-length"]).toBe(
      String(picture("a").sizeBytes),
    );
  });

  test("of a hundred goes out in few requests, one batchCreate at a time", async () => {
    google.settings.batchCreateMs = 20;
    access = accessTo(google, "google-photos", 5);
    const photos = open();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => photos.upload(picture(`p${n}`), call)),
    );
    expect(new Set(outcomes.map(kindOf))).toEqual(new Set(["uploaded"]));
    expect(new Set(outcomes.map(idOf)).size).toBe(100);
    expect(creates().map(({ status }) => status)).toEqual([200, 200]);
    expect(google.log.entries.length).toBe(100 + 2 + 2);
  });

  test("of bytes that are there already adds nothing and changes nothing", async () => {
    await open().upload(picture("a"), call);
    const again = await open().upload(
      picture("a", { filename: "other.jpg", fields: { caption: "Other" } }),
      call,
    );
    expect(again).toMatchObject({ kind: "already", instance: { filename: "a.jpg" } });
    expect(google.state.items.size).toBe(1);
  });

  test("of bytes that the owner brought otherwise gives their photo, and leaves it alone", async () => {
    const bytes = samplePicture("a");
    const own = seedItem(google.state, google.nowMs(), {
      bytes,
      filename: "a.jpg",
      clientId: null,
      sharedWith: ["bob@example.org"],
    });
    const outcome = await open({ allowsAlbums: true }).upload(
      picture("a", { fields: { albums: ["Trip"] } }),
      call,
    );
    expect([outcome.kind, idOf(outcome)]).toEqual(["already", own.id]);
    expect(own.description).toBe("");
  });

  test("that Google makes no photo of fails by itself; the others of its batch go on", async () => {
    const photos = open();
    const bad = Buffer.from("not a picture at all");
    const odd = picture("odd", {
      sizeBytes: bad.length,
      open: async function* () {
        yield bad;
      },
    });
    const [one, two] = await Promise.allSettled([
      photos.upload(picture("a"), call),
      photos.upload(odd, call),
    ]);
    expect(creates().map(({ status }) => status)).toEqual([207]);
    expect(one).toMatchObject({ status: "fulfilled", value: { kind: "uploaded" } });
    expect(two).toMatchObject({
      status: "rejected",
      reason: { code: "google-photos.rejected", kind: "partial" },
    });
  });

  test("that Google refuses the whole request for fails by itself, too", async () => {
    const picky = { ...access };
    picky.fetch = async (input, init) => {
      const isRefused = String(input).includes("batchCreate") && String(init?.body).includes("poison");
      if (!isRefused) return access.fetch(input, init);
      const error = {
        code: 400,
        status: "INVALID_ARGUMENT",
        message: "Request contains an invalid argument.",
      };
      return Response.json({ error }, { status: 400 });
    };
    const photos = open({ access: picky });
    const names = ["a", "b", "poison", "c", "d"];
    const settled = await Promise.allSettled(names.map((words) => photos.upload(picture(words), call)));
    expect(settled.map(({ status }) => status)).toEqual(
      names.map((name) => (name === "poison" ? "rejected" : "fulfilled")),
    );
    expect(google.log.matching(/uploads/).length).toBe(names.length);
  });

  test("leaves a caption out that is too long, and keeps the extension of a name that is", async () => {
    const long = picture("a", { filename: `${"n".repeat(300)}.jpg`, fields: { caption: "c".repeat(1000) } });
    await open().upload(long, call);
    const [item] = google.state.items.values();
    expect([item?.filename.length, item?.filename.endsWith(".jpg"), item?.description]).toEqual([
      255,
      true,
      "",
    ]);
  });

  test("into a full account says so", async () => {
    for (const account of google.state.accounts) account.storageLeftBytes = 1;
    expect(await codeOf(open().upload(picture("a"), call))).toBe("google-photos.storage-full");
  });
});

describe("a reply that is lost", () => {
  test.each([
    ["of batchCreate, tokens good for once", false, /batchCreate/],
    ["of batchCreate, tokens good for longer", true, /batchCreate/],
    ["of the bytes", false, /POST .*\/v1\/uploads/],
    ["of reading back", false, /batchGet/],
  ])("%s, makes no second photo", async (_, areTokensReusable, matching) => {
    google.settings.areTokensReusable = areTokensReusable;
    google.faults.add({ matching, nth: 1, fault: { kind: "drop-reply" } });
    const photos = open();
    const outcomes = await Promise.all(["a", "b", "c"].map((words) => photos.upload(picture(words), call)));
    expect(outcomes.map(kindOf)).toEqual(["uploaded", "uploaded", "uploaded"]);
    expect(google.state.items.size).toBe(3);
  });

  test("again and again leaves the outcome open, and the next run settles it", async () => {
    const notes = memoryUploadNotes();
    const fault = google.faults.add({ matching: /batchCreate/, fault: { kind: "drop-reply" } });
    expect(kindOf(await open({ notes }).upload(picture("a"), call))).toBe("unknown");
    fault.remove();
    const next = open({ notes });
    expect(await next.find(picture("a").mark, undefined, call)).toEqual({ kind: "absent", isCertain: true });
    expect(kindOf(await next.upload(picture("a"), call))).toBe("uploaded");
    expect(google.state.items.size).toBe(1);
  });

  test("before anything was done is no reason to send bytes again", async () => {
    google.faults.add({
      matching: /batchCreate/,
      nth: 1,
      fault: { kind: "status", status: 429, limit: "concurrent" },
    });
    google.faults.add({ matching: /batchCreate/, nth: 1, fault: { kind: "status", status: 503 } });
    expect(kindOf(await open().upload(picture("a"), call))).toBe("uploaded");
    expect(google.log.matching(/\/uploads/).length).toBe(1);
  });
});

describe("a film", () => {
  const content = madeUpContent(12 * GRANULARITY + 1234, sampleFilm("big"));
  const film: Upload = {
    mark: { photoId: "film" as PhotoId, hash: content.sha256 as ContentHash },
    filename: "film.mp4",
    mimeType: "video/mp4",
    sizeBytes: content.sizeBytes,
    fields: {},
    open: () => content.stream(),
  };
  const resumableFromBytes = 1_000_000;
  const sent = () => [...google.state.items.values()].map((item) => item.content.sha256);
  const bodyBytes = () => google.log.matching(/POST .*uploads\//).map((entry) => entry.bodyBytes);

  test("goes on where a break left it", async () => {
    const matching = /POST .*\/uploads\//;
    google.faults.add({ matching, nth: 1, fault: { kind: "cut-request", afterBytes: 5 * GRANULARITY + 99 } });
    google.faults.add({ matching, nth: 2, fault: { kind: "cut-request", afterBytes: 3 * GRANULARITY } });
    expect(kindOf(await open({ resumableFromBytes }).upload(film, call))).toBe("uploaded");
    expect(sent()).toEqual([content.sha256]);
    const total = bodyBytes().reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeLessThan(content.sizeBytes + 3 * GRANULARITY);
  });

  test("goes on in the next run", async () => {
    const notes = memoryUploadNotes();
    const fault = google.faults.add({
      matching: /POST .*\/uploads\//,
      fault: { kind: "cut-request", afterBytes: 6 * GRANULARITY },
      nth: 1,
    });
    const gone = google.faults.add({ matching: /POST .*\/uploads\//, fault: { kind: "reset" } });
    expect(await codeOf(open({ notes, resumableFromBytes }).upload(film, call))).toBe(
      "google-photos.unavailable",
    );
    fault.remove();
    gone.remove();
    google.log.clear();
    access = accessTo(google);
    expect(kindOf(await open({ notes, resumableFromBytes }).upload(film, call))).toBe("uploaded");
    expect(google.log.matching(/POST .*\/v1\/uploads/).length).toBe(0);
    expect(Math.max(...bodyBytes())).toBeLessThan(content.sizeBytes);
    expect(sent()).toEqual([content.sha256]);
  });

  test("whose last reply is lost is sent anew, and is there once", async () => {
    google.faults.add({ matching: /POST .*\/uploads\//, nth: 1, fault: { kind: "drop-reply" } });
    expect(kindOf(await open({ resumableFromBytes }).upload(film, call))).toBe("uploaded");
    expect(sent()).toEqual([content.sha256]);
  });

  test("waits in no memory: bytes are taken as they are sent", async () => {
    const size = 96 * 1024 * 1024;
    const large = madeUpContent(size, sampleFilm("large"));
    let ahead = 0;
    let most = 0;
    const counted = async function* () {
      for await (const part of large.stream()) {
        ahead += part.length;
        const arrived = google.log.entries.at(-1)?.bodyBytes ?? 0;
        most = Math.max(most, ahead - arrived);
        yield part;
      }
    };
    const upload = {
      ...film,
      mark: { ...film.mark, hash: large.sha256 as ContentHash },
      sizeBytes: size,
      open: counted,
    };
    expect(kindOf(await open({ resumableFromBytes }).upload(upload, call))).toBe("uploaded");
    expect(sent()).toEqual([large.sha256]);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });

  test("is not sent to an address of somebody else", async () => {
    const stolen = { ...access };
    stolen.fetch = async (input, init) => {
      const reply = await access.fetch(input, init);
      const headers = new Headers(reply.headers);
      if (headers.has("x-goog-upload-url")) headers.set("x-goog-upload-url", "https://example.org/upload");
      return new Response(reply.body, { status: reply.status, headers });
    };
    const photos = open({ access: stolen, resumableFromBytes });
    expect(await codeOf(photos.upload(film, call))).toBe("google-photos.unavailable");
    expect(google.log.matching(/POST .*\/uploads\//).length).toBe(0);
    const notes = memoryUploadNotes();
    await notes.write(film.mark.hash, {
      kind: "begun",
      url: "https://example.org/x",
      at: "2026-11-21T10:00:00Z",
    });
    expect(kindOf(await open({ notes, resumableFromBytes }).upload(film, call))).toBe("uploaded");
  });
});
