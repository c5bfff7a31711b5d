import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identityField } from "../../../src/domain/identity/identity-field.js";
import { identityConflict, withIdentityConflicts } from "../../../src/domain/joining/ask.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import type { Answer } from "../../../src/domain/settling/decision.js";
import { questionsOf } from "../../../src/domain/settling/open-questions.js";
import { resolve } from "../../../src/operations/resolve.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { disputedPhoto } from "../../fixtures/disputed.js";
import { makeLibrary, type TestLibrary } from "./library.js";

const AT = "2024-05-01T12:00:00Z";
const alike = { caption: "Sunset" };
const better = disputedPhoto(1, alike, alike);
const question = identityConflict(
  { role: "lower-quality", reasons: [{ kind: "picture", speaks: "for", text: "they look alike" }] },
  {
    photo_id: better.photo_id,
    hash: better.content_hash,
    filename: better.metadata.filename,
    services: ["flickr", "google-photos"],
  },
);
const worse = withIdentityConflicts(disputedPhoto(2, alike, alike), [question], AT);
const FIELD = identityField(better.content_hash);

let library: TestLibrary;
beforeEach(async () => {
  library = await makeLibrary();
  await library.change([], [better, worse]);
});
afterEach(() => library.end());

const decided = (photo: PhotoDocument, field: string, answer: Answer) =>
  resolve(
    library.root,
    library.control,
    {
      autoResolve: "simple",
      dryRun: false,
      decisions: [{ photo_id: photo.photo_id, field, answer, decided_at: AT }],
    },
    quietRun(),
  );

const photos = async () => [...(await library.documents()).values()];

describe("a decision about two pictures", () => {
  it("that are one joins them, and taken back makes them two that are kept apart", async () => {
    expect(await decided(worse, FIELD, { kind: "same" })).toMatchObject({
      outcome: "done",
      failures: [],
      counts: { decided: 1, needs_human: 0 },
    });
    const [joined, ...none] = await photos();
    if (joined === undefined) throw new Error("the photo is gone");
    expect(none).toEqual([]);
    expect(joined).toMatchObject({
      photo_id: better.photo_id,
      content_hash: better.content_hash,
      variants: [
        {
          content_hash: worse.content_hash,
          role: "lower-quality",
          joined: { by: "person", at: AT, reasons: ["they look alike"] },
        },
      ],
    });
    expect(await decided(worse, FIELD, { kind: "same" })).toMatchObject({ commit: null, failures: [] });

    const split = await decided(joined, identityField(worse.content_hash), { kind: "different" });
    expect(split).toMatchObject({ outcome: "done", failures: [], counts: { decided: 1 } });
    const two = await photos();
    expect(two.map(({ photo_id }) => photo_id).sort()).toEqual([better.photo_id, worse.photo_id].sort());
    for (const one of two) {
      expect(one.resolutions).toMatchObject([
        { by: "person", rule: "different pictures", value: "different" },
      ]);
      expect(one.visibility.canonical).toBe("private");
      const before = one.photo_id === better.photo_id ? better : worse;
      expect(one.sources).toEqual(before.sources);
    }
  });

  it("that are two records that on both", async () => {
    const done = await decided(worse, FIELD, { kind: "different" });
    expect(done).toMatchObject({ outcome: "done", counts: { decided: 1, needs_human: 0 } });
    for (const one of await photos()) {
      const other = one.photo_id === better.photo_id ? worse : better;
      expect(one.conflicts).toEqual([]);
      expect(one.resolutions).toMatchObject([{ field: identityField(other.content_hash), by: "person" }]);
    }
    const again = await decided(worse, FIELD, { kind: "same" });
    expect(again.failures).toMatchObject([{ code: "decision.not-asked" }]);
  });

  it("comes up again beside a question of values: what was joined is split off, and each keeps its own", async () => {
    const other = withIdentityConflicts(
      disputedPhoto(2, { caption: "Night" }, { caption: "Night" }),
      [question],
      AT,
    );
    await library.change([worse], [other]);
    await decided(other, FIELD, { kind: "same" });
    const [joined] = await photos();
    if (joined === undefined) throw new Error("the photo is gone");
    const [asked] = questionsOf(joined, { pictureOf: () => null });
    expect(asked).toMatchObject({
      field: "caption",
      pictures: [{ hash: better.content_hash }, { hash: other.content_hash }],
    });
    expect(asked?.options.at(-1)).toMatchObject({ answer: { kind: "split" } });

    const split = await decided(joined, "caption", { kind: "split" });
    expect(split).toMatchObject({ outcome: "done", failures: [], counts: { decided: 1, needs_human: 0 } });
    const two = await photos();
    expect(two.map(({ metadata, variants = [] }) => [metadata.caption, variants.length]).sort()).toEqual([
      ["Night", 0],
      ["Sunset", 0],
    ]);
    expect(two.every(({ resolutions }) => resolutions?.[0]?.rule === "different pictures")).toBe(true);
    expect(await decided(joined, "caption", { kind: "split" })).toMatchObject({ commit: null, failures: [] });
  });

  it("is not to be split where nothing was joined", async () => {
    const disputed = disputedPhoto(3, { caption: "Sunset" }, { caption: "Night" });
    await library.change([], [disputed]);
    expect(await decided(disputed, "caption", { kind: "split" })).toMatchObject({
      commit: expect.anything(),
      failures: [{ code: "decision.not-joined" }],
    });
  });

  it("is no choice of a value", async () => {
    const done = await decided(worse, FIELD, { kind: "combine" });
    expect(done.failures).toMatchObject([{ code: "decision.does-not-fit" }]);
  });
});
