import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentHash } from "../../../src/domain/ids.js";
import { photoIdOf } from "../../../src/infra/hash.js";
import type { Upload } from "../../../src/ports/photo-service.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { call, uploadOf } from "../photo-service-opened.js";
import { OWNER } from "./flickr-opened.js";
import { opened } from "./opened.js";

const bytes = jpegFor("a picture");

it("sends every privacy flag as private, whatever the account's defaults are, and a name that says nothing", async () => {
  const { service, emulator } = await opened({ account: { privacy: 1, isHidden: false } });
  const outcome = await service.upload(uploadOf(bytes, {}, "C:\\Ada\\secret plan.JPG"), call);
  expect(outcome).toMatchObject({ kind: "uploaded", instance: { visibility: "private" } });
  const sent = emulator.log.find(({ endpoint }) => endpoint === "upload");
  expect(sent?.fields).toMatchObject({
    ...{ is_public: "0", is_friend: "0", is_family: "0", hidden: "2", safety_level: "1", content_type: "1" },
    ...{ title: "", description: "", dedup_check: "1" },
  });
  expect(JSON.stringify(emulator.log)).not.toContain("secret plan");
  const [photo] = emulator.state.photos.values();
  expect(photo).toMatchObject({ title: "", isPublic: false, isHidden: true });
});

it("writes what an upload has no argument for, and the photo is no wider for it", async () => {
  const { service, emulator, held } = await opened({ account: { geoPerms: 1 } });
  const fields = {
    title: "Boats",
    tags: ["Two Words", 'say "cheese", please'],
    taken_date: "2019-05-04T10:20:30+02:00",
    location: { lat: 48.123456, lng: 11.5 },
    albums: ["Coast"],
  };
  const outcome = await service.upload(uploadOf(bytes, fields), call);
  const instance = outcome.kind === "uploaded" ? outcome.instance : expect.unreachable();
  expect(instance.record.facts).toMatchObject({
    taken_date: "2019-05-04T10:20:30",
    location: { lat: 48.123456, lng: 11.5 },
    albums: ["Coast"],
  });
  expect([...(instance.record.facts.tags ?? [])].sort()).toEqual(["Two Words", "say cheese please"]);
  expect(held().get(instance.id)?.albums).toEqual(["Coast"]);
  expect([...emulator.machine.whoCanSeePlace(instance.id)]).toEqual(["owner"]);
  expect([...emulator.machine.whoCanSee(instance.id)]).toEqual(["owner"]);
});

it("narrows at once what comes out wider than it was sent, and says so", async () => {
  const { service, emulator, calls } = await opened();
  emulator.onRequest((moment, { endpoint }) => {
    if (moment !== "done" || endpoint !== "upload") return;
    for (const photo of emulator.state.photos.values()) emulator.machine.put({ ...photo, isPublic: true });
  });
  const outcome = await service.upload(uploadOf(bytes), call);
  expect(outcome).toMatchObject({ kind: "uploaded", instance: { visibility: "private" } });
  const { warnings } = outcome.kind === "uploaded" ? outcome.instance.record.facts : expect.unreachable();
  expect(warnings?.join()).toContain("public");
  expect(calls().slice(0, 3)).toEqual(["upload", "photos.getInfo", "photos.setPerms"]);
});

it("adds nothing where Flickr holds the bytes already, and leaves that photo as it is", async () => {
  const { service, emulator, held } = await opened();
  const upload = uploadOf(bytes, { title: "Second" });
  const digest = createHash("sha256").update(bytes).digest("hex");
  const twin = addPhoto(emulator.machine, {
    owner: OWNER,
    title: "First",
    isPublic: true,
    sentDigest: digest,
  });
  for (const form of ["attributes", "elements"] as const) {
    Object.assign(emulator.machine.options, { duplicateForm: form });
    const outcome = await service.upload(upload, call);
    expect(outcome).toMatchObject({ kind: "already", instance: { id: twin.id, visibility: "public" } });
  }
  expect(held().get(twin.id)?.title).toBe("First");
  expect(held().size).toBe(1);

  emulator.machine.remove(twin.id);
  expect(await service.upload(upload, call)).toMatchObject({ kind: "uploaded" });
  expect(held().size).toBe(1);
});

it("sends nothing a second time where Flickr holds the bytes and does not say as which photo", async () => {
  const { service, emulator, calls, held } = await opened();
  emulator.faults.add({
    ...{ endpoint: "upload", times: 1 },
    fault: { kind: "fail", code: 9, message: "Duplicate photo/video detected" },
  });
  await expect(service.upload(uploadOf(bytes), call)).rejects.toMatchObject({
    ...{ kind: "partial", code: "flickr.not-taken" },
  });
  expect([calls(), held().size]).toEqual([["upload"], 0]);
});

it.each([
  ["a format that Flickr refuses", 5, "flickr.not-taken", "partial"],
  ["a file that is too large", 8, "flickr.not-taken", "partial"],
  ["an account that is full", 6, "flickr.full", "user"],
  ["a wait", 14, "flickr.rate-limited", "transient"],
  ["an API key that has expired", 100, "flickr.sign-in-needed", "auth"],
  ["too few rights", 99, "flickr.sign-in-needed", "auth"],
])("explains %s", async (_name, code, expected, kind) => {
  const { service, emulator } = await opened();
  emulator.faults.add({ endpoint: "upload", fault: { kind: "fail", code, message: "No & <thanks>" } });
  await expect(service.upload(uploadOf(bytes), call)).rejects.toMatchObject({ code: expected, kind });
});

it.each(["lost-reply", "half-body", "html-after"] as const)(
  "finds an upload again after %s",
  async (kind) => {
    const { service, emulator, held, settle, nowMs } = await opened();
    emulator.faults.add({ endpoint: "upload", fault: { kind }, times: 1 });
    const upload = uploadOf(bytes);
    const begun = new Date(nowMs()).toISOString();
    expect(await service.upload(upload, call)).toMatchObject({ kind: "unknown" });
    const [id] = held().keys();
    // The search does not know of it yet; the newest uploads do.
    expect(await service.find(upload.mark, begun, call)).toMatchObject({ kind: "found", instance: { id } });
    await settle();
    expect(await service.find(upload.mark, undefined, call)).toMatchObject({
      kind: "found",
      instance: { id },
    });
  },
);

it("calls absence certain only when the list had time to know", async () => {
  const { service, advance, nowMs } = await opened();
  const { mark } = uploadOf(bytes);
  const begun = new Date(nowMs()).toISOString();
  expect(await service.find(mark, begun, call)).toEqual({
    kind: "absent",
    isCertain: false,
    askAgainMs: 300_000,
  });
  advance(600);
  expect(await service.find(mark, begun, call)).toEqual({ kind: "absent", isCertain: true });
  expect(await service.find(mark, undefined, call)).toEqual({ kind: "absent", isCertain: true });
});

it("takes nobody else's tag for the mark of an upload", async () => {
  const { service, emulator, seed, settle } = await opened();
  const { mark } = uploadOf(bytes);
  const id = await seed({ tags: [`photosync:id=${mark.photoId.replaceAll("-", "")}`] });
  const photo = emulator.machine.photo(id);
  const tags = photo.tags.map((tag) => ({ ...tag, author: "99999999@N09" }));
  emulator.machine.put({ ...photo, tags });
  await settle();
  expect(await service.find(mark, undefined, call)).toMatchObject({ kind: "absent" });
});

it("leaves the mark away where it is not wanted, and still sends nothing twice", async () => {
  const { service, emulator, held } = await opened({ marks: false });
  const upload = uploadOf(bytes, { tags: ["mine"] });
  const outcome = await service.upload(upload, call);
  expect(outcome).toMatchObject({ kind: "uploaded", instance: { record: { facts: { tags: ["mine"] } } } });
  expect([...emulator.state.photos.values()].flatMap(({ tags }) => tags.map(({ raw }) => raw))).toEqual([
    "mine",
  ]);
  expect(await service.upload(upload, call)).toMatchObject({ kind: "already" });
  expect(held().size).toBe(1);
});

it("streams what is large with its length told, and says what went wrong when reading it fails", async () => {
  const { service, emulator } = await opened();
  const piece = new Uint8Array(64 * 1024).fill(7);
  const head = jpegFor("large");
  const pieces = 160;
  const hash = createHash("sha256").update(head);
  for (let count = 0; count < pieces; count += 1) hash.update(piece);
  const digest = hash.digest("hex");
  const upload: Upload = {
    ...uploadOf(head),
    mark: { photoId: photoIdOf(contentHash(digest)), hash: contentHash(digest) },
    sizeBytes: head.length + pieces * piece.length,
    async *open() {
      yield head;
      for (let count = 0; count < pieces; count += 1) {
        yield piece;
      }
    },
  };
  expect(await service.upload(upload, call)).toMatchObject({ kind: "uploaded" });
  expect(emulator.files.get(digest)?.sizeBytes).toBe(upload.sizeBytes);

  const broken: Upload = {
    ...upload,
    // biome-ignore lint/correctness/useYield: it fails before it gives anything
    async *open() {
      throw new Error("the disk is gone");
    },
  };
  await expect(service.upload(broken, call)).rejects.toThrow("the disk is gone");
});
