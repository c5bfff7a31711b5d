import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { parseDay } from "../../../src/cli/day.js";
import { parseDayFlag, parseSample, parseService, parseSince } from "../../../src/cli/flag-values.js";
import { parseWhen } from "../../../src/cli/when.js";

const NOW = "2024-03-31T10:30:15Z";

describe("parseWhen", () => {
  it.each([
    ["today", "2024-03-31T00:00:00Z"],
    ["yesterday", "2024-03-30T00:00:00Z"],
    ["last-week", "2024-03-24T10:30:15Z"],
    ["last week", "2024-03-24T10:30:15Z"],
    ["Last-Month", "2024-02-29T10:30:15Z"],
    ["last-year", "2023-03-31T10:30:15Z"],
    ["12h", "2024-03-30T22:30:15Z"],
    ["3d", "2024-03-28T10:30:15Z"],
    ["3 days ago", "2024-03-28T10:30:15Z"],
    ["2 weeks", "2024-03-17T10:30:15Z"],
    ["1 month ago", "2024-02-29T10:30:15Z"],
    ["1y", "2023-03-31T10:30:15Z"],
    ["2024", "2024-01-01T00:00:00Z"],
    ["2024-02", "2024-02-01T00:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["2024-01-15T10:30:00Z", "2024-01-15T10:30:00Z"],
    ["2024-01-15T10:30:00.250-08:00", "2024-01-15T18:30:00Z"],
    [" 2024 ", "2024-01-01T00:00:00Z"],
  ])("%s", (text, expected) => {
    expect(parseWhen(text, NOW)).toBe(expected);
  });

  it.each([
    "",
    "never",
    "next-week",
    "-3d",
    "3",
    "3x",
    "2024-13",
    "2024-02-30",
    "2023-02-29",
    "0000",
    "20240115",
    "2024-1-5",
    "2024-02-30T00:00:00Z",
    "2024-01-15T10:30:00",
    "2024-01-15T25:00:00Z",
    "99999 years ago",
  ])("refuses %j", (text) => {
    expect(parseWhen(text, NOW)).toBeNull();
  });

  test.prop([fc.string()])("answers any text with an instant or null", (text) => {
    const instant = parseWhen(text, NOW);
    if (instant !== null) expect(instant).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
  });

  test.prop([fc.integer({ min: 0, max: 4000 })])("a longer time ago is never later", (days) => {
    const [nearer, further] = [parseWhen(`${days}d`, NOW) ?? "", parseWhen(`${days + 1}d`, NOW) ?? ""];
    expect(further < nearer).toBe(true);
  });
});

describe("parseDay", () => {
  it("takes the first or last day of what is named", () => {
    expect(parseDay("2024", "first")).toBe("2024-01-01");
    expect(parseDay("2024", "last")).toBe("2024-12-31");
    expect(parseDay("2024-02", "last")).toBe("2024-02-29");
    expect(parseDay("1900-02", "last")).toBe("1900-02-28");
    expect(parseDay("2024-01-15", "last")).toBe("2024-01-15");
  });

  it.each(["2024-13", "2024-02-30", "24", "2024-00", "2024-01-00", "x", "0000"])("refuses %s", (text) => {
    expect(parseDay(text, "first")).toBeNull();
  });
});

describe("values of flags", () => {
  it("reads a sample as a percentage", () => {
    expect(parseSample("5%")).toBe(5);
    expect(parseSample("0.5 %")).toBe(0.5);
    expect(parseSample("100")).toBe(100);
    expect(parseSample(undefined)).toBeUndefined();
  });

  it.each(["0", "0%", "101%", "-5%", "five", "", "1e2"])("refuses the sample %j", (text) => {
    expect(() => parseSample(text)).toThrow(
      expect.objectContaining({ kind: "user", code: "usage.bad-value" }),
    );
  });

  it("tells the forms when a time is not understood", () => {
    expect(() => parseSince("never", NOW)).toThrow(expect.objectContaining({ code: "usage.bad-value" }));
    expect(() => parseDayFlag("from", "first", "May")).toThrow(
      expect.objectContaining({ code: "usage.bad-value" }),
    );
    expect(parseDayFlag("to", "last", "2024")).toBe("2024-12-31");
  });
});

describe("parseService", () => {
  it.each(["folder", "google-photos", "nas_2.old", "A".repeat(64)])("takes %s", (name) => {
    expect(parseService(name)).toBe(name);
  });

  it.each([
    "__proto__",
    "constructor",
    "schema_version",
    "$schema",
    "",
    "a b",
    "-x",
    "ä",
    "a".repeat(65),
    "a\n",
  ])("refuses %j, which no configuration can name", (name) => {
    expect(() => parseService(name)).toThrow(
      expect.objectContaining({ code: "usage.bad-value", kind: "user" }),
    );
  });
});
