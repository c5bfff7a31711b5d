import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uploadJournal } from "../../src/control/upload-journal.js";
import { isPhotoId, type PhotoId } from "../../src/domain/ids.js";
import type { UploadJournal } from "../../src/ports/upload-journal.js";
import { memoryJournal } from "../fakes/memory-journal.js";
import { hashOf, PHOTO_ID, T0, T1 } from "../unit/domain/photo-world.js";

const OTHER: PhotoId = (() => {
  const text = "0d3c7a52-7f0f-5c54-9d51-1f5f2a0c9f11";
  if (!isPhotoId(text)) throw new RangeError(text);
  return text;
})();
const upload = { photoId: PHOTO_ID, hash: hashOf("a"), begunAt: T0 };

function uploadJournalContract(name: string, open: () => Promise<UploadJournal>): void {
  describe(`${name} as an upload journal`, () => {
    it("is empty at first, also for an account it never heard of", async () => {
      expect((await (await open()).pending("flickr")).size).toBe(0);
    });

    it("keeps what was begun until it is settled, account by account", async () => {
      const journal = await open();
      expect(await journal.begin("flickr", upload)).toEqual(upload);
      await journal.begin("flickr", { ...upload, photoId: OTHER });
      await journal.begin("Flickr", upload);
      expect([...(await journal.pending("flickr")).keys()].sort()).toEqual([OTHER, PHOTO_ID].sort());
      await journal.settle("flickr", [PHOTO_ID]);
      await journal.settle("flickr", [PHOTO_ID]);
      expect(await journal.known("flickr", PHOTO_ID)).toBeNull();
      expect([...(await journal.pending("flickr")).keys()]).toEqual([OTHER]);
      expect((await journal.pending("Flickr")).get(PHOTO_ID)).toEqual(upload);
    });

    it("keeps the time of the first attempt, and begins anew for other bytes", async () => {
      const journal = await open();
      await journal.begin("flickr", upload);
      expect(await journal.begin("flickr", { ...upload, begunAt: T1 })).toEqual(upload);
      const other = { ...upload, hash: hashOf("b"), begunAt: T1 };
      expect(await journal.begin("flickr", other)).toEqual(other);
    });

    it("learns the service's id", async () => {
      const journal = await open();
      await journal.begin("flickr", upload);
      await journal.arrived("flickr", PHOTO_ID, "52000000007");
      await journal.arrived("flickr", OTHER, "52000000008");
      expect(await journal.pending("flickr")).toEqual(
        new Map([[PHOTO_ID, { ...upload, instanceId: "52000000007" }]]),
      );
    });

    it("knows what arrived after it was settled, until a later upload of the photo", async () => {
      const journal = await open();
      await journal.begin("flickr", upload);
      await journal.arrived("flickr", PHOTO_ID, "52000000007");
      const there = { ...upload, instanceId: "52000000007" };
      expect(await journal.known("flickr", PHOTO_ID)).toEqual(there);
      await journal.settle("flickr", [PHOTO_ID, OTHER]);
      expect((await journal.pending("flickr")).size).toBe(0);
      expect(await journal.known("flickr", PHOTO_ID)).toEqual(there);
      expect(await journal.known("flickr", OTHER)).toBeNull();
      expect(await journal.known("Flickr", PHOTO_ID)).toBeNull();
      await journal.begin("flickr", { ...upload, begunAt: T1 });
      expect(await journal.known("flickr", PHOTO_ID)).toEqual({ ...upload, begunAt: T1 });
      await journal.settle("flickr", [PHOTO_ID]);
      expect(await journal.known("flickr", PHOTO_ID)).toEqual(there);
    });
  });
}

let root: string;
let opened = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-journal-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const onDisk = async () => uploadJournal(join(root, `${opened++}`));

uploadJournalContract("memory", async () => memoryJournal());
uploadJournalContract("disk", onDisk);

describe("an upload journal on disk", () => {
  it("is still there for the next process", async () => {
    const at = join(root, "again");
    await uploadJournal(at).begin("flickr", upload);
    expect((await uploadJournal(at).pending("flickr")).get(PHOTO_ID)).toEqual(upload);
  });

  it("knows in the next process what arrived, also after a line that a crash cut short", async () => {
    const at = join(root, "arrived");
    const settleOne = async (photoId: PhotoId, instanceId: string) => {
      const journal = uploadJournal(at);
      await journal.begin("flickr", { ...upload, photoId });
      await journal.arrived("flickr", photoId, instanceId);
      await journal.settle("flickr", [photoId]);
    };
    await settleOne(PHOTO_ID, "1");
    const [account] = await readdir(at);
    await appendFile(join(at, account ?? "", "arrived.jsonl"), '\n{"photoId":"0d3c');
    await settleOne(OTHER, "2");
    const journal = uploadJournal(at);
    expect(await journal.known("flickr", PHOTO_ID)).toMatchObject({ instanceId: "1" });
    expect(await journal.known("flickr", OTHER)).toMatchObject({ instanceId: "2" });
    expect((await journal.pending("flickr")).size).toBe(0);
  });

  it("takes a damaged note for an upload that began long ago, and leaves strangers' files alone", async () => {
    const at = join(root, "damaged");
    const journal = uploadJournal(at);
    await journal.begin("flickr", upload);
    const [account] = await readdir(at);
    await writeFile(join(at, account ?? "", `${PHOTO_ID}.json`), '{"hash": "sha256:');
    await writeFile(join(at, account ?? "", "notes.txt"), "mine");
    const pending = await journal.pending("flickr");
    expect(pending).toEqual(new Map([[PHOTO_ID, { photoId: PHOTO_ID, begunAt: "1970-01-01T00:00:00Z" }]]));
  });
});
