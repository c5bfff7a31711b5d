import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentHash } from "../../../src/domain/ids.js";
import { photoIdOf } from "../../../src/infra/hash.js";
import type { PhotoTarget, Upload } from "../../../src/ports/photo-service.js";
import { openGooglePhotos } from "../../../src/services/google-photos/adapter.js";
import { accessTo, bytesOf, call, scanned } from "../../emulators/google/access.js";
import { type Sample, samplePicture, startSample } from "../../emulators/google/sample.js";

const PHOTOS = 300;
let google: Sample;
let photos: PhotoTarget;
beforeEach(async () => {
  google = await startSample({ seed: 11, settings: { batchCreateMs: 1 } });
  const access = accessTo(google);
  photos = openGooglePhotos({ access, library: google.endpoints.library, allowsAlbums: false });
});
afterEach(() => google.close());

/** One request in twenty goes wrong, in one of eight ways. */
function trouble(): void {
  const chance = 0.05 / 8;
  const matching = /./;
  for (const status of [429, 500, 503] as const)
    google.faults.add({ matching, chance, fault: { kind: "status", status } });
  google.faults.add({ matching, chance, fault: { kind: "status", status: 500, isHtml: true } });
  for (const kind of ["reset", "drop-reply", "cut-body", "captive-page"] as const) {
    google.faults.add({ matching, chance, fault: { kind } });
  }
}

function photo(number: number): Upload {
  const bytes = samplePicture(`photo ${number}`);
  const hash = contentHash(createHash("sha256").update(bytes).digest("hex"));
  return {
    mark: { photoId: photoIdOf(hash), hash },
    filename: `${number}.jpg`,
    mimeType: "image/jpeg",
    sizeBytes: bytes.length,
    fields: { caption: `Number ${number}` },
    open: async function* () {
      yield bytes;
    },
  };
}

/** Works on each of the photos, fifty at a time, and gives those that failed. */
async function failing<T>(list: readonly T[], work: (one: T) => Promise<boolean>): Promise<T[]> {
  const failed: T[] = [];
  const waiting = [...list];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      if (!(await work(one).catch(() => false))) failed.push(one);
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return failed;
}

test("hundreds go out and come back while one request in twenty goes wrong, and none is there twice", async () => {
  trouble();
  const all = Array.from({ length: PHOTOS }, (_, number) => photo(number));
  const upload = async (one: Upload) => (await photos.upload(one, call)).kind !== "unknown";
  const first = await failing(all, upload);
  const second = await failing(first, upload);
  const seen = (await scanned(photos.scan({}, call))).flatMap((page) =>
    page.kind === "instances" ? page.seen : [],
  );
  const unread = await failing(seen, async (instance) => {
    const { bytes, sizeBytes } = await photos.open(instance, call);
    return (await bytesOf(bytes)).length === sizeBytes;
  });
  const faults = google.log.entries.filter(({ fault }) => fault !== undefined).length;
  console.log(
    `${PHOTOS} uploads, ${google.log.entries.length} requests, ${faults} of them went wrong: ${first.length} failed, ${second.length} in the next run; ${unread.length} downloads failed`,
  );
  expect(first.length).toBeLessThan(PHOTOS / 100);
  expect(second).toEqual([]);
  expect(unread.length).toBeLessThan(PHOTOS / 100);
  expect(seen.length).toBe(PHOTOS);
  const hashes = [...google.state.items.values()].map(({ content }) => content.sha256);
  expect([hashes.length, new Set(hashes).size]).toEqual([PHOTOS, PHOTOS]);
  expect(new Set(seen.map(({ record }) => record.facts.caption)).size).toBe(PHOTOS);
});
