import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { Visibility } from "../../../src/domain/visibility.js";
import { list } from "../../../src/operations/list.js";
import {
  type SetVisibilityOptions,
  setVisibility,
  type WideningQuestion,
} from "../../../src/operations/set-visibility.js";
import { undo } from "../../../src/operations/undo.js";
import { photoDocument } from "../../fakes/fake-catalog.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { put } from "../control/native-git.js";
import { makeLibrary, pathOf, type TestLibrary } from "./library.js";

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
});
afterEach(() => library.end());

const photo = photoDocument({ content: "a" });
/** The photo as a service showed it when it was last looked at. */
const on = (service: string, visibility: Visibility | "unknown"): PhotoDocument => ({
  ...photo,
  instances: {
    ...photo.instances,
    [service]: { id: "1", quality: "original", last_sync: photo.updated_at, visibility },
  },
  visibility: { ...photo.visibility, per_service: { [service]: visibility } },
});

const set = (level: Visibility, options: Partial<SetVisibilityOptions> = {}) => {
  const usual = { photo: photo.photo_id, level, reason: "", yes: true, dryRun: false, confirm: null };
  return setVisibility(library.root, library.control, { ...usual, ...options }, quietRun());
};
const takeBack = (operation?: string) =>
  undo(library.root, library.control, operation, { dryRun: false }, quietRun());
const present = async (): Promise<PhotoDocument> => {
  const [document] = (await library.documents()).values();
  return document ?? expect.unreachable();
};
const enable = (services: object) =>
  library.commit([put("config/services.json", `${JSON.stringify({ schema_version: 1, ...services })}\n`)]);

describe("visibility set", () => {
  it("records who allowed it, when and why, in one commit that the index follows", async () => {
    const before = await library.change([], [photo]);
    const result = await set("public", { reason: "for the exhibition" });
    expect(result).toMatchObject({ outcome: "done", from: "private", to: "public", wider: true });
    const { name } = await library.control.author();
    expect((await present()).approvals).toEqual([
      {
        service: "*",
        visibility: "public",
        approved_by: name,
        approved_at: quietRun().clock.now(),
        reason: "for the exhibition",
      },
    ]);
    for await (const commit of library.control.history(result.commit ?? "", quietRun())) {
      expect(commit).toMatchObject({ parents: [before], message: expect.stringMatching(/^visibility: /) });
      break;
    }
    const { photos } = await list(
      library.root,
      library.control,
      { undated: false, conflicts: false },
      quietRun(),
    );
    expect(photos.map(({ visibility }) => visibility)).toEqual(["public"]);
  });

  it("changes nothing where nobody agreed", async () => {
    const head = await library.change([], [photo]);
    await expect(set("friends", { yes: false })).rejects.toMatchObject({
      kind: "user",
      code: "visibility.needs-yes",
    });
    await expect(set("friends", { yes: false, confirm: async () => false })).rejects.toMatchObject({
      kind: "user",
      code: "visibility.not-confirmed",
    });
    expect(await library.control.head()).toBe(head);
  });

  it("asks with all that stands to be shown, without keeping the library locked", async () => {
    await library.change([], [on("flickr", "private")]);
    const asked: WideningQuestion[] = [];
    const confirm = async (question: WideningQuestion) => {
      asked.push(question);
      // Another run gets the lock meanwhile, and this photo is none of its business.
      const other = photoDocument({ content: "b" });
      await library.change([], [other]);
      await set("friends", { photo: other.photo_id });
      return true;
    };
    expect(await set("public", { yes: false, confirm })).toMatchObject({ counts: { changed: 1 } });
    expect(asked).toEqual([
      {
        photo_id: photo.photo_id,
        filename: "IMG_1.jpg",
        taken_date: "2024-01-15T10:30:00",
        from: "private",
        to: "public",
        services: [{ service: "flickr", current: "private" }],
      },
    ]);
  });

  it("takes no agreement for a photo that is another one by now", async () => {
    const begun = on("flickr", "private");
    await library.change([], [begun]);
    const confirm = async () => {
      await library.change([begun], [on("google-photos", "unknown")]);
      return true;
    };
    await expect(set("public", { yes: false, confirm })).rejects.toMatchObject({
      kind: "busy",
      code: "visibility.changed-meanwhile",
    });
    expect((await present()).visibility.canonical).toBe("private");
  });

  it("asks nothing to narrow, or to leave it as it is", async () => {
    await library.change([], [photo]);
    await set("public");
    const no = { yes: false, confirm: async () => expect.unreachable() };
    expect(await set("public", no)).toMatchObject({ commit: null, approval: null, counts: { changed: 0 } });
    expect(await set("friends", no)).toMatchObject({ from: "public", to: "friends", wider: false });
    expect(await set("private", no)).toMatchObject({ from: "friends", to: "private", wider: false });
    expect((await present()).approvals?.map(({ visibility }) => visibility)).toEqual([
      "public",
      "friends",
      "private",
    ]);
  });

  it("asks about a level that was only written by hand, because services follow approvals alone", async () => {
    await library.change(
      [],
      [{ ...on("flickr", "private"), visibility: { ...photo.visibility, canonical: "public" } }],
    );
    await expect(set("public", { yes: false })).rejects.toMatchObject({ code: "visibility.needs-yes" });
    expect(await set("public")).toMatchObject({ from: "public", to: "public", wider: true });
  });

  it("shows in a dry run what it would record, and writes nothing", async () => {
    const head = await library.change([], [on("flickr", "private")]);
    await enable({ flickr: { enabled: true, replicate: {} } });
    const result = await set("public", { dryRun: true, yes: false });
    expect(result).toMatchObject({ dry_run: true, commit: null, to: "public", counts: { changed: 1 } });
    expect(result.plan).toHaveLength(1);
    expect(await library.control.treeId(await library.control.head(), "photos")).toBe(
      await library.control.treeId(head, "photos"),
    );
  });

  it("leaves a document alone that the owner is editing", async () => {
    const head = await library.change([], [photo]);
    writeFileSync(join(library.root, pathOf(photo)), "in the middle of it");
    const result = await set("private");
    expect(result).toMatchObject({
      outcome: "partial",
      commit: null,
      counts: { changed: 0 },
      approval: null,
    });
    expect(result.failures).toMatchObject([{ code: "document.uncommitted-edit" }]);
    expect(await library.control.head()).toBe(head);
  });

  it("refuses what names no photo", async () => {
    await library.change([], [photo]);
    await expect(set("private", { photo: "nothing.jpg" })).rejects.toMatchObject({ code: "photo.unknown" });
  });
});

describe("what replicate does after visibility set", () => {
  it("is to carry the decision out where that is possible", async () => {
    await enable({ flickr: { enabled: true, replicate: {} }, "google-photos": { enabled: true } });
    await library.change([], [on("flickr", "private")]);
    expect(await set("public")).toMatchObject({
      plan: [{ action: "set-visibility", target: "flickr", photo_id: photo.photo_id }],
      held: [],
    });
    expect(await set("private")).toMatchObject({ plan: [], held: [] });
  });

  it.each([
    ["does not tell who sees it", { "google-photos": { enabled: true } }, on("google-photos", "unknown")],
    ["is not connected", { flickr: { enabled: false } }, on("flickr", "private")],
    ["is only read", { flickr: { enabled: true } }, on("flickr", "private")],
    ["cannot be told", { drive: { enabled: true, provider: "google-drive" } }, on("drive", "private")],
    [
      "holds a photo that is not settled yet",
      { flickr: { enabled: true, replicate: {} } },
      { ...on("flickr", "private"), processing_state: "discovered" as const },
    ],
  ])("is nothing, with the reason, where the service %s", async (_, services, document) => {
    await enable(services);
    await library.change([], [document]);
    const { plan, held } = await set("public");
    expect(plan).toEqual([]);
    expect(held).toHaveLength(1);
  });
});

describe("undo of visibility set", () => {
  it("takes the approval back with the level", async () => {
    await library.change([], [photo]);
    await set("public");
    const { undone, counts } = await takeBack();
    expect(undone.command).toBe("visibility");
    expect(counts).toMatchObject({ restored: 1, kept_narrower: 0 });
    expect(await present()).toEqual(photo);
  });

  it("does not widen by undoing a narrower decision, and says so", async () => {
    await library.change([], [photo]);
    await set("public");
    const { commit: narrowing } = await set("private");
    const { counts } = await takeBack();
    expect(counts["kept_narrower"]).toBe(1);
    const kept = await present();
    expect(kept.visibility.canonical).toBe("private");
    expect(kept.approvals?.at(-1)?.visibility).toBe("private");
    await expect(takeBack(narrowing ?? "")).rejects.toMatchObject({ code: "undo.already" });
    // The undo undone: the decision stands as it did.
    await takeBack(await library.control.head());
    expect((await present()).visibility.canonical).toBe("private");
  });

  it("does not bring a withdrawn approval back by undoing the undo", async () => {
    await library.change([], [photo]);
    await set("public");
    const { commit } = await takeBack();
    await takeBack(commit ?? "");
    const document = await present();
    expect(document.visibility.canonical).toBe("private");
    expect(document.approvals).toBeUndefined();
  });

  it("leaves what was carried out on the approval to be narrowed again", async () => {
    const begun = on("flickr", "private");
    await library.change([], [begun]);
    const { commit } = await set("public");
    const approved = await present();
    const seen = on("flickr", "public");
    const carriedOut: PhotoDocument = {
      ...approved,
      instances: seen.instances,
      visibility: { ...approved.visibility, per_service: { flickr: "public" } },
      processing_state: "replicated",
    };
    await library.change([approved], [carriedOut]);
    await takeBack(commit ?? "");
    expect(await present()).toMatchObject({
      processing_state: "resolved",
      visibility: {
        canonical: "private",
        per_service: { flickr: "public" },
        discrepancies: [{ service: "flickr", current: "public" }],
      },
    });
    await enable({ flickr: { enabled: true, replicate: {} } });
    expect(await set("private", { yes: false })).toMatchObject({
      plan: [{ action: "set-visibility", target: "flickr" }],
    });
  });
});
