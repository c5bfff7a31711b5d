import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { discrepancies } from "../../../src/domain/discrepancy.js";
import { METADATA_FIELDS } from "../../../src/domain/fields.js";
import type { PhotoFound, Readings } from "../../../src/domain/finding.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { heldValue, isRuledField, nothingOf, RULED_FIELDS } from "../../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { settle } from "../../../src/domain/settle.js";
import { learnedRuleName } from "../../../src/domain/settling/value-rules.js";
import { isWider } from "../../../src/domain/visibility.js";
import { contextAt, editedByHand, T0, T1, T2, undoPhoto } from "../../unit/domain/photo-world.js";
import { history, readings } from "./library-world.js";

const enabledRules = fc.subarray([
  ...DEFAULT_RULES,
  learnedRuleName("flickr", "caption"),
  "prefer:folder:tags",
]);
const fields = fc.constantFrom(...METADATA_FIELDS);

const merged = (first: PhotoFound, rest: readonly PhotoFound[], known: Readings): PhotoDocument =>
  rest.reduce(
    (document, finding) => mergeFinding(document, finding, known, contextAt(T0)),
    mergeFinding(null, first, known, contextAt(T0)),
  );
const open = (document: PhotoDocument) => discrepancies(document).map(({ field }) => field);

describe("resolving", () => {
  test.prop([history, readings, enabledRules])("twice is resolving once", ({ first, rest }, known, rules) => {
    const once = resolveDocument(merged(first, rest, known), { enabledRules: rules, now: T1 });
    const twice = resolveDocument(once.document, { enabledRules: rules, now: T2 });
    expect(twice.document).toBe(once.document);
    expect(twice).toMatchObject({ autoResolved: 0, open: once.open });
  });

  test.prop([history, readings, enabledRules])(
    "leaves open what it lists, and no photo with open conflicts counts as resolved",
    ({ first, rest }, known, rules) => {
      const { document, open: conflicts } = resolveDocument(merged(first, rest, known), {
        enabledRules: rules,
        now: T1,
      });
      expect(document.conflicts).toEqual(conflicts);
      expect(document.processing_state).toBe(conflicts.length > 0 ? "discovered" : "resolved");
      const before = merged(first, rest, known);
      for (const field of RULED_FIELDS) {
        const chosen = document.resolutions?.find((one) => one.field === field);
        expect(chosen?.by).not.toBe("person");
        expect(heldValue(document, field) ?? nothingOf(field)).toEqual(
          chosen === undefined ? (heldValue(before, field) ?? nothingOf(field)) : chosen.value,
        );
      }
    },
  );

  test.prop([history, readings, fields])(
    "a person's choice removes its discrepancy and adds none",
    ({ first, rest }, known, field) => {
      const { document } = resolveDocument(merged(first, rest, known), { enabledRules: [], now: T1 });
      const conflict = document.conflicts.find((one) => one.field === field);
      fc.pre(conflict !== undefined);
      for (const service of Object.keys(conflict?.values ?? {})) {
        const settled = settle(document, field, { kind: "service", service }, T2);
        expect(open(settled)).toEqual(open(document).filter((one) => one !== field));
        const again = resolveDocument(settled, { enabledRules: [], now: T2 });
        expect(again.document).toBe(settled);
        expect(again.open.map((one) => one.field)).not.toContain(field);
      }
    },
  );

  test.prop([history, readings, enabledRules])(
    "takes a person's edit for their decision, and keeps it through what comes later",
    ({ first, rest }, known, rules) => {
      const edits = { caption: "By hand", taken_date: "2001-01-01T01:01:01" };
      let document = editedByHand(merged(first, [], known), edits);
      for (const finding of rest) {
        document = resolveDocument(document, { enabledRules: rules, now: T1 }).document;
        document = mergeFinding(document, finding, known, contextAt(T1));
        expect(document.metadata).toMatchObject(edits);
      }
    },
  );
});

type Act =
  | { readonly kind: "merge"; readonly finding: PhotoFound }
  | { readonly kind: "resolve"; readonly rules: readonly string[] }
  | { readonly kind: "settle"; readonly choice: number }
  | { readonly kind: "edit"; readonly caption: string }
  | { readonly kind: "undo"; readonly step: number };

/** Anything that can happen to a photo's document short of an approval, in any order. */
const lives: fc.Arbitrary<{ readonly first: PhotoFound; readonly acts: readonly Act[] }> = history.chain(
  ({ first, rest }) =>
    fc
      .array(
        fc.oneof(
          {
            weight: 3,
            arbitrary: fc.constantFrom(first, ...rest).map((finding): Act => ({ kind: "merge", finding })),
          },
          { weight: 2, arbitrary: enabledRules.map((rules): Act => ({ kind: "resolve", rules })) },
          { weight: 1, arbitrary: fc.nat(10).map((choice): Act => ({ kind: "settle", choice })) },
          {
            weight: 1,
            arbitrary: fc
              .constantFrom("Sunset", "By hand")
              .map((caption): Act => ({ kind: "edit", caption })),
          },
          { weight: 1, arbitrary: fc.nat(10).map((step): Act => ({ kind: "undo", step })) },
        ),
        { minLength: 2, maxLength: 10 },
      )
      .map((acts) => ({ first, acts })),
);

function act(
  states: readonly PhotoDocument[],
  current: PhotoDocument,
  one: Act,
  known: Readings,
): PhotoDocument {
  switch (one.kind) {
    case "merge":
      return mergeFinding(current, one.finding, known, contextAt(T1));
    case "resolve":
      return resolveDocument(current, { enabledRules: one.rules, now: T1 }).document;
    case "settle": {
      // Levels, originals and what accounts take are asked about, too; they are answered in other ways.
      const ofValues = current.conflicts.filter(({ field }) => isRuledField(field));
      const conflict = ofValues[one.choice % Math.max(1, ofValues.length)];
      const services = Object.keys(conflict?.values ?? {});
      const service = services[one.choice % Math.max(1, services.length)];
      if (conflict === undefined || service === undefined) return current;
      return settle(current, conflict.field, { kind: "service", service }, T1);
    }
    case "edit":
      return editedByHand(current, { caption: one.caption });
    case "undo": {
      const step = one.step % states.length;
      const [before, after] = [states[step] ?? current, states[step + 1] ?? current];
      const undone = undoPhoto({ before, after, current });
      return undone.kind === "document" ? undone.document : current;
    }
  }
}

describe("whatever happens to a photo", () => {
  test.prop([lives, readings])("its visibility never widens", ({ first, acts }, known) => {
    const states = [mergeFinding(null, first, known, contextAt(T0))];
    for (const one of acts) {
      const before = states.at(-1);
      if (before === undefined) return;
      const after = act(states, before, one, known);
      expect(isWider(after.visibility.canonical, before.visibility.canonical)).toBe(false);
      states.push(after);
    }
  });

  test.prop([lives, readings, enabledRules])(
    "repeating the last step changes nothing",
    ({ first, acts }, known, rules) => {
      const states = [mergeFinding(null, first, known, contextAt(T0))];
      for (const one of acts) {
        const before = states.at(-1);
        if (before === undefined) return;
        states.push(act(states, before, one, known));
      }
      const last = states.at(-1) ?? states[0];
      if (last === undefined) return;
      const resolved = resolveDocument(last, { enabledRules: rules, now: T1 }).document;
      expect(resolveDocument(resolved, { enabledRules: rules, now: T2 }).document).toBe(resolved);
      const found = mergeFinding(resolved, first, known, contextAt(T1));
      expect(mergeFinding(found, first, known, contextAt(T2))).toBe(found);
    },
  );
});
