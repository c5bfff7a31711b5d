import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { relateCameras, relatePlaces } from "../../../src/domain/agreement.js";
import type { Json } from "../../../src/domain/photo.js";
import { containsText, plainText, unmangled } from "../../../src/domain/settling/text-forms.js";
import type { RuledField, Statement } from "../../../src/domain/settling/value-rule.js";
import { learnedRuleName, settleValues, VALUE_RULES } from "../../../src/domain/settling/value-rules.js";
import { compareTakenDates } from "../../../src/domain/taken-date.js";
import { isWider, VISIBILITIES } from "../../../src/domain/visibility.js";
import { runs } from "../runs.js";

const words = fc.constantFrom(
  "Sun",
  "Sunset",
  "at",
  "the",
  "beach",
  "&amp;",
  "&",
  "<br>",
  "…",
  "Café",
  "Cafe\u0301",
  "",
);
const text = fc
  .array(fc.tuple(words, fc.constantFrom(" ", "  ", "\n", "\r\n")), { maxLength: 4 })
  .map((parts) => parts.flat().join(""));
const title = fc.oneof(text, fc.constantFrom("IMG_1234", "img_1234.jpg", "IMG_1235"));
const date = fc.constantFrom(
  "2024-01-15T10:30:00",
  "2024-01-15T10:30:00.25",
  "2024-01-15T18:30:00Z",
  "2024-01-15T10:30:00-08:00",
  "2024-01-15T00:00:00",
  "2024-01-16T00:00:00Z",
  "1987-07-01T00:00:00",
  "2024-01-15T11:30:00",
);
const degrees = fc.constantFrom(37.77493, 37.7749, 37.77, 37.8, 38);
const place = fc
  .record({ lat: degrees, lng: degrees, altitude: fc.constantFrom(undefined, 3, 12) })
  .map(({ altitude, ...spot }) => (altitude === undefined ? spot : { ...spot, altitude }));
const camera = fc.constantFrom<Json>(
  { make: "Canon", model: "Canon EOS 5D" },
  { make: "CANON", model: "EOS 5D", lens: "50mm" },
  { model: "EOS 5D" },
  { make: "Apple", model: "iPhone 14" },
);
const names = fc.array(fc.constantFrom("beach", "Beach", " sea", "café", "cafe\u0301"), {
  minLength: 1,
  maxLength: 4,
});

const of = (field: RuledField, value: fc.Arbitrary<Json>) =>
  fc.record({
    field: fc.constant(field),
    statements: fc.array(
      fc.record({
        source: fc.constantFrom("flickr", "folder", "google-photos"),
        value,
        isOfScan: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  });
const cases = fc.oneof(
  of("caption", text),
  of("title", title),
  of("taken_date", date),
  of("location", place),
  of("camera_info", camera),
  of("tags", names),
  of("albums", names),
  of("people", names),
);
const NAMES = [...VALUE_RULES.map(({ name }) => name), learnedRuleName("flickr", "caption")];
const enabled = fc.subarray(NAMES);
const context = { filenames: ["IMG_1234.JPG"] };
const numRuns = runs(200);

/** True where the chosen value says what the given one says, as far as the rule's name claims that. */
function isKept(rule: string, chosen: Json, { value, isOfScan }: Statement): boolean {
  const [a, b] = [chosen, value].map((one) => (typeof one === "string" ? one : ""));
  switch (rule) {
    case "text_form":
      return plainText(a ?? "") === plainText(b ?? "");
    case "service_mangling":
      return unmangled(a ?? "") === unmangled(b ?? "");
    case "caption_contained":
      return containsText(plainText(a ?? ""), plainText(b ?? ""));
    case "filename_title":
      return plainText(a ?? "") === plainText(b ?? "") || /^img_1234(\.jpg)?$/i.test(plainText(b ?? ""));
    case "same_instant":
      return compareTakenDates(a ?? "", b ?? "") !== "different";
    case "only_day":
      return compareTakenDates(a ?? "", b ?? "") !== "different" || (b ?? "").includes("T00:00:00");
    case "scan_date":
      return isOfScan === true || compareTakenDates(a ?? "", b ?? "") !== "different";
    case "camera_form":
      return relateCameras(chosen, value) !== "different";
    case "place_precision":
      return relatePlaces(chosen, value) !== "different";
    default: {
      const held = Array.isArray(chosen) ? chosen : [];
      const given = Array.isArray(value) ? value : [];
      return (
        rule.startsWith("prefer:") || given.every((one) => held.includes(String(one).normalize("NFC").trim()))
      );
    }
  }
}

describe("rules that choose values", () => {
  test.prop([cases, enabled, fc.infiniteStream(fc.nat())], { numRuns })(
    "give the same whatever the order of sources and rules, and however often a value is said",
    ({ field, statements }, rules, chances) => {
      const settled = settleValues(field, statements, rules, context);
      const shuffled = [...statements, ...statements]
        .map((one) => ({ one, at: chances.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(settleValues(field, shuffled, rules.toReversed(), context)).toEqual(settled);
    },
  );

  test.prop([cases, enabled], { numRuns })(
    "keep their choice when it is one of the sources",
    ({ field, statements }, rules) => {
      const settled = settleValues(field, statements, rules, context);
      fc.pre(settled !== null);
      if (settled === null) return;
      const again = settleValues(
        field,
        [...statements, { source: "canonical", value: settled.value }],
        rules,
        context,
      );
      expect(again).toEqual(settled);
    },
  );

  test.prop([cases, enabled], { numRuns })(
    "lose nothing that a source says",
    ({ field, statements }, rules) => {
      const settled = settleValues(field, statements, rules, context);
      for (const statement of settled === null ? [] : statements) {
        expect(isKept(settled?.rule ?? "", settled?.value ?? null, statement)).toBe(true);
      }
    },
  );

  test.prop([cases, enabled], { numRuns })(
    "do nothing when they are switched off",
    ({ field, statements }, rules) => {
      const settled = settleValues(field, statements, rules, context);
      expect(settled === null || rules.includes(settled.rule)).toBe(true);
      expect(settleValues(field, statements, [], context)).toBeNull();
    },
  );

  test("choose for no field that decides who may see a photo", () => {
    expect(VALUE_RULES.flatMap(({ fields }) => fields)).not.toContain("visibility");
    expect(VISIBILITIES.filter((level) => isWider(level, "public"))).toEqual([]);
  });
});
