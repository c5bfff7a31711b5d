import { describe, expect, test } from "vitest";
import { discrepancies } from "../../../src/domain/discrepancy.js";
import type { Facts, PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES, RULES } from "../../../src/domain/rules.js";
import { settle } from "../../../src/domain/settle.js";
import { contextAt, editedByHand, found, mergeAll, readingsOf, T0, T1, T2 } from "./photo-world.js";

const seenOn = (google: Facts, flickr: Facts): PhotoDocument =>
  mergeAll([found({ facts: google }), found({ service: "flickr", facts: flickr })]);
const resolve = (document: PhotoDocument, enabledRules: readonly string[] = DEFAULT_RULES) =>
  resolveDocument(document, { enabledRules, now: T1 });
const captions = seenOn({ caption: "Sunset at the beach" }, { caption: "Ocean Beach sunset with friends" });

describe("what sources disagree on", () => {
  test("becomes a conflict that a person must settle", () => {
    const { document, open, autoResolved } = resolve(captions);
    expect(open).toEqual([
      {
        type: "metadata_mismatch",
        field: "caption",
        description: "Different captions across services",
        services: ["flickr", "google-photos"],
        values: {
          flickr: "Ocean Beach sunset with friends",
          "google-photos": "Sunset at the beach",
        },
        resolution_required: true,
      },
    ]);
    expect(document).toMatchObject({ conflicts: open, processing_state: "discovered", updated_at: T1 });
    expect(autoResolved).toBe(0);
  });

  test("may stand between the file and a service, or between two copies on one", () => {
    const own = mergeAll([found({ facts: { title: "B" } })], readingsOf(["a", { title: "A" }]));
    expect(resolve(own).open).toMatchObject([{ services: ["google-photos", "original"] }]);
    const copies = mergeAll([found({ facts: { title: "A" } }), found({ id: "two", facts: { title: "B" } })]);
    expect(resolve(copies).open).toMatchObject([
      { services: ["google-photos"], values: { "google-photos:one": "A", "google-photos:two": "B" } },
    ]);
  });

  test("is no conflict where only one source has a value", () => {
    expect(resolve(seenOn({ caption: "Sunset" }, { title: "Beach" }), [])).toMatchObject({
      open: [],
      document: { processing_state: "resolved", metadata: { caption: "Sunset", title: "Beach" } },
    });
  });
});

describe("rules", () => {
  test("each have a line for people, and are all on in a new library", () => {
    expect(RULES.map(({ name }) => name)).toEqual(DEFAULT_RULES);
    expect(RULES.filter(({ always }) => always).map(({ name }) => name)).toEqual([
      "exact_duplicates",
      "missing_metadata",
    ]);
    for (const { description } of RULES) expect(description).toMatch(/\.$/);
  });

  test("text_form settles spellings of which the trusted one stays without a record, and is asked when it is off", () => {
    const spelled = seenOn({ caption: " Sunset\n" }, { caption: "Sunset" });
    expect(resolve(spelled)).toMatchObject({ open: [], autoResolved: 0 });
    expect(resolve(spelled).document.resolutions).toBeUndefined();
    expect(resolve(spelled, []).open).toMatchObject([{ field: "caption" }]);
    expect(resolve(spelled, ["same_value"]).open).toEqual([]);
  });

  test("tag_union settles different tags and records it, and is asked when it is off", () => {
    const tagged = seenOn({ tags: ["sea"] }, { tags: ["beach"] });
    const { document, autoResolved } = resolve(tagged);
    expect(autoResolved).toBe(1);
    expect(document.resolutions).toEqual([
      { field: "tags", by: "rule", rule: "tag_union", value: ["beach", "sea"], resolved_at: T1 },
    ]);
    expect(resolve(tagged, []).open).toMatchObject([
      { field: "tags", services: ["flickr", "google-photos"] },
    ]);
  });

  test("a replicated photo with nothing new stays replicated and untouched", () => {
    const done = { ...resolve(seenOn({}, {})).document, processing_state: "replicated" as const };
    expect(resolve(done).document).toBe(done);
  });

  test("conflicts of other kinds are left alone and stay open", () => {
    const policy = {
      type: "service_policy" as const,
      field: "caption",
      description: "Removed by the service",
      services: ["flickr"],
      values: {},
      resolution_required: true,
    };
    const { open, document } = resolve({ ...seenOn({}, {}), conflicts: [policy] });
    expect(open).toEqual([policy]);
    expect(document.processing_state).toBe("discovered");
  });
});

describe("visibility", () => {
  const seen = (
    level: "private" | "friends" | "public" | "unknown",
    canonical: "private" | "friends" | "public",
  ) => {
    const document = mergeAll([found({ service: "flickr", visibility: level })]);
    return { ...document, visibility: { ...document.visibility, canonical } };
  };

  test("is narrowed to what was seen for certain, whatever rules are on, and recorded", () => {
    const { document, autoResolved } = resolve(seen("private", "public"), []);
    expect(document.visibility.canonical).toBe("private");
    expect(document.resolutions).toMatchObject([
      { field: "visibility", by: "rule", rule: "most_restrictive_visibility", value: "private" },
    ]);
    expect(autoResolved).toBe(1);
  });

  test("is not narrowed by what cannot be read, nor widened by what can", () => {
    expect(resolve(seen("unknown", "public")).document.visibility.canonical).toBe("public");
    expect(resolve(seen("public", "private")).document.visibility).toMatchObject({
      canonical: "private",
      discrepancies: [{ service: "flickr", current: "public", canonical: "private" }],
    });
  });

  test("keeps what the owner approved for a service that has not followed yet", () => {
    const approval = {
      service: "flickr",
      visibility: "public" as const,
      approved_by: "Ada",
      approved_at: T0,
      reason: "portfolio",
    };
    const approved = { ...seen("private", "public"), approvals: [approval] };
    expect(resolve(approved).document.visibility.canonical).toBe("public");
    const withdrawn = { ...approved, approvals: [approval, { ...approval, visibility: "friends" as const }] };
    expect(resolve(withdrawn).document.visibility.canonical).toBe("friends");
    const narrowed = { ...approved, visibility: { ...approved.visibility, canonical: "private" as const } };
    expect(resolve(narrowed).document.visibility.canonical).toBe("private");
  });

  test("takes the narrowest of the copies and shows the widest", () => {
    const document = mergeAll(
      [found({ visibility: "public" }), found({ id: "two", visibility: "friends" })],
      undefined,
      contextAt(T0, "public"),
    );
    expect(resolve(document).document.visibility).toEqual({
      canonical: "friends",
      per_service: { "google-photos": "public" },
      discrepancies: [{ service: "google-photos", current: "public", canonical: "friends" }],
    });
  });
});

describe("a person's word", () => {
  test("typed into the document is their decision", () => {
    const { document, open } = resolve(editedByHand(captions, { caption: "Sunset at Ocean Beach" }));
    expect(open).toEqual([]);
    expect(document.resolutions).toMatchObject([
      { field: "caption", by: "person", rule: "edited by hand", value: "Sunset at Ocean Beach" },
    ]);
  });

  test("may be to have no value at all", () => {
    const { caption: _, ...metadata } = captions.metadata;
    const { document, open } = resolve({ ...captions, metadata });
    expect(open).toEqual([]);
    expect(document.resolutions).toMatchObject([{ field: "caption", value: null }]);
    expect(resolve(document).document).toBe(document);
  });

  test("settles a conflict by choosing a service or giving a value", () => {
    const { document } = resolve(captions);
    const chosen = settle(document, "caption", { kind: "service", service: "flickr" }, T2);
    expect(chosen).toMatchObject({
      metadata: { caption: "Ocean Beach sunset with friends" },
      conflicts: [],
      processing_state: "resolved",
      resolutions: [{ field: "caption", by: "person", rule: "as flickr", resolved_at: T2 }],
    });
    expect(discrepancies(chosen)).toEqual([]);
    expect(resolve(chosen).document).toBe(chosen);
    const own = settle(chosen, "caption", { kind: "value", value: "Mine" }, T2);
    expect(own.resolutions).toMatchObject([{ rule: "own value", value: "Mine" }]);
  });

  test.each([
    ["albums", { albums: ["Sea"] }, { albums: ["Beach"] }],
    ["people", { people: ["Ada"] }, { people: ["Bob"] }],
  ] as const)("settles %s where they are not united", (field, google, flickr) => {
    const rules = DEFAULT_RULES.filter(
      (name) => name !== (field === "albums" ? "album_union" : "people_union"),
    );
    const united = resolve(seenOn(google, flickr));
    expect(united).toMatchObject({ open: [], autoResolved: 0 });
    const asked = resolve(seenOn(google, flickr), rules).document;
    expect(asked).toMatchObject({
      conflicts: [{ field, services: ["flickr", "google-photos"] }],
      [field]: united.document[field],
    });
    const settled = settle(asked, field, { kind: "service", service: "flickr" }, T2);
    expect(settled).toMatchObject({ ...flickr, conflicts: [], processing_state: "resolved" });
    expect(resolve(settled, rules).document).toBe(settled);
    const emptied = settle(settled, field, { kind: "value", value: [] }, T2);
    expect(emptied[field]).toBeUndefined();
    expect(resolve(emptied, rules).document).toBe(emptied);
  });

  test.each([
    ["filename", { kind: "value", value: "x.jpg" }, "settle.unknown-field"],
    ["caption", { kind: "service", service: "folder" }, "settle.no-such-value"],
    ["caption", { kind: "value", value: 7 }, "settle.bad-value"],
    ["albums", { kind: "value", value: [7] }, "settle.bad-value"],
    ["taken_date", { kind: "value", value: "yesterday" }, "settle.bad-value"],
    ["location", { kind: "value", value: { lat: 91, lng: 0 } }, "settle.bad-value"],
    ["location", { kind: "value", value: { lat: 1, lng: 0, altitude: "high" } }, "settle.bad-value"],
    ["camera_info", { kind: "value", value: { maker: "Canon" } }, "settle.bad-value"],
    ["tags", { kind: "value", value: [1] }, "settle.bad-value"],
    ["rating", { kind: "value", value: 6 }, "settle.bad-value"],
  ] as const)("is refused for %s where it makes no sense (%j)", (field, choice, code) => {
    expect(() => settle(captions, field, choice, T2)).toThrow(
      expect.objectContaining({ kind: "user", code }),
    );
  });

  test.each([
    ["taken_date", "2020-02-02T02:02:02"],
    ["title", "Mine"],
    ["location", { lat: 1, lng: 2, altitude: 3 }],
    ["camera_info", { make: "Canon", model: "EOS", lens: "50mm" }],
    ["tags", ["a"]],
    ["rating", -1],
  ] as const)("may set %s", (field, value) => {
    const settled = settle(captions, field, { kind: "value", value }, T2);
    expect(settled.metadata).toMatchObject({ [field]: value });
    const emptied = settle(settled, field, { kind: "value", value: null }, T2);
    expect(emptied.metadata[field] ?? null).toEqual(field === "tags" ? [] : null);
  });
});
