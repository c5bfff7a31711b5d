import { fc, test } from "@fast-check/vitest";
import { afterAll, describe, expect } from "vitest";
import type { PhotoFound, Readings } from "../../../src/domain/finding.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { heldValue, nothingOf, RULED_FIELDS } from "../../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { learnedRuleName } from "../../../src/domain/settling/value-rules.js";
import { isWider } from "../../../src/domain/visibility.js";
import { contextAt, T0, T1, T2, undoPhoto } from "../../unit/domain/photo-world.js";
import { runs } from "../runs.js";
import { essence } from "./essence.js";
import { readings, reorderedServices, sightings } from "./library-world.js";

const EVERY_RULE = [
  ...DEFAULT_RULES,
  learnedRuleName("flickr", "caption"),
  learnedRuleName("folder", "tags"),
];
/** Mostly all of them, so that each comes to decide. */
const enabledRules = fc.oneof(fc.constant(EVERY_RULE), fc.subarray(EVERY_RULE));
const numRuns = runs(150);

/** How often each rule chose a value: what never happens proves nothing. */
const chosenBy = new Map<string, number>();
afterAll(() => {
  const counts = [...chosenBy].sort().map(([rule, count]) => `${rule} ${count}`);
  console.info(`choices by rule in ${numRuns} runs of each law: ${counts.join(", ")}`);
});

const resolved = (document: PhotoDocument, rules: readonly string[], now = T1): PhotoDocument =>
  resolveDocument(document, { enabledRules: rules, now }).document;

const mergedAll = (findings: readonly PhotoFound[], known: Readings): PhotoDocument =>
  findings.reduce<PhotoDocument | null>(
    (document, finding) => mergeFinding(document, finding, known, contextAt(document === null ? T0 : T1)),
    null,
  ) ?? expect.unreachable("no finding");

/** What was settled and how, whenever. */
const choices = (document: PhotoDocument) =>
  (document.resolutions ?? [])
    .filter(({ field }) => field !== "visibility")
    .map(({ field, by, rule, value }) => ({ field, by, rule, value }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));

describe("what rules choose", () => {
  test.prop([reorderedServices, readings, enabledRules], { numRuns })(
    "does not depend on the order of services, nor on that of the rules",
    ({ findings, reordered }, known, rules) => {
      const one = resolved(mergedAll(findings, known), rules);
      const other = resolved(mergedAll(reordered, known), rules.toReversed());
      expect(essence(other)).toEqual(essence(one));
      expect(choices(other)).toEqual(choices(one));
      expect(other.conflicts.filter(({ field }) => field !== "visibility")).toEqual(
        one.conflicts.filter(({ field }) => field !== "visibility"),
      );
      for (const { rule } of choices(one)) chosenBy.set(rule, (chosenBy.get(rule) ?? 0) + 1);
    },
  );

  test.prop([sightings, readings, enabledRules, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })], {
    numRuns,
  })(
    "does not depend on when it was resolved, is never taken for the owner's hand, and shows nothing to more people",
    (findings, known, rules, breaks) => {
      const states: PhotoDocument[] = [];
      for (const [at, finding] of findings.entries()) {
        const merged: PhotoDocument = mergeFinding(states.at(-1) ?? null, finding, known, contextAt(T1));
        states.push(merged);
        if (breaks[at] === true) states.push(resolved(merged, rules));
      }
      const last = states.at(-1) ?? expect.unreachable("no finding");
      const many = resolved(last, rules, T2);
      const once = resolved(mergedAll(findings, known), rules, T2);
      expect(essence(many)).toEqual(essence(once));
      expect(choices(many)).toEqual(choices(once));
      expect(choices(many).filter(({ by }) => by === "person")).toEqual([]);
      for (const [at, state] of [...states, many].entries()) {
        const before = states[at - 1];
        if (before !== undefined)
          expect(isWider(state.visibility.canonical, before.visibility.canonical)).toBe(false);
      }
    },
  );

  test.prop([sightings, readings, enabledRules], { numRuns })(
    "is recorded wherever it is not what the sources alone give, and leaves every source as it was",
    (findings, known, rules) => {
      const before = mergedAll(findings, known);
      const after = resolved(before, rules);
      expect(after.sources).toEqual(before.sources);
      for (const field of RULED_FIELDS) {
        const [was, is] = [before, after].map((one) => heldValue(one, field) ?? nothingOf(field));
        const recorded = after.resolutions?.find((one) => one.field === field);
        if (recorded === undefined) expect(is).toEqual(was);
        else expect(recorded).toMatchObject({ by: "rule", value: is });
        if (recorded !== undefined) expect(rules).toContain(recorded.rule);
      }
      expect(resolved(after, rules, T2)).toBe(after);
    },
  );

  test.prop([sightings, readings, enabledRules, fc.nat(4)], { numRuns })(
    "is gone again once it is undone, whatever was found before, and comes back the same",
    (findings, known, rules, at) => {
      const before = mergedAll(findings.slice(0, at + 1), known);
      const after = resolved(before, rules);
      const undone = undoPhoto({ before, after, current: after });
      if (undone.kind !== "document") expect.unreachable("not undone");
      for (const field of RULED_FIELDS)
        expect(heldValue(undone.document, field)).toEqual(heldValue(before, field));
      expect(choices(undone.document)).toEqual([]);
      expect(isWider(undone.document.visibility.canonical, after.visibility.canonical)).toBe(false);
      expect(choices(resolved(undone.document, rules, T2))).toEqual(choices(after));
    },
  );
});
