import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTakenDates, monthFolder, parseTakenDate } from "../../../src/domain/taken-date.js";
import { runs } from "../runs.js";

/** Any instant that four digits of a year can tell, to the millisecond. */
const instant = fc
  .date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.getTime());
const quarters = fc.integer({ min: -56, max: 56 });

const clock = (ms: number): string => new Date(ms).toISOString().slice(0, -1);
const zone = (minutes: number): string => {
  const two = (n: number) => String(n).padStart(2, "0");
  const east = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(east / 60))}:${two(east % 60)}`;
};

describe("taken dates", () => {
  it("count the same milliseconds as the language's own calendar", () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(parseTakenDate(clock(ms))).toEqual({
          wallClockMs: ms,
          offsetMinutes: null,
          instantOnly: false,
        });
        expect(monthFolder(clock(ms))).toBe(clock(ms).slice(0, 7).replace("-", "/"));
      }),
      { numRuns: runs(1000) },
    );
  });

  it("exist exactly on the days that the calendar has", () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, "0"));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), part(13), part(32), (year, month, day) => {
        const text = `${String(year).padStart(4, "0")}-${month}-${day}T12:00:00`;
        const utc = new Date(`${text}Z`);
        const exists = !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(text);
        expect(parseTakenDate(text) !== null).toBe(exists);
      }),
      { numRuns: runs(2000) },
    );
  });

  it("are the same moment in every zone that it is told in", () => {
    fc.assert(
      fc.property(instant, quarters, quarters, (ms, a, b) => {
        const told = (quarter: number) => clock(ms + quarter * 900_000) + zone(quarter * 15);
        expect(compareTakenDates(told(a), told(b))).toBe("same");
        expect(compareTakenDates(told(a), `${clock(ms)}Z`)).toBe("same");
        expect(compareTakenDates(told(a), told(b).replace(/[+-]..:..$/, ""))).toBe(
          a === b ? "same" : "different",
        );
      }),
    );
  });

  it("without a zone are in doubt against an instant by whole quarter hours alone", () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -60, max: 60 }),
        fc.integer({ min: 0, max: 899 }),
        (ms, quarter, seconds) => {
          const wall = clock(ms + quarter * 900_000 + seconds * 1000);
          const expected = seconds === 0 && Math.abs(quarter) <= 56 ? "zone-doubt" : "different";
          expect(compareTakenDates(wall, `${clock(ms)}Z`)).toBe(expected);
        },
      ),
    );
  });
});
