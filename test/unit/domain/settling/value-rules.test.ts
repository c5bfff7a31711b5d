import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/domain/photo.js";
import { clockShift, kindOfJoin, questionOf } from "../../../../src/domain/settling/question.js";
import type { RuledField } from "../../../../src/domain/settling/value-rule.js";
import { learnedRuleName, settleValues, VALUE_RULES } from "../../../../src/domain/settling/value-rules.js";

const ALL = VALUE_RULES.map(({ name }) => name);
const context = { filenames: ["IMG_1234.JPG"] };
const said = (values: readonly Json[]) => values.map((value, nth) => ({ source: `s${nth}`, value }));
const settled = (field: RuledField, values: readonly Json[], rules = ALL) =>
  settleValues(field, said(values), rules, context);

describe("rules for texts", () => {
  it.each<readonly [string, RuledField, readonly string[], string]>([
    ["text_form", "caption", [" Cafe\u0301  au lait", "Café\nau lait"], "Café\nau lait"],
    ["service_mangling", "caption", ["Tom &amp; Jerry", "Tom & Jerry"], "Tom & Jerry"],
    ["service_mangling", "caption", ["Line<br />two", "Line\ntwo"], "Line\ntwo"],
    ["service_mangling", "caption", ['See <a href="x" rel="nofollow">here</a>', "See here"], "See here"],
    ["filename_title", "title", ["IMG_1234", "Sunset"], "Sunset"],
    ["caption_contained", "caption", ["Sunset", "Sunset at the beach"], "Sunset at the beach"],
    ["caption_contained", "caption", ["Sunset at the…", "Sunset at the beach"], "Sunset at the beach"],
  ])("%s: %s %j", (rule, field, values, value) => {
    expect(settled(field, values)).toEqual({ rule, value });
    expect(settled(field, values.toReversed())).toEqual({ rule, value });
    expect(
      settled(
        field,
        values,
        ALL.filter((name) => name !== rule),
      )?.rule,
    ).not.toBe(rule);
  });

  it.each([
    [["Sun", "Sunset"]],
    [["Sunset at the beach", "Ocean Beach sunset with friends"]],
    [["5 < 6", "5 6"]],
  ])("leave %j to a person", (values) => expect(settled("caption", values)).toBeNull());
});

describe("rules for dates", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["same_instant", ["2024-01-15T18:30:00Z", "2024-01-15T10:30:00-08:00"], "2024-01-15T10:30:00-08:00"],
    ["same_instant", ["2024-01-15T10:30:00", "2024-01-15T10:30:00.25"], "2024-01-15T10:30:00.25"],
    ["only_day", ["2024-01-15T00:00:00", "2024-01-15T10:30:00"], "2024-01-15T10:30:00"],
    ["only_day", ["2024-01-16T00:00:00Z", "2024-01-15T22:30:11"], "2024-01-15T22:30:11"],
  ])("%s: %j", (rule, values, value) => expect(settled("taken_date", values)).toEqual({ rule, value }));

  it.each([
    [["2024-01-15T10:30:00", "2024-01-15T11:30:00"]],
    [["2024-01-15T00:00:00", "2024-01-17T10:30:00"]],
    [["2024-01-15T00:00:00", "2024-01-15T10:30:00", "2024-01-15T11:31:00"]],
  ])("leave %j to a person", (values) => expect(settled("taken_date", values)).toBeNull());

  it("scan_date: the day of the scan yields to an earlier date, and to nothing else", () => {
    const scan = { source: "original", value: "2021-03-04T18:00:00", isOfScan: true };
    const given = { source: "flickr", value: "1987-07-01T00:00:00" };
    const rule = (statements: Parameters<typeof settleValues>[1]) =>
      settleValues("taken_date", statements, ALL, context);
    expect(rule([scan, given])).toEqual({ rule: "scan_date", value: given.value });
    expect(rule([{ ...scan, isOfScan: false }, given])).toBeNull();
    expect(rule([scan, { ...given, value: "2023-01-01T12:00:00" }])).toBeNull();
  });
});

describe("rules for places and lists", () => {
  it("keep the most precise of places that agree, and ask where they do not", () => {
    const rough = { lat: 37.77, lng: -122.42, altitude: 3 };
    const fine = { lat: 37.77493, lng: -122.41942 };
    expect(settled("location", [rough, fine])).toEqual({ rule: "place_precision", value: fine });
    expect(settled("location", [fine, { lat: 48.85, lng: 2.35 }])).toBeNull();
  });

  it.each([
    ["tag_union", "tags"],
    ["album_union", "albums"],
    ["people_union", "people"],
  ] as const)("%s unites", (rule, field) => {
    const value = ["Sea", "beach", "café"];
    expect(
      settled(field, [
        ["beach", "cafe\u0301"],
        ["café", "Sea "],
      ]),
    ).toEqual({ rule, value });
  });
});

describe("what a person once preferred", () => {
  it("decides what no rule decides, for its field alone, where the source says one thing", () => {
    const rules = [...ALL, learnedRuleName("s1", "caption")];
    expect(settled("caption", ["One", "Two"], rules)).toEqual({ rule: "prefer:s1:caption", value: "Two" });
    expect(settled("title", ["One", "Two"], rules)).toBeNull();
    expect(settled("caption", ["One"], rules)).toMatchObject({ rule: "text_form" });
    const divided = [...said(["One", "Two"]), { source: "s1", value: "Three" }];
    expect(settleValues("caption", divided, rules, context)).toBeNull();
  });
});

describe("a question", () => {
  const dated = (source: string, value: Json, since: string | null) => ({ source, value, since });

  it("tells each value, who holds it, since when, and what a rule would do", () => {
    const statements = [
      dated("flickr", "Sunset at the beach", "2024-05-02T00:00:00Z"),
      dated("google-photos", "Sunset", null),
      dated("folder", "Sunset", "2024-05-01T00:00:00Z"),
    ];
    expect(questionOf("caption", statements, ALL, context)).toEqual({
      kind: "caption",
      field: "caption",
      held: [
        { value: "Sunset at the beach", holders: ["flickr"], since: "2024-05-02T00:00:00Z" },
        { value: "Sunset", holders: ["folder", "google-photos"], since: "2024-05-01T00:00:00Z" },
      ],
      proposal: { rule: "caption_contained", value: "Sunset at the beach" },
    });
    expect(questionOf("caption", statements.slice(1), ALL, context)).toBeNull();
  });

  it("knows a clock that is whole hours off from another date", () => {
    const ask = (a: string, b: string) =>
      questionOf("taken_date", [dated("a", a, null), dated("b", b, null)], ALL, context)?.kind;
    expect(ask("2024-01-15T10:30:00", "2024-01-15T13:30:00")).toBe("date_shift");
    expect(ask("2024-01-15T10:30:00", "2024-02-15T13:30:00")).toBe("date");
    expect(clockShift("2024-01-15T10:30:00", "2024-01-15T13:30:00")).toBe(3 * 3_600_000);
  });

  it("names what identity asks", () => {
    const join = { host: "a", member: "b", reasons: [] };
    expect(kindOfJoin({ ...join, role: "edited", turns: 1 })).toBe("rotation");
    expect(kindOfJoin({ ...join, role: "edited" })).toBe("edit_variant");
    expect(kindOfJoin({ ...join, role: "lower-quality" })).toBe("quality_variant");
  });
});
