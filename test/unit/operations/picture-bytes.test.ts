import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { UserPreferences } from "../../../src/domain/preferences.js";
import { pictureBytes } from "../../../src/operations/picture-bytes.js";
import { stagedPath } from "../../../src/stores/staging.js";
import { fakeLibrary, photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { writeTgz } from "../../fixtures/archive/tgz-writer.js";
import { writeZip } from "../../fixtures/archive/zip-writer.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photosync-picture-bytes-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const PREFERENCES: UserPreferences = {
  schema_version: 1,
  default_visibility: "private",
  auto_resolve: [],
  blob_storage: { primary: "local", local_path: "blobs" },
  sync_preferences: { download_originals: true, max_parallel_downloads: 1, incremental_sync_days: 7 },
};
const BYTES = Buffer.from("the picture");

async function put(path: string, bytes: Uint8Array | string = BYTES): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function readOf(document: PhotoDocument): Promise<string | null> {
  const library = fakeLibrary([document]);
  const config = {
    services: {},
    preferences: PREFERENCES,
    syncState: { schema_version: 1 as const, services: {} },
  };
  const session = { catalog: library.catalog(), documents: library.documents, config, libraryRoot: root };
  const bytes = await pictureBytes(session, quietRun()).read(
    document.photo_id,
    document.content_hash,
    quietRun(),
  );
  return bytes === null ? null : Buffer.from(bytes).toString();
}

const photo = (
  locations: NonNullable<Parameters<typeof photoDocument>[0]>["locations"],
  stores: string[] = [],
) => photoDocument({ content: "the picture", locations: locations ?? [], stores });

describe("pictureBytes", () => {
  it("reads them from where discover found them: a file, or an entry of a zip", async () => {
    await put(join(root, "a.jpg"));
    expect(await readOf(photo([{ path: "a.jpg" }]))).toBe("the picture");
    await writeZip(join(root, "t.zip"), [{ name: "in/a.jpg", bytes: BYTES }]);
    expect(await readOf(photo([{ path: "t.zip", entry: "in/a.jpg" }]))).toBe("the picture");
  });

  it("reads them from bytes kept at hand, and from a local store, though their source is gone", async () => {
    const kept = photo([{ path: "gone.jpg" }]);
    await put(stagedPath(join(root, ".photosync", "staging"), kept.content_hash));
    expect(await readOf(kept)).toBe("the picture");
    await rm(join(root, ".photosync"), { recursive: true });
    expect(await readOf(kept)).toBeNull();
    const stored = photo([{ path: "gone.jpg" }], ["local"]);
    await put(join(root, "blobs", stored.blob_key));
    expect(await readOf(stored)).toBe("the picture");
  });

  it("takes no other bytes than those with the hash, and goes on to the next place", async () => {
    await put(join(root, "edited.jpg"), "THE PICTURE");
    await put(join(root, "longer.jpg"), "the picture and more");
    await put(join(root, "right.jpg"));
    const places = ["edited.jpg", "longer.jpg", "absent.jpg"].map((path) => ({ path }));
    expect(await readOf(photo(places))).toBeNull();
    expect(await readOf(photo([...places, { path: "right.jpg" }]))).toBe("the picture");
  });

  it("reads no tar from its start for one picture", async () => {
    await writeTgz(join(root, "t.tgz"), [{ name: "a.jpg", bytes: BYTES }]);
    expect(await readOf(photo([{ path: "t.tgz", entry: "a.jpg" }]))).toBeNull();
  });
});
