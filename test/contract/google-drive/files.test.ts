import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PhotoService, ServiceInstance } from "../../../src/ports/photo-service.js";
import { openGoogleDrive } from "../../../src/services/google-drive/adapter.js";
import { type Access, accessTo, bytesOf, call, codeOf } from "../../emulators/google/access.js";
import { SCOPES } from "../../emulators/google/bearer.js";
import { madeUpContent } from "../../emulators/google/content.js";
import { type Sample, sampleFilm, samplePicture, startSample } from "../../emulators/google/sample.js";
import { type DriveSeed, SAMPLE_EMAIL, seedDriveFile } from "../../emulators/google/seed.js";

let google: Sample;
let access: Access;
let drive: PhotoService;
const open = () => openGoogleDrive({ access, drive: google.endpoints.drive, folders: ["/"] });
beforeEach(async () => {
  google = await startSample();
  access = accessTo(google, "google-drive");
  drive = open();
});
afterEach(() => google.close());

async function instance(seed: DriveSeed = {}): Promise<ServiceInstance> {
  const { id } = seedDriveFile(google.state, google.nowMs(), { bytes: samplePicture("a"), ...seed });
  const found = await drive.read(id, call);
  if (found === null) throw new Error("not there");
  return found;
}

test("a file tells its checksums, size, place and date before a byte is read", async () => {
  const film = madeUpContent(1000, samplePicture("a"));
  const found = await instance({
    content: film,
    name: "IMG_1.jpg",
    description: "On the beach",
    imageMediaMetadata: {
      time: "2024:03:01 10:20:30",
      cameraMake: "Google",
      location: { latitude: 48.5, longitude: 2.5, altitude: 90 },
    },
  });
  expect(found).toMatchObject({
    filename: "IMG_1.jpg",
    mediaKind: "image",
    sizeBytes: 1000,
    visibility: "private",
    obtainable: "original",
    checksums: { sha256: film.sha256, md5: film.md5, sha1: film.sha1 },
    record: {
      facts: {
        caption: "On the beach",
        taken_date: "2024-03-01T10:20:30",
        location: { lat: 48.5, lng: 2.5, altitude: 90 },
        camera_info: { make: "Google" },
      },
    },
  });
  expect(google.log.entries.length).toBe(1);
});

test("SHA-256 may be missing; the version changes with the words, the stamp with the bytes", async () => {
  const found = await instance({ hasSha256: false });
  expect(found.checksums).not.toHaveProperty("sha256");
  const file = google.state.driveFiles.get(found.id);
  if (file === undefined) throw new Error("not there");
  file.version += 1;
  const after = await drive.read(found.id, call);
  expect([after?.version === found.version, after?.bytesStamp === found.bytesStamp]).toEqual([false, true]);
});

test.each([
  ["nobody else", [], "private"],
  ["a person", [{ type: "user", role: "reader" }], "friends"],
  [
    "everybody with the link",
    [
      { type: "user", role: "reader" },
      { type: "anyone", role: "reader" },
    ],
    "public",
  ],
  ["an organization", [{ type: "domain", role: "reader" }], "public"],
] as const)("a file that %s may see", async (_, others, visibility) => {
  const found = await instance({ permissions: [{ type: "user", role: "owner" }, ...others] });
  expect(found.visibility).toBe(visibility);
});

test("another owner's file is known as such, and who sees it is not", async () => {
  const found = await instance({ ownedByMe: false });
  expect([found.visibility, found.record.facts.ownership]).toEqual(["unknown", "other"]);
});

test("what is unknown, trashed or no picture is nothing", async () => {
  expect(await drive.read("1-nobody-knows-this", call)).toBeNull();
  const trashed = seedDriveFile(google.state, google.nowMs(), { bytes: samplePicture("t"), trashed: true });
  expect(await drive.read(trashed.id, call)).toBeNull();
  const text = seedDriveFile(google.state, google.nowMs(), {
    name: "a.txt",
    mimeType: "text/plain",
    bytes: Buffer.from("a"),
  });
  expect(await drive.read(text.id, call)).toBeNull();
});

test("the account is told by its address", async () => {
  expect((await drive.account(call)).owner).toBe(SAMPLE_EMAIL);
});

describe("bytes", () => {
  test("are the original's", async () => {
    const bytes = samplePicture("a");
    const { quality, bytes: given, sizeBytes } = await drive.open(await instance({ bytes }), call);
    expect([(await bytesOf(given)).equals(bytes), quality, sizeBytes]).toEqual([
      true,
      "original",
      bytes.length,
    ]);
  });

  test("go on where the connection broke, each time from there", async () => {
    const content = madeUpContent(3_000_000, sampleFilm("film"));
    const film = await instance({ content, name: "film.mp4" });
    google.faults.add({ matching: /alt=media/, times: 3, fault: { kind: "cut-body" } });
    google.log.clear();
    const whole = await bytesOf((await drive.open(film, call)).bytes);
    expect(whole.length).toBe(3_000_000);
    expect(google.log.entries.map(({ headers }) => headers["range"] ?? null)).toEqual([
      null,
      expect.stringMatching(/^bytes=\d+-$/),
      expect.stringMatching(/^bytes=\d+-$/),
      expect.stringMatching(/^bytes=\d+-$/),
    ]);
    const sum = google.log.entries.reduce((bytes, { replyBytes = 0 }) => bytes + replyBytes, 0);
    expect(sum).toBe(3_000_000);
  });

  test("of a large film pass through in bounded memory", async () => {
    const size = 128 * 1024 * 1024;
    const film = await instance({ content: madeUpContent(size, sampleFilm("large")), name: "film.mp4" });
    let received = 0;
    let most = 0;
    for await (const part of (await drive.open(film, call)).bytes) {
      received += part.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    expect(received).toBe(size);
    expect(most).toBeLessThan(size);
  });

  test("that are others than was told are no photo", async () => {
    const found = await instance();
    const file = google.state.driveFiles.get(found.id);
    if (file !== undefined) file.content = madeUpContent(found.sizeBytes ?? 0, sampleFilm("other"));
    expect(await codeOf(bytesOf((await drive.open(found, call)).bytes))).toBe(
      "google-drive.changed-while-read",
    );
  });

  test("that the owner forbids, or that are gone, are a matter of this file alone", async () => {
    const forbidden = await instance({ canDownload: false });
    expect(forbidden.obtainable).toBe("nothing");
    expect(await codeOf(drive.open(forbidden, call))).toBe("google-drive.not-obtainable");
    google.state.driveFiles.delete(forbidden.id);
    expect(await codeOf(drive.open(forbidden, call))).toBe("google-drive.not-obtainable");
  });

  test("end when the call is aborted", async () => {
    const film = await instance({ content: madeUpContent(8_000_000, sampleFilm("film")), name: "film.mp4" });
    const stop = new AbortController();
    const { bytes } = await drive.open(film, { signal: stop.signal });
    const reading = (async () => {
      for await (const _ of bytes) stop.abort();
    })();
    expect(await codeOf(reading)).toBe("cancelled");
  });
});

describe("refusals", () => {
  test("an expired token is renewed once", async () => {
    const found = await instance();
    google.clock.advance(3_600_000);
    google.log.clear();
    await drive.read(found.id, call);
    expect(google.log.entries.map(({ status }) => status)).toEqual([401, 200]);
  });

  test("a missing scope asks for a new sign-in, an API that is off for switching it on", async () => {
    const found = await instance();
    google.state.clients[0]?.disabledApis.push("drive.googleapis.com");
    expect(await codeOf(drive.read(found.id, call))).toBe("google-drive.api-disabled");
    await google.close();
    google = await startSample({ scopes: [SCOPES.read] });
    access = accessTo(google, "google-drive");
    expect(await codeOf(open().read("1-nobody-knows-this", call))).toBe("google-drive.sign-in-needed");
  });

  test("too many requests wait as told", async () => {
    const found = await instance();
    google.faults.add({ matching: /files/, nth: 1, fault: { kind: "status", status: 403, retryAfter: "9" } });
    google.faults.add({
      matching: /files/,
      nth: 1,
      fault: { kind: "status", status: 429, retryAfter: "11" },
    });
    await drive.read(found.id, call);
    expect(access.waits).toEqual(expect.arrayContaining([9_000, 11_000]));
  });
});
