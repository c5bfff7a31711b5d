import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { PhotosyncError } from "../../../src/domain/errors.js";
import type { Approval } from "../../../src/domain/photo.js";
import type { SeenVisibility, Visibility } from "../../../src/domain/visibility.js";
import { visibilityChange } from "../../../src/domain/visibility-change.js";
import type { Attempted, Policy } from "../../../src/ports/policy.js";
import { jpegFor } from "../../emulators/flickr/http/pictures.js";
import { addPhoto } from "../../emulators/flickr/machine/seeding.js";
import { call, uploadOf } from "../photo-service-opened.js";
import { OWNER } from "./flickr-opened.js";
import { opened } from "./opened.js";

const approved = (visibility: Visibility): Approval => ({
  ...{
    service: "flickr",
    visibility,
    approved_by: "Ada",
    approved_at: "2026-11-21T12:00:00Z",
    reason: "test",
  },
});

function change(from: SeenVisibility, to: Visibility) {
  const verdict = visibilityChange("flickr", from, to, [approved(to)]);
  return verdict.kind === "change" ? verdict.change : expect.unreachable();
}

describe("levels", () => {
  it("for friends or family alone are left as they are", async () => {
    const { service, emulator, calls, forgetCalls } = await opened();
    const { id } = addPhoto(emulator.machine, { owner: OWNER, isFriend: true });
    forgetCalls();
    const outcome = await service.setVisibility(id, change("public", "friends"), call);
    expect(outcome).toMatchObject({ kind: "edited", instance: { visibility: "friends" } });
    expect(calls()).not.toContain("photos.setPerms");
    expect(emulator.machine.photo(id)).toMatchObject({ isFriend: true, isFamily: false });
  });

  it("change without touching who may comment and tag", async () => {
    const { service, emulator } = await opened();
    const { id } = addPhoto(emulator.machine, {
      owner: OWNER,
      isPublic: true,
      permComment: 0,
      permAddMeta: 1,
    });
    await service.setVisibility(id, change("public", "private"), call);
    expect(emulator.machine.photo(id)).toMatchObject({ isPublic: false, permComment: 0, permAddMeta: 1 });
    const sent = emulator.log.find((request) => request.call === "flickr.photos.setPerms");
    expect(sent?.fields).toMatchObject({
      perm_comment: "0",
      perm_addmeta: "1",
      is_friend: "0",
      is_family: "0",
    });
  });

  it("are widened once and never again by themselves, narrowed as often as it takes", async () => {
    const attempts: Attempted[] = [];
    const policy: Policy = {
      run: (attempted, task, outer) => {
        attempts.push(attempted);
        return task(outer, 1);
      },
      quota: () => null,
    };
    const { service, seed } = await opened({ policy });
    const id = await seed({});
    await service.setVisibility(id, change("private", "public"), call);
    await service.setVisibility(id, change("public", "friends"), call);
    await service.setVisibility(id, change("friends", "private"), call);
    const perms = attempts.filter(({ label }) => label === "photos.setPerms");
    expect(perms.map(({ isRepeatable, lane }) => [lane, isRepeatable])).toEqual([
      ["write", false],
      ["write", false],
      ["write", true],
    ]);
  });

  it("are narrowed to friends again after a look, and not where the owner has made the photo private meanwhile", async () => {
    const { service, seed, emulator, change: byHand } = await opened();
    const [open, closed] = [await seed({ visibility: "public" }), await seed({ visibility: "public" })];
    const failsOnce = () =>
      emulator.faults.add({
        ...{ endpoint: "rest", call: "flickr.photos.setPerms", times: 1 },
        fault: { kind: "status", status: 502 },
      });
    failsOnce();
    const outcome = await service.setVisibility(open, change("public", "friends"), call);
    expect(outcome).toMatchObject({ kind: "edited", instance: { visibility: "friends" } });

    failsOnce();
    let isMeanwhile = true;
    emulator.onRequest((moment, request) => {
      if (moment !== "arrived" || request.call !== "flickr.photos.setPerms" || !isMeanwhile) return;
      isMeanwhile = false;
      void byHand(closed, { visibility: "private" });
    });
    expect(await service.setVisibility(closed, change("public", "friends"), call)).toMatchObject({
      kind: "changed-meanwhile",
    });
    expect([...emulator.machine.whoCanSee(closed)]).toEqual(["owner"]);
  });
});

describe("edits", () => {
  it("leave marks and other programs' books alone, and tags that are there", async () => {
    const { service, seed, emulator, calls, forgetCalls } = await opened();
    const id = await seed({ tags: ["Two Words", "old", "checksum:md5=ff"] });
    const before = (await service.read(id, call)) ?? expect.unreachable();
    forgetCalls();
    await service.edit(id, before.version, { tags: ["two words", "old", "new"] }, call);
    expect(calls()).toContain("photos.addTags");
    const raws = () => emulator.machine.photo(id).tags.map(({ raw }) => raw);
    expect(raws().sort()).toEqual(["Two Words", "checksum:md5=ff", "new", "old"]);

    const then = (await service.read(id, call)) ?? expect.unreachable();
    await service.edit(id, then.version, { tags: [] }, call);
    expect(raws()).toEqual(["checksum:md5=ff"]);
  });

  it("send nothing for what is so already", async () => {
    const { service, seed, calls, forgetCalls } = await opened();
    const id = await seed({
      title: "T",
      caption: "C",
      tags: ["Two Words"],
      takenDate: "2019-05-04T10:20:30",
    });
    const before = (await service.read(id, call)) ?? expect.unreachable();
    forgetCalls();
    const same = { title: "T", caption: "C", tags: ["two words"], taken_date: "2019-05-04T10:20:30+02:00" };
    expect(await service.edit(id, before.version, same, call)).toMatchObject({ kind: "edited" });
    expect(new Set(calls())).toEqual(new Set(["photos.getInfo", "photos.getAllContexts"]));
  });

  it("make up no clock of an instant", async () => {
    const { service, seed, emulator } = await opened();
    const id = await seed({ takenDate: "2019-05-04T10:20:30" });
    const before = (await service.read(id, call)) ?? expect.unreachable();
    await service.edit(id, before.version, { taken_date: "2020-01-01T00:00:00Z" }, call);
    expect(emulator.machine.photo(id).taken).toBe("2019-05-04 10:20:30");
  });

  it("say when there are more tags than Flickr takes", async () => {
    const { service, seed } = await opened({ options: { mostTags: 2 } });
    const id = await seed({});
    const before = (await service.read(id, call)) ?? expect.unreachable();
    await expect(service.edit(id, before.version, { tags: ["a", "b", "c"] }, call)).rejects.toMatchObject({
      code: "flickr.too-many-tags",
    });
  });

  it("put photos into albums of photosync's own, made once", async () => {
    const { service, seed, emulator, held } = await opened();
    const theirs = await seed({ albums: ["Sea"] });
    const ids = [await seed({}), await seed({})];
    await Promise.all(
      ids.map(async (id) => {
        const { version } = (await service.read(id, call)) ?? expect.unreachable();
        return service.edit(id, version, { albums: ["Sea"] }, call);
      }),
    );
    expect(ids.map((id) => held().get(id)?.albums)).toEqual([["Sea"], ["Sea"]]);
    const sets = [...emulator.state.sets.values()].map(({ photoIds }) => photoIds.toSorted());
    expect(sets).toEqual([[theirs], ids.toSorted()]);
  });
});

describe("a place", () => {
  const location = { lat: 48.123456, lng: 11.5 };

  it("is nobody else's, even where the account shows new places to everybody", async () => {
    const { service, seed, emulator } = await opened({ account: { geoPerms: 1 } });
    const id = await seed({});
    const { version } = (await service.read(id, call)) ?? expect.unreachable();
    await service.edit(id, version, { location }, call);
    expect([...emulator.machine.whoCanSeePlace(id)]).toEqual(["owner"]);
  });

  it("of a photo that others see is written only where it cannot show for a moment", async () => {
    const shown = await opened({ account: { geoPerms: 1 } });
    const id = await shown.seed({ visibility: "public" });
    const { version } = (await shown.service.read(id, call)) ?? expect.unreachable();
    await expect(shown.service.edit(id, version, { title: "T", location }, call)).rejects.toMatchObject({
      ...{ code: "flickr.place-would-show", kind: "partial" },
    });
    expect(shown.emulator.machine.photo(id)).toMatchObject({ place: null, title: "" });

    const hidden = await opened({ account: { geoPerms: 6 } });
    const other = await hidden.seed({ visibility: "public" });
    const read = (await hidden.service.read(other, call)) ?? expect.unreachable();
    expect(await hidden.service.edit(other, read.version, { location }, call)).toMatchObject({
      kind: "edited",
    });
    expect([...hidden.emulator.machine.whoCanSeePlace(other)]).toEqual(["owner"]);
  });

  it.each([
    ["private", "public", ["owner"]],
    ["private", "friends", ["owner"]],
    ["friends", "public", ["owner", "friend", "family", "friend+family"]],
  ] as const)("is shown to nobody new when a photo goes from %s to %s", async (from, to, viewers) => {
    const { service, seed, emulator } = await opened();
    const id = await seed({ visibility: from });
    const place = { latitude: "48.1", longitude: "11.5", accuracy: 16, context: 0 } as const;
    const everybody = { isPublic: true, isContact: false, isFriend: false, isFamily: false };
    emulator.machine.put({ ...emulator.machine.photo(id), place: { ...place, ...everybody } });
    expect(await service.setVisibility(id, change(from, to), call)).toMatchObject({
      ...{ kind: "edited", instance: { visibility: to } },
    });
    expect([...emulator.machine.whoCanSeePlace(id)].toSorted()).toEqual([...viewers].toSorted());
  });

  it("that comes in the file is hidden at once", async () => {
    const { service, emulator } = await opened({ account: { importsGeoExif: true, geoPerms: 1 } });
    const gps = {
      GPSLatitudeRef: "N",
      GPSLatitude: "48/1 7/1 24/1",
      GPSLongitudeRef: "E",
      GPSLongitude: "11/1 30/1 0/1",
    };
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .jpeg()
      .withExif({ IFD3: gps })
      .toBuffer();
    const outcome = await service.upload(uploadOf(bytes), call);
    const instance = outcome.kind === "uploaded" ? outcome.instance : expect.unreachable();
    expect(instance.record.facts.location?.lat).toBeCloseTo(48.1233, 3);
    expect(instance.record.facts.warnings?.join()).toContain("place");
    expect([...emulator.machine.whoCanSeePlace(instance.id)]).toEqual(["owner"]);
  });
});

describe("reads that are behind", () => {
  const stale = { options: { infoLagSeconds: 60 } };

  it.each([
    ["public", "friends"],
    ["friends", "public"],
  ] as const)("open nothing that the owner has just made private (%s to %s)", async (from, to) => {
    const { service, seed, change: byHand, emulator, advance } = await opened(stale);
    const id = await seed({ visibility: from });
    await byHand(id, { visibility: "private" });
    advance(5);
    expect((await service.read(id, call))?.visibility).toBe(from);
    const outcome = await service.setVisibility(id, change(from, to), call);
    expect(outcome).toMatchObject({ kind: "changed-meanwhile" });
    expect([...emulator.machine.whoCanSee(id)]).toEqual(["owner"]);
  });

  it("do not hide what an upload came to", async () => {
    const { service } = await opened(stale);
    const upload = uploadOf(new Uint8Array(jpegFor("behind")), { title: "T" });
    expect(await service.upload(upload, call)).toMatchObject({
      ...{ kind: "uploaded", instance: { visibility: "private", mark: upload.mark } },
    });
  });
});

describe("refusals", () => {
  it.each([
    [98, "Login failed", "auth", "flickr.sign-in-needed"],
    [
      99,
      "Insufficient permissions. Method requires write privileges; read granted.",
      "auth",
      "flickr.sign-in-needed",
    ],
    [100, "Invalid API Key (Key has expired)", "auth", "flickr.sign-in-needed"],
    [105, "Service currently unavailable", "transient", "flickr.unavailable"],
    [106, "Write operation failed", "transient", "flickr.unavailable"],
    [0, "Sorry, the Flickr API service is not currently available.", "transient", "flickr.unavailable"],
    [201, "Sorry, the Flickr API service is not currently available.", "transient", "flickr.unavailable"],
    [116, "Bad URL found", "user", "flickr.refused"],
  ])("%i %s: %s", async (code, message, kind, expected) => {
    const { service, emulator } = await opened();
    emulator.faults.add({ endpoint: "rest", fault: { kind: "fail", code, message } });
    await expect(service.account(call)).rejects.toMatchObject({ kind, code: expected });
  });

  it("of signatures and times say what to do, and repeat no token", async () => {
    const { service, emulator } = await opened();
    for (const token of emulator.state.accessTokens.values()) {
      emulator.state.accessTokens.set(token.token, { ...token, secret: "0000000000000000" });
    }
    const error: unknown = await service.account(call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "auth", next: ["Sign in with: photosync connect flickr"] });
    const told =
      error instanceof PhotosyncError ? JSON.stringify([error.message, error.next, error.data]) : "";
    for (const { token } of emulator.state.accessTokens.values()) expect(told).not.toContain(token);

    const late = await opened({ options: { timestampToleranceSeconds: 1 } });
    await expect(late.service.account(call)).rejects.toMatchObject({
      code: expect.stringContaining("clock"),
    });
  });

  it("with a page of HTML in place of an answer are trouble that passes", async () => {
    const { service, emulator } = await opened();
    emulator.faults.add({ endpoint: "rest", fault: { kind: "html" } });
    await expect(service.account(call)).rejects.toMatchObject({ kind: "transient" });
  });
});
