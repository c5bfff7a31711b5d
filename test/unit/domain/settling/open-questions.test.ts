import { describe, expect, it } from "vitest";
import { identityField } from "../../../../src/domain/identity/identity-field.js";
import type { Conflict, PhotoDocument } from "../../../../src/domain/photo.js";
import { resolveDocument } from "../../../../src/domain/resolve.js";
import type { OpenQuestion } from "../../../../src/domain/settling/decision.js";
import { pictureOf, questionsOf } from "../../../../src/domain/settling/open-questions.js";
import { found, hashOf, mergeAll, PHOTO_ID, T0, T1 } from "../photo-world.js";

const nobody = { pictureOf: () => null };

const twoSay = (flickr: object, google: object) =>
  mergeAll([
    found({ service: "flickr", id: "f1", facts: flickr }),
    found({ service: "google-photos", id: "g1", facts: google }),
  ]);

const resolved = (document: PhotoDocument) =>
  resolveDocument(document, { enabledRules: [], now: T1 }).document;

function only(document: PhotoDocument): OpenQuestion {
  const [question, ...more] = questionsOf(document, nobody);
  if (question === undefined || more.length > 0) throw new Error("not one question");
  return question;
}

const withConflict = (document: PhotoDocument, conflict: Partial<Conflict>): PhotoDocument => ({
  ...document,
  conflicts: [
    {
      type: "metadata_mismatch",
      field: "",
      description: "",
      services: [],
      values: {},
      resolution_required: true,
      ...conflict,
    },
  ],
});

const labels = (question: OpenQuestion) => question.options.map(({ label }) => label);

describe("questionsOf", () => {
  it("puts a caption as the seed's dialogue does: each side, both together", () => {
    const document = resolved(
      twoSay({ caption: "Ocean Beach sunset with friends" }, { caption: "Sunset at the beach" }),
    );
    const question = only(document);
    expect(question).toMatchObject({
      id: `${PHOTO_ID} caption`,
      kind: "caption",
      required: true,
      held: [
        { value: "Ocean Beach sunset with friends", holders: ["flickr"], since: T0 },
        { value: "Sunset at the beach", holders: ["google-photos"], since: T1 },
      ],
      proposal: null,
      pictures: [{ hash: hashOf("a"), holders: ["flickr", "google-photos"] }],
      alike: "caption: flickr against google-photos; combine",
    });
    expect(question.options).toEqual([
      {
        answer: { kind: "holder", holder: "flickr" },
        label: "Flickr's",
        value: "Ocean Beach sunset with friends",
      },
      {
        answer: { kind: "holder", holder: "google-photos" },
        label: "Google Photos'",
        value: "Sunset at the beach",
      },
      {
        answer: { kind: "combine" },
        label: "one after the other",
        value: "Ocean Beach sunset with friends\n\nSunset at the beach",
      },
    ]);
  });

  it("tells what a rule would do, and offers no value twice", () => {
    const question = only(resolved(twoSay({ tags: ["beach"] }, { tags: ["sunset"] })));
    expect(question.proposal).toEqual({ rule: "tag_union", value: ["beach", "sunset"] });
    expect(labels(question)).toEqual(["Flickr's", "Google Photos'", "all together"]);
  });

  it("says by how much clocks are apart, and holds alike only what is apart by as much", () => {
    const dates = (flickr: string) =>
      only(resolved(twoSay({ taken_date: flickr }, { taken_date: "2024-01-15T10:30:00+00:00" })));
    const question = dates("2024-01-15T05:00:00+00:00");
    expect(question.kind).toBe("date_shift");
    expect(labels(question)).toEqual(["Flickr's", "Google Photos' (5 hours 30 minutes later)"]);
    expect(question.alike).toBe("date_shift: flickr against google-photos; 330 minutes");
    expect(dates("2024-01-15T09:30:00+00:00").alike).not.toBe(question.alike);
  });

  it("names copies of one service by their ids", () => {
    const document = withConflict(twoSay({}, {}), {
      field: "title",
      values: { "flickr:f1": "One", "flickr:f2": "Two", original: "Three" },
    });
    expect(labels(only(document)).slice(0, 3)).toEqual(["Flickr's (f1)", "Flickr's (f2)", "the file's own"]);
  });

  it("has no rule go over what a person chose before", () => {
    const document = withConflict(twoSay({}, {}), {
      field: "tags",
      values: { canonical: ["a"], flickr: ["a", "b"] },
    });
    expect(only(document).proposal).toBeNull();
    expect(labels(only(document))).toEqual(["the library's", "Flickr's"]);
  });

  it("shows both pictures, the better one first, and the evidence", () => {
    const better = { ...pictureOf(twoSay({}, {})), hash: hashOf("b"), filename: "DSC_1.jpg" };
    const document = withConflict(twoSay({}, {}), {
      type: "quality_variant",
      field: identityField(better.hash),
      values: {
        [better.hash]: { photo_id: PHOTO_ID, filename: "DSC_1.jpg", reasons: ["they look alike"] },
      },
    });
    const [question] = questionsOf(document, { pictureOf: (hash) => (hash === better.hash ? better : null) });
    expect(question).toMatchObject({
      kind: "quality_variant",
      reasons: ["they look alike"],
      held: [],
      pictures: [{ hash: hashOf("b") }, { hash: hashOf("a") }],
      options: [{ answer: { kind: "same" } }, { answer: { kind: "different" } }],
    });
    expect(questionsOf(document, nobody)).toEqual([]);
  });

  it("offers the level in force first, and wider ones to be confirmed", () => {
    const document = withConflict(twoSay({}, {}), {
      type: "visibility_mismatch",
      field: "visibility",
      values: { flickr: "public", "google-photos": "private" },
    });
    const narrow: PhotoDocument = {
      ...document,
      visibility: { ...document.visibility, canonical: "private" },
    };
    expect(only(narrow).options.map(({ value }) => value)).toEqual(["private", "public"]);
    expect(only(narrow).proposal).toEqual({ rule: "most_restrictive_visibility", value: "private" });
  });

  it("asks to accept what cannot be chosen, and requires no answer", () => {
    const document = withConflict(twoSay({}, {}), {
      type: "service_policy",
      field: "service:google-photos",
      services: ["google-photos"],
      resolution_required: false,
    });
    expect(only(document)).toMatchObject({ kind: "service_policy", required: false });
    expect(labels(only(document))).toEqual(["leave it off Google Photos, and stop asking"]);
  });

  it("leaves out what nobody settles", () => {
    expect(questionsOf(withConflict(twoSay({}, {}), { field: "shutter" }), nobody)).toEqual([]);
  });
});
