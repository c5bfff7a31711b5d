import fc from "fast-check";
import { expect, it } from "vitest";
import {
  arcOf,
  ProofTally,
  parseProof,
  proofAfter,
  type StoreProof,
} from "../../../src/operations/store-proofs.js";
import { inSample } from "../../../src/phases/verify/sample.js";
import { runs } from "../runs.js";

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString().replace(".000", "");
const nothing = new ProofTally().counts();

/** One run of `verify --sample`, as it is noted and read again. */
function run(last: StoreProof | null, percent: number, day: number, keys: Iterable<string>) {
  const arc = arcOf(last, percent);
  const checked = [...keys].filter((key) => inSample(key, arc));
  const noted = parseProof(JSON.stringify(proofAfter(last, { at: at(day), percent, arc }, nothing)));
  if (noted === null) throw new Error("what was noted cannot be read");
  return { checked, noted };
}

/** Keys that come and go between the runs, beside some that stay. */
const lives = fc.record({
  staying: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 }),
  comings: fc.array(fc.array(fc.string(), { maxLength: 5 }), { minLength: 25, maxLength: 25 }),
  goings: fc.array(fc.nat(10), { minLength: 25, maxLength: 25 }),
  before: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { maxLength: 3 }),
});

it("samples that add up to 100 % pass over every replica that was there all the time, equal ones just once", () => {
  fc.assert(
    fc.property(
      lives,
      fc.constantFrom(5, 10, 12.5, 20, 25, 50),
      ({ staying, comings, goings, before }, percent) => {
        let proof: StoreProof | null = null;
        let day = 1;
        for (const share of before) proof = run(proof, share, day++, staying).noted;
        const present = new Set(staying);
        const times = new Map(staying.map((key) => [key, 0]));
        for (let turn = 0; turn < 100 / percent; turn++) {
          for (const key of comings[turn] ?? []) present.add(key);
          const coming = [...present].filter((key) => !times.has(key));
          for (const key of coming.slice(0, goings[turn])) present.delete(key);
          const { checked, noted } = run(proof, percent, day++, present);
          for (const key of checked) if (times.has(key)) times.set(key, (times.get(key) ?? 0) + 1);
          proof = noted;
        }
        expect(new Set(times.values())).toEqual(new Set([1]));
      },
    ),
    { numRuns: runs(200) },
  );
});

it("tells since when all were looked at just when the samples have come round", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(5, 7, 20, 33, 60), { minLength: 1, maxLength: 40 }), (shares) => {
      let proof: StoreProof | null = null;
      let begun = 0;
      let sum = 0;
      let whole: string | null = null;
      for (const [day, percent] of shares.entries()) {
        if (sum === 0) begun = day;
        sum += percent;
        proof = run(proof, percent, day, []).noted;
        if (sum >= 100) [whole, sum] = [at(begun), 0];
        expect(proof.whole_since).toBe(whole);
      }
    }),
    { numRuns: runs(200) },
  );
});
