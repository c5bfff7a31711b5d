import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/control/catalog.js";
import { indexFolder, type LocalIndex, openLocalIndex } from "../../../src/control/local-index.js";
import { photoEdit } from "../../../src/control/records.js";
import { toldByAll } from "../../../src/control/told.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { photoDocument, variantOf } from "../../fakes/fake-catalog.js";
import { call, commitOk, drop, makeWorld, put, type World } from "./native-git.js";

let world: World;
let index: LocalIndex;
beforeEach(async () => {
  world = await makeWorld();
  index = await openLocalIndex(world.dir, { scratch: false });
});
afterEach(async () => {
  await index.close();
  world.end();
});

const at = (month: string, document: PhotoDocument): string => `photos/${month}/${document.photo_id}.json`;
const catalog = async () => openCatalog(index, world.plane, await world.plane.head(), call);
const codes = async () => (await catalog()).invalid().map(({ subject, code }) => [subject, code]);

describe("openCatalog", () => {
  const photo = photoDocument({ content: "a" });

  it("knows nothing before the first commit", async () => {
    const empty = await catalog();
    expect([...empty.rows()]).toEqual([]);
    expect(empty.row(photo.photo_id)).toBeNull();
    expect(empty.photoOfHash(photo.content_hash)).toBeNull();
  });

  it("tells what is approved for the services that show a photo, and nothing where nothing is", async () => {
    const decided = { approved_by: "Ada", approved_at: "2026-01-01T00:00:00Z", reason: "" };
    const shown: PhotoDocument = {
      ...photo,
      approvals: [
        { service: "*", visibility: "public", ...decided },
        { service: "flickr", visibility: "friends", ...decided },
      ],
      visibility: {
        canonical: "public",
        per_service: { flickr: "public", drive: "private" },
        discrepancies: [],
      },
    };
    const plain = photoDocument({ content: "b" });
    await commitOk(world.plane, [
      photoEdit(at("2024/01", shown), shown),
      photoEdit(at("2024/01", plain), plain),
    ]);
    const present = await catalog();
    expect(present.row(shown.photo_id)?.approved).toEqual({ flickr: "friends", drive: "public" });
    expect(present.row(plain.photo_id)).not.toHaveProperty("approved");
    expect(present.sums().discrepancies).toBe(1);
  });

  it("follows a document that moved to another month", async () => {
    await commitOk(world.plane, [photoEdit(at("2024/03", photo), photo)]);
    await catalog();
    await commitOk(world.plane, [drop(at("2024/03", photo)), photoEdit(at("2024/01", photo), photo)]);
    const moved = await catalog();
    expect(moved.row(photo.photo_id)?.path).toBe(at("2024/01", photo));
    expect(moved.photoOfHash(photo.content_hash)).toBe(photo.photo_id);
    expect(moved.invalid()).toEqual([]);
  });

  it("keeps one of two documents of a photo, reports the other, and falls back on it", async () => {
    const other = { ...photo, metadata: { ...photo.metadata, caption: "from the other clone" } };
    await commitOk(world.plane, [
      photoEdit(at("2024/01", photo), photo),
      photoEdit(at("2024/02", photo), other),
    ]);
    expect([...(await catalog()).rows()].map((row) => row.path)).toEqual([at("2024/01", photo)]);
    expect(await codes()).toEqual([[at("2024/02", photo), "document.duplicate"]]);

    await commitOk(world.plane, [drop(at("2024/01", photo))]);
    const left = await catalog();
    expect(left.row(photo.photo_id)?.path).toBe(at("2024/02", photo));
    expect(left.photoOfHash(photo.content_hash)).toBe(photo.photo_id);
    expect(left.invalid()).toEqual([]);
  });

  it("gives bytes that two photos claim to one of them, and to the other when the first lets go", async () => {
    const shared = variantOf("a", { content: "shared" });
    const [first, second] = [
      { ...photo, variants: [shared] },
      photoDocument({ content: "b", variants: [shared] }),
    ];
    const ids = [first.photo_id, second.photo_id].sort();
    await commitOk(world.plane, [
      photoEdit(at("2024/01", first), first),
      photoEdit(at("2024/01", second), second),
    ]);
    expect((await catalog()).photoOfHash(shared.content_hash)).toBe(ids[0]);
    const owner = [first, second].find((one) => one.photo_id === ids[0]) ?? first;
    await commitOk(world.plane, [drop(at("2024/01", owner))]);
    expect((await catalog()).photoOfHash(shared.content_hash)).toBe(ids[1]);
  });

  it("reports a document that breaks and takes it back when it is mended", async () => {
    const path = at("2024/01", photo);
    await commitOk(world.plane, [photoEdit(path, photo)]);
    await catalog();
    await commitOk(world.plane, [put(path, "<<<<<<< ours\n{}\n")]);
    expect(await codes()).toEqual([[path, "document.not-json"]]);
    expect((await catalog()).photoOfHash(photo.content_hash)).toBeNull();
    await commitOk(world.plane, [photoEdit(path, photo)]);
    expect(await codes()).toEqual([]);
    expect((await catalog()).row(photo.photo_id)?.path).toBe(path);
  });

  it("knows when a document tells something else, and that where its bytes are stored is nothing it tells", async () => {
    const path = at("2024/01", photo);
    const told = async (document: typeof photo | null) => {
      await commitOk(world.plane, [document === null ? { path, bytes: null } : photoEdit(path, document)]);
      await catalog();
      return { one: index.told.get(path), all: toldByAll(index) };
    };
    const first = await told(photo);
    const replica = { key: photo.blob_key, verified_at: "2024-03-01T00:00:00Z" };
    const now = { updated_at: replica.verified_at, source_of_truth_path: "blobs/x" };
    const stored = { ...photo, ...now, replicas: { nas: replica } };
    expect(await told({ ...stored, processing_state: "replicated" })).toEqual(first);
    const captioned = await told({ ...stored, metadata: { ...photo.metadata, caption: "by hand" } });
    expect(captioned.one).not.toBe(first.one);
    expect(captioned.all).not.toBe(first.all);
    const gone = await told(null);
    expect(gone.one).toBeUndefined();
    expect(await told(photo)).toEqual(first);
    expect(gone.all).not.toBe(first.all);
  });

  it("is built again when its index is lost, and when Git no longer has the revision it described", async () => {
    await commitOk(world.plane, [photoEdit(at("2024/01", photo), photo)]);
    await catalog();
    await index.state.put("revision", "1".repeat(40));
    await index.rows.remove(`${photo.photo_id} ${at("2024/01", photo)}`);
    expect((await catalog()).row(photo.photo_id)?.path).toBe(at("2024/01", photo));

    await index.close();
    rmSync(indexFolder(world.dir), { recursive: true });
    index = await openLocalIndex(world.dir, { scratch: false });
    expect((await catalog()).row(photo.photo_id)?.path).toBe(at("2024/01", photo));
  });

  it("goes back when the owner resets the branch", async () => {
    const base = await commitOk(world.plane, [photoEdit(at("2024/01", photo), photo)]);
    const later = photoDocument({ content: "later" });
    await commitOk(world.plane, [photoEdit(at("2024/01", later), later), drop(at("2024/01", photo))]);
    await catalog();
    const back = await openCatalog(index, world.plane, base, call);
    expect([...back.rows()].map((row) => row.photo_id)).toEqual([photo.photo_id]);
    expect(back.photoOfHash(later.content_hash)).toBeNull();
  });
});
