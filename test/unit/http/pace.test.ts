import { fc, it } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { Pace } from "../../../src/infra/http/pace.js";

const allowance = fc.record({
  requests: fc.integer({ min: 1, max: 500 }),
  windowMs: fc.constantFrom(1_000, 60_000, 3_600_000),
});

describe("pace", () => {
  it.prop([
    fc.array(allowance, { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat({ max: 5_000 }), { maxLength: 300 }),
  ])("lets no stretch of time hold more than is allowed, whenever people ask", (allowances, gaps) => {
    const pace = new Pace(allowances);
    const sent: number[] = [];
    let now = 0;
    for (const gap of gaps) {
      now += gap;
      sent.push(now + pace.take(now, 1, Number.POSITIVE_INFINITY));
    }
    for (const { requests, windowMs } of allowances) {
      for (let i = 0; i + requests < sent.length; i++) {
        // Of one request more than is allowed, the last comes when the first is out of the window.
        expect((sent[i + requests] ?? 0) - (sent[i] ?? 0)).toBeGreaterThanOrEqual(windowMs - 1e-6);
      }
    }
  });

  it("lets a tenth of a long allowance go out at once, and the rest evenly", () => {
    const pace = new Pace([{ requests: 60, windowMs: 60_000 }]);
    const at = Array.from({ length: 60 }, () => pace.take(0, 1, Number.POSITIVE_INFINITY));
    expect(at.filter((ms) => ms === 0)).toHaveLength(6);
    expect(at.at(-1)).toBeLessThan(60_000);
  });

  it("takes fractions for one request in a longer time", () => {
    const pace = new Pace([{ requests: 0.5, windowMs: 1_000 }]);
    expect([0, 1, 2].map(() => pace.take(0, 1, 1e9))).toEqual([0, 2_000, 4_000]);
  });

  it("counts what a request costs, and takes no place for one that would wait too long", () => {
    const pace = new Pace([{ requests: 1, windowMs: 1_000 }]);
    expect(pace.take(0, 3, 10)).toBe(0);
    expect(pace.take(0, 1, 10)).toBe(3_000);
    expect(pace.take(0, 1, 3_000)).toBe(3_000);
  });
});
