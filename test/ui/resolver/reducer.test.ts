import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision, OpenQuestion } from "../../../src/domain/settling/decision.js";
import { questionId } from "../../../src/domain/settling/decision.js";
import { changesBetween } from "../../../src/ui/resolver/deciding.js";
import { commandOf, KEYMAP, takesText } from "../../../src/ui/resolver/keymap.js";
import { reduce } from "../../../src/ui/resolver/reducer.js";
import { currentOf, type State, startOf } from "../../../src/ui/resolver/state.js";
import { captionQuestion, identityQuestion, valueQuestion, visibilityQuestion } from "./questions.js";

const around = { room: { columns: 80, rows: 24, color: true }, now: "2026-01-01T00:00:00Z" };

/** What a key does, or text where text is taken. */
function press(state: State, key: string): State {
  const command = commandOf(state.mode.at, key);
  if (command !== null && command !== "pictures")
    return reduce(state, { is: "command", command, key }, around);
  return takesText(state.mode.at) ? reduce(state, { is: "text", text: key }, around) : state;
}
const pressAll = (state: State, ...keys: string[]): State => keys.reduce(press, state);

const some: fc.Arbitrary<readonly OpenQuestion[]> = fc
  .array(fc.record({ make: fc.integer({ min: 0, max: 4 }), like: fc.integer({ min: 0, max: 2 }) }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((wishes) =>
    wishes.map(({ make, like }, n) => {
      const alike = `${make} ${like}`;
      switch (make) {
        case 0:
          return captionQuestion(n, { alike });
        case 1:
          return identityQuestion(n, { alike });
        case 2:
          return visibilityQuestion(n, { alike });
        case 3:
          return valueQuestion(n, "taken_date", "date", ["2024-01-15T10:30:00", "2024-02-15T10:30:00"], {
            alike,
          });
        default:
          return valueQuestion(n, "tags", "tags", [["a"], ["b", "c, d"]], { alike });
      }
    }),
  );

/** Any key of the keymap but those that end the sitting, and some text. */
const KEYS = [
  ...new Set(Object.values(KEYMAP).flatMap((bindings) => bindings.flatMap(({ keys }) => keys))),
].filter((key) => key !== "ctrl+c");
const keys = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...KEYS.filter((key) => key !== "q")) },
    { weight: 3, arbitrary: fc.constantFrom("return", "1", "2", "a", "y", "u", "e", "p", "s") },
    { weight: 1, arbitrary: fc.constantFrom("public", "x, y", "2024-01-01", '"', "👨‍👩‍👧", "שלום") },
  ),
  { maxLength: 60 },
);

const decidedBy = (state: State) =>
  Object.fromEntries([...state.decided].sort(([a], [b]) => (a < b ? -1 : 1)));

describe("the resolver's reducer", () => {
  it("keeps the cursor on a question, and decides nothing but questions that were put, whatever keys are pressed", () => {
    fc.assert(
      fc.property(some, keys, (questions, pressed) => {
        let state = startOf(questions, new Map());
        const ids = new Set(questions.map(({ id }) => id));
        for (const key of pressed) {
          state = press(state, key);
          expect(state.position).toBeGreaterThanOrEqual(0);
          expect(currentOf(state)).toBeDefined();
          for (const [id, decision] of state.decided) {
            expect(ids.has(id)).toBe(true);
            expect(questionId(decision)).toBe(id);
          }
          if (state.mode.at === "done") expect(state.decided.size).toBe(questions.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("undo inverts: taking every answer back leaves nothing decided, and each step is the state before it", () => {
    fc.assert(
      fc.property(some, keys, (questions, pressed) => {
        const seen = [decidedBy(startOf(questions, new Map()))];
        let state = startOf(questions, new Map());
        for (const key of pressed) {
          const next = press(state, key);
          if (next.history.length > state.history.length) seen.push(decidedBy(next));
          if (next.history.length < state.history.length) seen.pop();
          state = next;
        }
        state = { ...state, mode: { at: "list" } };
        for (; seen.length > 0; seen.pop()) {
          expect(decidedBy(state)).toEqual(seen.at(-1));
          state = press(state, "u");
        }
        expect(state.history).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("tells of every change what has to be written down: replayed, that gives what is decided", () => {
    fc.assert(
      fc.property(some, keys, (questions, pressed) => {
        const written = new Map<string, Decision>();
        let state = startOf(questions, new Map());
        for (const key of pressed) {
          const next = press(state, key);
          const { decisions, takenBack } = changesBetween(state, next);
          for (const decision of decisions) written.set(questionId(decision), decision);
          for (const id of takenBack) written.delete(id);
          state = next;
        }
        expect(new Map([...written].sort())).toEqual(new Map([...state.decided].sort()));
      }),
      { numRuns: 300 },
    );
  });

  it("lists every question once, and each can be reached by the arrow keys", () => {
    fc.assert(
      fc.property(some, (questions) => {
        let state = pressAll(startOf(questions, new Map()), "home");
        const reached = new Set<string>();
        for (const _ of questions) {
          reached.add(currentOf(state)?.id ?? "");
          state = press(state, "down");
        }
        expect(reached.size).toBe(questions.length);
      }),
    );
  });

  it("settles with one answer exactly the open questions that are alike", () => {
    fc.assert(
      fc.property(some, fc.nat(), (questions, seed) => {
        let state = startOf(questions, new Map());
        state = { ...state, position: seed % questions.length };
        const own = currentOf(state);
        const alike = questions.filter((one) => one.kind === own?.kind && one.alike === own.alike);
        // Alone there is nothing to ask, and the number would answer the one question.
        const answered = pressAll(state, "return", "a", ...(alike.length > 1 ? ["1", "y"] : []));
        const expected = alike.length > 1 ? alike.map(({ id }) => id).sort() : [];
        expect([...answered.decided.keys()].sort()).toEqual(expected);
        expect(answered.history.length).toBe(alike.length > 1 ? 1 : 0);
      }),
    );
  });

  it("leaves alone what was answered before, when the others alike are settled", () => {
    const questions = [1, 2, 3].map((n) => captionQuestion(n));
    const state = pressAll(startOf(questions, new Map()), "return", "2", "a", "1", "y");
    expect(questions.map(({ id }) => state.decided.get(id)?.answer)).toEqual([
      { kind: "holder", holder: "google-photos" },
      { kind: "holder", holder: "flickr" },
      { kind: "holder", holder: "flickr" },
    ]);
    expect(state.mode.at).toBe("done");
  });

  it("goes on where a sitting was cut short, and can take those answers back, too", () => {
    const questions = [1, 2].map((n) => captionQuestion(n));
    const first = pressAll(startOf(questions, new Map()), "return", "1");
    const again = startOf(questions, first.decided);
    expect(again.decided).toEqual(first.decided);
    expect(currentOf(again)?.id).toBe(questions[1]?.id);
    const back = press(again, "u");
    expect(back.decided.size).toBe(0);
    expect(changesBetween(again, back).takenBack).toEqual([questions[0]?.id]);
  });

  it("shows a photo to more people only once the level was typed", () => {
    const start = press(startOf([visibilityQuestion(1)], new Map()), "return");
    const asked = press(start, "2");
    expect(asked.mode.at).toBe("widening");
    expect(pressAll(asked, "return").decided.size).toBe(0);
    expect(pressAll(asked, "y", "return").decided.size).toBe(0);
    const agreed = pressAll(asked, "p", "u", "b", "l", "i", "c", "return");
    expect([...agreed.decided.values()].map(({ answer }) => answer)).toEqual([
      { kind: "level", level: "public" },
    ]);
    expect(press(start, "1").decided.size).toBe(1);
  });

  it("asks for the level, too, when all alike are opened at once", () => {
    const questions = [1, 2, 3].map((n) => visibilityQuestion(n));
    const asked = pressAll(startOf(questions, new Map()), "return", "a", "2");
    expect(asked.mode.at).toBe("widening");
    expect(press(asked, "return").decided.size).toBe(0);
    expect(pressAll(asked, "public", "return").decided.size).toBe(3);
  });

  it("makes a rule of one decision alone, and only of a source", () => {
    const questions = [1, 2].map((n) => captionQuestion(n));
    const state = pressAll(startOf(questions, new Map()), "return", "p", "1", "y");
    expect([...state.decided.values()]).toMatchObject([
      { remember: true, answer: { kind: "holder", holder: "flickr" } },
    ]);
    expect(pressAll(startOf(questions, new Map()), "return", "p", "3").mode.at).toBe("scope");
    expect(pressAll(startOf([identityQuestion(1)], new Map()), "return", "p").mode.at).toBe("card");
  });

  it("keeps a text of one's own, and one that was left unfinished for when it is edited again", () => {
    const start = pressAll(startOf([captionQuestion(1)], new Map()), "return", "e", "ctrl+u", "hers: 👨‍👩‍👧");
    const left = press(start, "escape");
    expect(left.decided.size).toBe(0);
    const kept = pressAll(left, "e", "return");
    expect([...kept.decided.values()][0]?.answer).toEqual({ kind: "value", value: "hers: 👨‍👩‍👧" });
  });

  it("does not keep a text that is no value of the field, and says why", () => {
    const date = valueQuestion(1, "taken_date", "date", ["2024-01-15T10:30:00", "2024-02-15T10:30:00"]);
    const editing = pressAll(startOf([date], new Map()), "return", "e", "ctrl+u", "2024-02-30", "return");
    expect(editing.decided.size).toBe(0);
    expect(editing.mode).toMatchObject({ at: "editing", problem: expect.any(String) });
  });
});
