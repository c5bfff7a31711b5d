import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../runs.js";
import { converge, type Deed, LEVELS, livesOf, SERVICE_DEEDS } from "./service-lives.js";

/** CI tries so many histories; `PHOTOSYNC_RUNS` multiplies it. */
const HISTORIES = 1_000;

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...SERVICE_DEEDS) }),
  fc.record({ kind: fc.constant("approve" as const), photo: fc.nat(2), level: fc.constantFrom(...LEVELS) }),
  fc.record({
    kind: fc.constant("hand-edit" as const),
    photo: fc.nat(2),
    level: fc.constantFrom(...LEVELS),
  }),
  fc.record({
    kind: fc.constant("owner-sets" as const),
    photo: fc.nat(3),
    level: fc.constantFrom(...LEVELS),
  }),
  fc.record({
    kind: fc.constant("owner-writes" as const),
    photo: fc.nat(3),
    title: fc.constantFrom("A", "B"),
  }),
);
const fates = fc.array(
  fc.oneof(
    { arbitrary: fc.constant("good" as const), weight: 6 },
    {
      arbitrary: fc.constantFrom("refused", "lost", "dies-before", "dies-after", "stale"),
      weight: 4,
    },
  ),
  { maxLength: 24 },
);

it(`shows nobody a photo without an approval, and sends none twice, in ${runs(HISTORIES)} histories`, async () => {
  let steps = 0;
  let calls = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 14 }), fates, async (deeds, given) => {
      const life = livesOf(given);
      for (const each of deeds) {
        await life.live(each);
        expect(life.violations).toEqual([]);
        expect(life.duplicates()).toEqual([]);
      }
      await converge(life);
      expect(life.violations).toEqual([]);
      expect(life.duplicates()).toEqual([]);
      expect(life.tooVisible()).toEqual([]);
      steps += deeds.length;
      calls += life.calls();
    }),
    { numRuns: runs(HISTORIES) },
  );
  console.info(`${runs(HISTORIES)} histories, ${steps} operations, ${calls} calls to the service`);
}, 1_800_000);
