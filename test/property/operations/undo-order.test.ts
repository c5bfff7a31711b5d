import fc from "fast-check";
import { expect, it } from "vitest";
import { isPhotoDocument } from "../../../src/control/records.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { isRuledField } from "../../../src/domain/ruled-fields.js";
import { DEFAULT_RULES } from "../../../src/domain/rules.js";
import { sameJson } from "../../../src/domain/same-json.js";
import { settle } from "../../../src/domain/settle.js";
import { replayChange } from "../../../src/domain/undo-photo.js";
import { contextAt, editedByHand, T0 } from "../../unit/domain/photo-world.js";
import { history, readings } from "../domain/library-world.js";
import { runs } from "../runs.js";

/** What some operation does to a photo; visibility aside, which goes one way and has laws of its own. */
type Deed = (document: PhotoDocument, turn: number) => PhotoDocument;

const at = (turn: number): string => `2024-03-01T00:00:${String(turn).padStart(2, "0")}Z`;

const keepingVisibility = (from: PhotoDocument, to: PhotoDocument): PhotoDocument => ({
  ...to,
  visibility: { ...to.visibility, canonical: from.visibility.canonical },
});

const recordReplica = (document: PhotoDocument, turn: number): PhotoDocument => ({
  ...document,
  replicas: { ...document.replicas, local: { key: document.blob_key, verified_at: at(turn) } },
  processing_state: "replicated",
  updated_at: at(turn),
});

const settleFirst = (document: PhotoDocument, turn: number): PhotoDocument => {
  const conflict = document.conflicts.find(({ field }) => isRuledField(field));
  const [service] = Object.keys(conflict?.values ?? {});
  return conflict === undefined || service === undefined
    ? document
    : settle(document, conflict.field, { kind: "service", service }, at(turn));
};

const world = fc.tuple(history, readings).chain(([{ first, rest }, known]) => {
  const deeds: fc.Arbitrary<Deed> = fc.oneof(
    fc.constantFrom(first, ...rest).map(
      (finding): Deed =>
        (document, turn) =>
          mergeFinding(document, finding, known, contextAt(at(turn))),
    ),
    fc.constant<Deed>(
      (document, turn) => resolveDocument(document, { enabledRules: DEFAULT_RULES, now: at(turn) }).document,
    ),
    fc.constant<Deed>(settleFirst),
    fc.constant<Deed>(recordReplica),
    fc.constantFrom("one", "two").map(
      (caption): Deed =>
        (document) =>
          editedByHand(document, { caption }),
    ),
    fc.subarray(["x", "y"]).map(
      (tags): Deed =>
        (document) =>
          editedByHand(document, { tags }),
    ),
  );
  return fc.record({
    start: fc.constant(mergeFinding(null, first, known, contextAt(T0))),
    deeds: fc.array(deeds, { minLength: 1, maxLength: 6 }),
    order: fc.array(fc.nat(5), { minLength: 30, maxLength: 30 }),
  });
});

/** The states that deeds lead through, the first included. */
const statesOf = (start: PhotoDocument, deeds: readonly Deed[]): readonly PhotoDocument[] => {
  const states = [start];
  deeds.forEach((deed, turn) => {
    const before = states.at(-1) ?? start;
    states.push(keepingVisibility(before, deed(before, turn)));
  });
  return states;
};

/** The photo with only some operations standing, or the position of the one that builds on what is missing. */
function replayed(
  states: readonly PhotoDocument[],
  standing: ReadonlySet<number>,
): PhotoDocument | number | null {
  let state: PhotoDocument | null = states[0] ?? null;
  for (let turn = 0; turn + 1 < states.length; turn++) {
    if (!standing.has(turn)) continue;
    const change = { before: states[turn] ?? null, after: states[turn + 1] ?? null };
    const made = replayChange(state, change, isPhotoDocument);
    if (made.kind === "clash") return turn;
    state = made.document;
  }
  return state;
}

it("undone in any order, doing first what a refusal names, operations lead back to the very first document", () => {
  fc.assert(
    fc.property(world, ({ start, deeds, order }) => {
      const states = statesOf(start, deeds);
      const standing = new Set(deeds.keys());
      const undo = (turn: number): void => {
        for (;;) {
          const without = new Set([...standing].filter((one) => one !== turn));
          const result = replayed(states, without);
          if (typeof result !== "number") {
            standing.delete(turn);
            return;
          }
          // A refusal names a later operation that stands, so this ends.
          expect(result).toBeGreaterThan(turn);
          expect(standing.has(result)).toBe(true);
          undo(result);
        }
      };
      for (const pick of order) {
        const left = [...standing];
        const turn = left[pick % Math.max(1, left.length)];
        if (turn !== undefined) undo(turn);
      }
      expect(standing.size).toBe(0);
      expect(replayed(states, standing)).toBe(states[0]);
    }),
    { numRuns: runs(80) },
  );
});

it("undoing the last one gives the document before it, and undoing that undo the one after it", () => {
  fc.assert(
    fc.property(world, ({ start, deeds }) => {
      const states = statesOf(start, deeds);
      const all = new Set(deeds.keys());
      expect(sameJson(replayed(states, all), states.at(-1))).toBe(true);
      all.delete(deeds.length - 1);
      expect(replayed(states, all)).toEqual(states.at(-2));
    }),
    { numRuns: runs(80) },
  );
});

it("taking out an operation leaves a later hand edit of another place as it is", () => {
  fc.assert(
    fc.property(world, fc.string({ maxLength: 8 }), ({ start, deeds }, title) => {
      const byHand: Deed = (document) => editedByHand(document, { title: `mine ${title}` });
      const states = statesOf(start, [...deeds, byHand]);
      for (const gone of deeds.keys()) {
        const standing = new Set([...deeds.keys(), deeds.length].filter((one) => one !== gone));
        const result = replayed(states, standing);
        if (typeof result === "number" || result === null) continue;
        expect(result.metadata).toMatchObject({ title: `mine ${title}` });
      }
    }),
    { numRuns: runs(80) },
  );
});
