import { afterEach, beforeEach, expect, test } from "vitest";
import { SCOPES } from "../../emulators/google/bearer.js";
import { type Sample, samplePicture, startSample } from "../../emulators/google/sample.js";
import {
  FOLDER_TYPE,
  removeDriveFile,
  SHORTCUT_TYPE,
  seedDriveFile,
  seedDriveFolder,
  seedSignIn,
  touchDriveFile,
} from "../../emulators/google/seed.js";

let google: Sample;
beforeEach(async () => {
  google = await startSample();
});
afterEach(() => google.close());

const url = (path: string) => `${google.endpoints.drive}/${path}`;
async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await google.send("GET", url(path));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const list = async (q: string, more = "") => {
  const { body } = await get(`files?q=${encodeURIComponent(q)}${more}`);
  return ((body["files"] ?? []) as { name: string }[]).map(({ name }) => name);
};

test("files are found by folder, type, name, time and state", async () => {
  const now = google.nowMs();
  const folder = seedDriveFolder(google.state, now, "Photos");
  seedDriveFile(google.state, now, { name: "a.jpg", bytes: samplePicture("a"), parent: folder.id });
  seedDriveFile(google.state, now - 3_600_000, {
    name: "it's.jpg",
    bytes: samplePicture("b"),
    parent: folder.id,
  });
  seedDriveFile(google.state, now, {
    name: "gone.jpg",
    bytes: samplePicture("c"),
    parent: folder.id,
    trashed: true,
  });
  seedDriveFile(google.state, now, { name: "link", mimeType: SHORTCUT_TYPE, shortcutTarget: "x" });
  expect(await list(`'${folder.id}' in parents and trashed = false`)).toEqual(["a.jpg", "it's.jpg"]);
  expect(await list("name = 'it\\'s.jpg'")).toEqual(["it's.jpg"]);
  expect(await list(`'root' in parents and not mimeType = '${FOLDER_TYPE}'`)).toEqual(["link"]);
  const recent = `mimeType contains 'image/' and (createdTime >= '2026-11-21T09:30:00') and trashed = false`;
  expect(await list(recent)).toEqual(["a.jpg"]);
  expect((await get("files?q=name%20like%20'a'")).body).toMatchObject({
    error: { code: 400, errors: [{ location: "q" }] },
  });
});

test("fields must be named: four come by themselves, unknown ones are refused", async () => {
  const file = seedDriveFile(google.state, google.nowMs(), { name: "a.jpg", bytes: samplePicture("a") });
  expect((await get(`files/${file.id}`)).body).toEqual({
    kind: "drive#file",
    id: file.id,
    name: "a.jpg",
    mimeType: "image/jpeg",
  });
  const { body } = await get("files?fields=files(id,size,sha256Checksum,capabilities/canDownload)");
  expect(body["files"]).toEqual([
    {
      id: file.id,
      size: String(file.content?.sizeBytes),
      sha256Checksum: file.content?.sha256,
      capabilities: { canDownload: true },
    },
  ]);
  expect((await get("files?fields=files(id,visibility)")).body).toMatchObject({
    error: { errors: [{ reason: "invalidParameter", location: "fields" }] },
  });
  expect((await get("about")).body).toMatchObject({ error: { errors: [{ reason: "required" }] } });
});

test("pages follow each other and sizes over 1000 are cut", async () => {
  for (let n = 0; n < 5; n += 1)
    seedDriveFile(google.state, google.nowMs(), { name: `${n}`, bytes: samplePicture(`${n}`) });
  const first = await get("files?pageSize=3");
  const second = await get(`files?pageSize=3&pageToken=${first.body["nextPageToken"]}`);
  expect((second.body["files"] as unknown[]).length).toBe(2);
  expect(second.body).not.toHaveProperty("nextPageToken");
  expect((await get("files?pageSize=5000")).status).toBe(200);
  expect((await get("files?pageSize=0")).status).toBe(400);
});

test("bytes come whole or in part, and Google's own documents have none", async () => {
  const bytes = samplePicture("a");
  const file = seedDriveFile(google.state, google.nowMs(), { bytes });
  const part = await google.send("GET", url(`files/${file.id}?alt=media`), undefined, { range: "bytes=10-" });
  expect([part.status, part.headers.get("content-range")]).toEqual([
    206,
    `bytes 10-${bytes.length - 1}/${bytes.length}`,
  ]);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10))).toBe(true);
  const past = await google.send("GET", url(`files/${file.id}?alt=media`), undefined, {
    range: "bytes=999999-",
  });
  expect(past.status).toBe(416);
  const doc = seedDriveFile(google.state, google.nowMs(), {
    mimeType: "application/vnd.google-apps.document",
  });
  expect((await get(`files/${doc.id}?alt=media`)).body).toMatchObject({
    error: { errors: [{ reason: "fileNotDownloadable" }] },
  });
  const { access } = seedSignIn(google.state, [SCOPES.driveMetadata], google.nowMs());
  const blind = await google.send("GET", url(`files/${file.id}?alt=media`), undefined, {
    authorization: `Bearer ${access.token}`,
  });
  expect(blind.status).toBe(403);
});

test("changes tell the last state of each file once, and what is gone", async () => {
  const kept = seedDriveFile(google.state, google.nowMs(), { name: "kept.jpg", bytes: samplePicture("a") });
  const { body: start } = await get("changes/startPageToken");
  const lost = seedDriveFile(google.state, google.nowMs(), { name: "lost.jpg", bytes: samplePicture("b") });
  touchDriveFile(google.state, google.nowMs(), kept.id, (file) => {
    file.name = "renamed.jpg";
  });
  touchDriveFile(google.state, google.nowMs(), kept.id, (file) => {
    file.description = "words";
  });
  removeDriveFile(google.state, google.nowMs(), lost.id);
  const { body } = await get(
    `changes?pageToken=${start["startPageToken"]}&fields=newStartPageToken,changes(fileId,removed,file(name))`,
  );
  expect(body["changes"]).toEqual([
    { removed: false, fileId: kept.id, file: { name: "renamed.jpg" } },
    { removed: true, fileId: lost.id },
  ]);
  const { body: rest } = await get(`changes?pageToken=${body["newStartPageToken"]}`);
  expect(rest["changes"]).toEqual([]);
  expect((await get("changes?pageToken=999")).status).toBe(400);
});
