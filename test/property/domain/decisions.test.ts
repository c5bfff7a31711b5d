import fc from "fast-check";
import { expect, it } from "vitest";
import type { Facts, PhotoDocument } from "../../../src/domain/photo.js";
import { resolveDocument } from "../../../src/domain/resolve.js";
import { applyDecision } from "../../../src/domain/settling/apply-decision.js";
import type { Answer, OpenQuestion } from "../../../src/domain/settling/decision.js";
import { questionsOf } from "../../../src/domain/settling/open-questions.js";
import { isWider } from "../../../src/domain/visibility.js";
import { photoIdOf } from "../../../src/infra/hash.js";
import { disputedPhoto } from "../../fixtures/disputed.js";
import { runs } from "../runs.js";

const NOW = "2024-05-01T12:00:00Z";
const nobody = { pictureOf: () => null, person: "Ada", photoIdOf };

const words = fc.constantFrom(
  "Sunset",
  "Sunset at the beach",
  "Dinner &amp; friends",
  "Dinner & friends",
  "",
);
const names = fc.subarray(["beach", "sunset", "ada"]);
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    caption: words,
    title: words,
    tags: names,
    people: names,
    taken_date: fc.constantFrom("2024-01-15T10:30:00", "2024-01-15T12:30:00", "2024-01-15T00:00:00"),
    location: fc.constantFrom({ lat: 37.7, lng: -122.5 }, { lat: 37.76, lng: -122.51 }, { lat: 48, lng: 2 }),
  },
  { requiredKeys: [] },
);

const levels: fc.Arbitrary<PhotoDocument["conflicts"]> = fc.constantFrom(
  [],
  [
    {
      type: "visibility_mismatch" as const,
      field: "visibility",
      description: "",
      services: ["flickr", "google-photos"],
      values: { flickr: "public", "google-photos": "private" },
      resolution_required: true,
    },
    {
      type: "service_policy" as const,
      field: "service:flickr",
      description: "",
      services: ["flickr"],
      values: { flickr: "too large" },
      resolution_required: false,
    },
  ],
);

/** A photo that two services disagree on, resolved by some rules. */
const photos = fc
  .record({ flickr: facts, google: facts, more: levels, rules: fc.subarray(["tag_union", "text_form"]) })
  .map(({ flickr, google, more, rules }): PhotoDocument => {
    const disputed = disputedPhoto(1, flickr, google);
    const { document } = resolveDocument(disputed, { enabledRules: rules, now: NOW });
    return { ...document, conflicts: [...document.conflicts, ...more] };
  })
  .filter((document) => questionsOf(document, nobody).length > 0);

const anyAnswer: fc.Arbitrary<Answer> = fc.constantFrom<Answer[]>(
  { kind: "holder", holder: "flickr" },
  { kind: "combine" },
  { kind: "value", value: null },
  { kind: "value", value: "Mine" },
  { kind: "same" },
  { kind: "different" },
  { kind: "level", level: "public" },
  { kind: "level", level: "private" },
  { kind: "accept" },
  { kind: "rule", rule: "tag_union" },
);

/** A photo, one of its questions, and an answer that may or may not fit it. */
const decided = photos.chain((document) => {
  const questions = questionsOf(document, nobody);
  return fc.constantFrom(...questions).chain((question: OpenQuestion) =>
    fc.oneof(fc.constantFrom(...question.options.map(({ answer }) => answer)), anyAnswer).chain((answer) =>
      fc.record({
        document: fc.constant(document),
        question: fc.constant(question),
        decision: fc.record({
          photo_id: fc.constant(document.photo_id),
          field: fc.constant(question.field),
          values: fc.constant(question.values),
          answer: fc.constant(answer),
          confirmed: fc.boolean(),
          decided_at: fc.constant(NOW),
        }),
      }),
    ),
  );
});

const check = (law: (given: typeof decided extends fc.Arbitrary<infer T> ? T : never) => void) =>
  fc.assert(fc.property(decided, law), { numRuns: runs(100) });

const outcomeOf = ({ document, decision }: Parameters<Parameters<typeof check>[0]>[0]) =>
  applyDecision({ photo: document, other: null }, decision, nobody);

it("a decision that counts removes its question, and adds none about the same field", () => {
  check((given) => {
    const outcome = outcomeOf(given);
    if (outcome.kind !== "applied") return;
    const [after] = outcome.written;
    if (after === undefined) throw new Error("nothing was written");
    const { document } = resolveDocument(after, { enabledRules: [], now: NOW });
    expect(document.conflicts.filter(({ field }) => field === given.decision.field)).toEqual([]);
  });
});

it("no decision but a confirmed level shows a photo to more people", () => {
  check((given) => {
    const outcome = outcomeOf(given);
    if (outcome.kind !== "applied") return;
    const { canonical } = given.document.visibility;
    const isWiderNow = outcome.written.some((after) => isWider(after.visibility.canonical, canonical));
    const { answer, confirmed } = given.decision;
    if (isWiderNow) expect([answer.kind, confirmed]).toEqual(["level", true]);
    const approvals = outcome.written.flatMap((after) => after.approvals ?? []);
    if (approvals.some(({ visibility }) => visibility !== "private")) expect(confirmed).toBe(true);
  });
});

it("no decision loses what a source said", () => {
  check((given) => {
    const outcome = outcomeOf(given);
    if (outcome.kind !== "applied") return;
    for (const after of outcome.written) {
      expect(after.sources).toEqual(given.document.sources);
      expect(after.instances).toEqual(given.document.instances);
    }
  });
});

it("a decision applied twice counts once", () => {
  check((given) => {
    const outcome = outcomeOf(given);
    if (outcome.kind !== "applied") return;
    const [after] = outcome.written;
    if (after === undefined) throw new Error("nothing was written");
    const { document } = resolveDocument(after, { enabledRules: [], now: NOW });
    expect(outcomeOf({ ...given, document }).kind).toBe("already");
  });
});

it("every option that is offered can be taken, once it is confirmed where that is needed", () => {
  check(({ document, question, decision }) => {
    for (const { answer, value, widens } of question.options) {
      const taken = { ...decision, answer, confirmed: widens === true };
      const outcome = applyDecision({ photo: document, other: null }, taken, nobody);
      expect(outcome.kind).toBe("applied");
      if (outcome.kind !== "applied" || value === undefined) continue;
      expect(outcome.written[0]?.resolutions?.at(-1)?.value).toEqual(value);
      if (widens === true)
        expect(
          applyDecision({ photo: document, other: null }, { ...taken, confirmed: false }, nobody).kind,
        ).toBe("refused");
    }
  });
});

it("a decision on values that have changed since is refused", () => {
  check(({ document, decision }) => {
    const old = { ...decision, values: { ...decision.values, elsewhere: "new" } };
    expect(applyDecision({ photo: document, other: null }, old, nobody)).toMatchObject({
      kind: "refused",
      code: "decision.outdated",
    });
  });
});
