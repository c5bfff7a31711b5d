import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect } from "vitest";
import type { Appearance } from "../../../src/domain/identity/appearance.js";
import { type JudgedPair, joinsOf } from "../../../src/domain/identity/joins.js";
import { isWorthLooking, judge } from "../../../src/domain/identity/judge.js";
import { candidateKeys, candidatePairs } from "../../../src/domain/identity/keys.js";
import { turned } from "../../../src/domain/identity/sketch.js";
import { blobs, sketched, sketchFrom } from "../../unit/domain/identity/seen-pictures.js";
import { runs } from "../runs.js";

const SKETCHES = [
  sketched(1),
  sketched(1, (level, x, y) => level + ((x + y) % 3) - 1),
  sketched(1, (level, x) => (x < 8 ? level + 40 : level)),
  sketched(2),
  sketchFrom(turned(blobs(1), 1, 3)),
  sketchFrom(new Uint8Array(64 * 64 * 3).fill(2)),
  null,
];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
const picture = fc.record({
  marks: fc.subarray(["flickr:1", "own:7"], { maxLength: 1 }),
  source: fc.constantFrom("folder", "flickr", "google-photos"),
  filename: maybe(
    fc.constantFrom(
      "IMG_1234.JPG",
      "IMG_1234(1).jpg",
      "IMG_1235.JPG",
      "Am See.jpg",
      "image.jpg",
      "5078_b.jpg",
    ),
  ),
  takenDate: maybe(
    fc.constantFrom(
      "2023-05-01T10:20:30",
      "2023-05-01T10:20:30.45",
      "2023-05-01T10:20:30.46",
      "2023-05-01T08:20:30Z",
      "2023-05-01T10:20:31",
      "2023-05-01T00:00:00",
      "2024-01-01T12:00:00",
    ),
  ),
  camera: maybe(fc.constantFrom({ make: "Canon", model: "EOS R6" }, { make: "Sony", model: "A7" })),
  size: fc.constantFrom([4000, 3000], [1024, 768], [768, 1024], [900, 900]),
  isOriginal: fc.boolean(),
  sketch: fc.constantFrom(...SKETCHES),
});
const pictures = (least: number, most: number): fc.Arbitrary<readonly Appearance[]> =>
  fc.array(picture, { minLength: least, maxLength: most }).map((given) =>
    given.map(({ source, size, filename, takenDate, camera, ...rest }, nth) => ({
      id: `p${nth}`,
      kind: "image" as const,
      sources: [source],
      width: size[0] ?? 1,
      height: size[1] ?? 1,
      ...(filename !== undefined && { filename }),
      ...(takenDate !== undefined && { takenDate }),
      ...(camera !== undefined && { camera }),
      ...rest,
    })),
  );
const judged = (all: readonly Appearance[]): readonly JudgedPair[] =>
  candidatePairs(all).pairs.flatMap(([left, right]) => {
    const [a, b] = [all[left], all[right]];
    return a === undefined || b === undefined ? [] : [{ a: a.id, b: b.id, judgement: judge(a, b) }];
  });

describe("identity", () => {
  test.prop([pictures(2, 2)], { numRuns: runs(200) })(
    "is symmetric, and whatever is not two pictures was worth a look and has a key in common",
    ([a, b]) => {
      if (a === undefined || b === undefined) return;
      const found = judge(a, b);
      expect(judge(b, a)).toEqual(found);
      if (found.verdict === "different") return;
      expect(isWorthLooking(a, b)).toBe(true);
      const isPlain =
        found.verdict === "ask" && !candidateKeys(a).some((key) => candidateKeys(b).includes(key));
      expect(isPlain).toBe(false);
    },
  );

  test.prop([pictures(2, 2)], { numRuns: runs(200) })(
    "never joins what another second, camera, number or look speaks against",
    ([a, b]) => {
      if (a === undefined || b === undefined) return;
      const { verdict, reasons } = judge(a, b);
      const against = reasons.filter(({ kind, speaks }) => speaks === "against" && kind !== "shape");
      const isMarked = reasons.some(({ kind }) => kind === "mark");
      if (against.length > 0 && !isMarked) expect(verdict).not.toBe("same");
    },
  );

  test.prop([pictures(2, 7), fc.infiniteStream(fc.nat())], { numRuns: runs(200) })(
    "joins the same whatever the order, each once, never through a third, and keeps every picture",
    (all, chances) => {
      const { joined, asked } = joinsOf(all, judged(all));
      const shuffled = all
        .map((one) => ({ one, at: chances.next().value ?? 0 }))
        .sort((x, y) => x.at - y.at)
        .map(({ one }) => one);
      expect(joinsOf(shuffled, judged(shuffled).toReversed()).joined).toEqual(joined);
      const members = joined.map(({ member }) => member);
      expect(new Set(members).size).toBe(members.length);
      for (const { host, member } of joined) {
        expect(members).not.toContain(host);
        const [a, b] = [host, member].map((id) => all.find((one) => one.id === id));
        if (a !== undefined && b !== undefined) expect(judge(a, b).verdict).toBe("same");
      }
      for (const { host, member } of asked) {
        expect(joined.some((join) => join.host === host && join.member === member)).toBe(false);
      }
    },
  );
});
