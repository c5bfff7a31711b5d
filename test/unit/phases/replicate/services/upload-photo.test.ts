import { describe, expect, it } from "vitest";
import { blobKey } from "../../../../../src/domain/ids.js";
import type { OriginalBytes } from "../../../../../src/phases/replicate/services/service-deps.js";
import type { UploadStep } from "../../../../../src/phases/replicate/services/service-step.js";
import { uploadPhoto } from "../../../../../src/phases/replicate/services/upload-photo.js";
import { FakeAccount, type Fate, fakeTarget } from "../../../../fakes/fake-service.js";
import { memoryJournal } from "../../../../fakes/memory-journal.js";
import { quietRun } from "../../../../fakes/replicate-world.js";
import { hashOf, PHOTO_ID } from "../../../domain/photo-world.js";

const STEP: UploadStep = {
  id: `upload:flickr:${PHOTO_ID}`,
  action: "upload",
  photo_id: PHOTO_ID,
  target: "flickr",
  why: "not on flickr yet",
  key: blobKey(null, PHOTO_ID, hashOf("a"), "jpg"),
  hash: hashOf("a"),
  bytes: 10,
  mime_type: "image/jpeg",
  filename: "IMG.jpg",
  fields: {},
  expects: "absent",
};

const noBytes: OriginalBytes = {
  open: async function* () {},
  failure: null,
  isExhausted: true,
  nextPlace: () => {},
};

function world(...fates: Fate[]) {
  const account = new FakeAccount();
  const journal = memoryJournal();
  const target = fakeTarget("flickr", account, () => fates.shift() ?? "good");
  const deps = {
    targets: new Map([["flickr", target]]),
    journal,
    originalOf: () => noBytes,
    sleep: async () => {},
  };
  const upload = () => uploadPhoto(STEP, target, deps, quietRun());
  return { account, journal, upload };
}

describe("uploadPhoto", () => {
  it("knows an upload again whose record was undone, even while no search shows it", async () => {
    const { account, journal, upload } = world("good", "good", "good", "stale");
    await upload();
    await journal.settle("flickr", [PHOTO_ID]);
    expect(await upload()).toMatchObject({ outcome: "already", instance: { id: "1" } });
    expect(account.photos.size).toBe(1);
  });

  it("finds an upload that another computer made, of which nothing is known here", async () => {
    const { account, journal, upload } = world();
    account.add("private", {}, { photoId: PHOTO_ID, hash: hashOf("a") });
    expect(await upload()).toMatchObject({ outcome: "already", instance: { id: "1" } });
    expect(account.photos.size).toBe(1);
    expect(await journal.known("flickr", PHOTO_ID)).toMatchObject({ instanceId: "1" });
  });

  it("sends again what the owner deleted there", async () => {
    const { account, journal, upload } = world();
    await upload();
    await journal.settle("flickr", [PHOTO_ID]);
    account.photos.clear();
    expect(await upload()).toMatchObject({ outcome: "done", instance: { id: "2" } });
  });

  it("looks for an upload whose answer was lost before it counts as failed", async () => {
    const { account, upload } = world("good", "lost", "good");
    expect(await upload()).toMatchObject({ outcome: "done", instance: { id: "1" } });
    expect(account.photos.size).toBe(1);
  });

  it("sends nothing while nobody can tell what came of the last one", async () => {
    const { account, upload } = world("good", "lost", "stale", "stale");
    await expect(upload()).rejects.toMatchObject({ code: "upload.outcome-unknown" });
    await expect(upload()).rejects.toMatchObject({ code: "upload.outcome-unknown" });
    expect(await upload()).toMatchObject({ outcome: "already", instance: { id: "1" } });
    expect(account.photos.size).toBe(1);
  });
});
