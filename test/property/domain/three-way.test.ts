import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { Json } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { sameJson } from "../../../src/domain/same-json.js";
import { type ThreeWay, threeWay } from "../../../src/domain/three-way.js";
import { contextAt, T0, T1, T2, undoPhoto } from "../../unit/domain/photo-world.js";
import { history, readings } from "./library-world.js";

/** Values with few names, so that sides share keys, and lists of every kind that merging tells apart. */
const { json } = fc.letrec<{ json: Json; object: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json[]>(null, true, 0, 1, "x", "y"),
    fc.subarray(["x", "y", "z"]),
    tie("object"),
    fc.array(fc.record({ id: fc.constantFrom("1", "2"), value: tie("json") }), { maxLength: 3 }),
    fc.array(tie("json"), { maxLength: 2 }),
  ),
  object: fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), tie("json"), { maxKeys: 3 }),
}));
const side = fc.option(json, { nil: undefined });

const value = (merged: ThreeWay): Json | undefined => {
  if (merged.kind === "clash") throw new Error(`clash at ${merged.paths.join(" ")}`);
  return merged.value;
};

/** A value without the order of its lists. */
const unordered = (given: Json | undefined): Json | undefined => {
  if (Array.isArray(given)) {
    return given
      .map((one: Json) => unordered(one) ?? null)
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, unordered(one) ?? null]),
  );
};

describe("a three-way merge", () => {
  test.prop([side, side])("takes the only change", (base, changed) => {
    expect(sameJson(value(threeWay(base, base, changed)), changed)).toBe(true);
    expect(sameJson(value(threeWay(base, changed, base)), changed)).toBe(true);
  });

  test.prop([side, side])("takes a change that both made", (base, changed) => {
    expect(sameJson(value(threeWay(base, changed, changed)), changed)).toBe(true);
  });

  test.prop([side, side, side])("is the same from either side, but for order", (base, ours, theirs) => {
    const [left, right] = [threeWay(base, ours, theirs), threeWay(base, theirs, ours)];
    expect(left.kind).toBe(right.kind);
    if (left.kind === "clash" && right.kind === "clash") {
      expect(left.paths.toSorted()).toEqual(right.paths.toSorted());
    } else {
      expect(sameJson(unordered(value(left)), unordered(value(right)))).toBe(true);
    }
  });
});

describe("undoing one operation on a photo", () => {
  test.prop([history, readings])(
    "with nothing since gives the document back as it was",
    ({ first, rest }, known) => {
      let document = mergeFinding(null, first, known, contextAt(T0));
      for (const finding of rest) {
        const after = mergeFinding(document, finding, known, contextAt(T1));
        expect(undoPhoto({ before: document, after, current: after })).toEqual({
          kind: "document",
          document,
          keptNarrower: false,
        });
        document = after;
      }
      const resolved = resolveDocument(document, { enabledRules: DEFAULT_RULES, now: T2 }).document;
      const undone = undoPhoto({ before: document, after: resolved, current: resolved });
      expect(undone).toMatchObject({ kind: "document", document: { metadata: document.metadata } });
    },
  );
});
