import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  monthMicros,
  restoreMicros,
  storageMicros,
  tieredMicros,
  together,
  uploadMicros,
  volumeOf,
} from "../../../src/domain/estimate.js";
import type { PriceTable } from "../../../src/domain/prices.js";
import { runs } from "../runs.js";

const table = JSON.parse(
  readFileSync(new URL("../../../config/prices.json", import.meta.url), "utf8"),
) as PriceTable;
/** Every class of every provider of the built-in table. */
const classes = Object.values(table.presets).flatMap((provider) =>
  Object.keys(provider.classes).map((name) => ({ provider, name })),
);
const MIB = 1024 ** 2;
const sizes = fc.array(fc.nat({ max: 4 * 1024 ** 4 }), { maxLength: 20 });
const volume = (each: readonly number[]) => volumeOf(each, { wholeBytes: 16 * MIB, partBytes: 8 * MIB });

it("more objects never cost less, at any provider, in any class", () => {
  fc.assert(
    fc.property(fc.constantFrom(...classes), sizes, sizes, ({ provider, name }, some, more) => {
      const [little, much] = [volume(some), volume([...some, ...more])];
      for (const cost of [monthMicros, uploadMicros, restoreMicros]) {
        const [less, greater] = [cost(provider, name, little), cost(provider, name, much)];
        expect(Number.isSafeInteger(less) && Number.isSafeInteger(greater)).toBe(true);
        expect(greater).toBeGreaterThanOrEqual(less);
      }
      expect(together(little, volume(more))).toEqual(much);
    }),
    { numRuns: runs(200) },
  );
});

it("months add up", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...classes),
      sizes,
      fc.nat(120),
      fc.nat(120),
      ({ provider, name }, some, a, b) => {
        const cost = (months: number) => storageMicros(provider, name, volume(some), months);
        expect(cost(a + b)).toBe(cost(a) + cost(b));
      },
    ),
    { numRuns: runs(100) },
  );
});

it("a byte is billed by the tier that it is in: no tier's border makes a jump", () => {
  fc.assert(
    fc.property(fc.constantFrom(...classes), fc.nat({ max: 1000 }), ({ provider, name }, beyond) => {
      const gigabyte = provider.gigabyte_bytes;
      const lists = [provider.egress, provider.classes[name]?.storage ?? []];
      for (const tiers of lists) {
        for (const { up_to_gb: border } of tiers) {
          if (border === undefined) continue;
          const at = border * gigabyte;
          const step = tieredMicros(tiers, at + beyond, gigabyte) - tieredMicros(tiers, at, gigabyte);
          const dearest = Math.max(...tiers.map(({ price }) => price));
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(Math.ceil((beyond * dearest * 1_000_000) / gigabyte) + 1);
        }
      }
    }),
    { numRuns: runs(100) },
  );
});
