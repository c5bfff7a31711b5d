import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { table } from "../../../src/cli/render/table.js";
import { viewFor } from "../../../src/cli/terminal.js";
import { displayWidth, pad, shorten, shown, wrap } from "../../../src/text/lines.js";
import { ago, counted, duration, readable, size } from "../../../src/text/units.js";

const text = fc.string({ unit: "grapheme" });

describe("text from outside", () => {
  it("cannot drive the terminal or reorder a line", () => {
    expect(shown("a\u001b[31m\nb\u202egpj.exe")).toBe("a\\x1b[31m\\x0ab\\u202egpj.exe");
    expect(shown("Zürich 東京 👨‍👩‍👧.jpg")).toBe("Zürich 東京 👨‍👩‍👧.jpg");
  });

  it("knows how wide it is", () => {
    expect(displayWidth("abc")).toBe(3);
    expect(displayWidth("東京")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("👨‍👩‍👧")).toBe(2);
  });

  it("keeps both ends when it is cut", () => {
    expect(shorten("a-very-long-name-of-a-photo.jpg", 15)).toBe("a-very-…oto.jpg");
    expect(shorten("short.jpg", 15)).toBe("short.jpg");
  });

  test.prop([text, fc.integer({ min: 0, max: 40 })])(
    "is never wider than it was cut to",
    (value, columns) => {
      expect(displayWidth(shorten(value, columns))).toBeLessThanOrEqual(columns);
    },
  );

  test.prop([text, fc.integer({ min: 0, max: 40 })])(
    "is never narrower than it was padded to",
    (value, columns) => {
      expect(displayWidth(pad(value, columns, "right"))).toBeGreaterThanOrEqual(columns);
    },
  );

  it("is wrapped between words", () => {
    expect(wrap("one two three four five six seven", 20, "  ")).toEqual([
      "  one two three four",
      "  five six seven",
    ]);
  });
});

describe("a table", () => {
  const view = { width: 30, color: false, full: false, now: "" };

  it("aligns its columns and lets the one give way that may", () => {
    const rows = [
      ["a-rather-long-file-name.jpg", "1"],
      ["b", "1,000"],
    ];
    const lines = table(
      [
        { title: "name", shrinks: true },
        { title: "size", align: "right" },
      ],
      rows,
      view,
    );
    expect(lines).toEqual([
      "  name                    size",
      "  a-rather-l…e-name.jpg      1",
      "  b                      1,000",
    ]);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(30);
  });

  it("ends no line with spaces, not even inside a colour", () => {
    const [line] = table([{ paint: (cell) => `\u001b[36m${cell}\u001b[39m` }], [["ab"], ["abcd"]], view);
    expect(line).toBe("  \u001b[36mab\u001b[39m");
  });
});

describe("units", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1500, "1.5 kB"],
    [999_950, "1.0 MB"],
    [48_200_000_000, "48.2 GB"],
    [123_456_789, "123 MB"],
  ])("%i bytes", (bytes, expected) => {
    expect(size(bytes)).toBe(expected);
  });

  it.each([
    [8, "8 s"],
    [59.6, "1 min"],
    [3599, "1 h 00 min"],
    [7500, "2 h 05 min"],
    [400_000, "5 days"],
  ])("%d seconds", (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });

  it.each([
    ["2026-11-21T09:59:30Z", "just now"],
    ["2026-11-21T10:00:05Z", "just now"],
    ["2026-11-21T09:58:00Z", "2 minutes ago"],
    ["2026-11-21T08:00:00Z", "2 hours ago"],
    ["2026-11-20T09:00:00Z", "yesterday"],
    ["2026-11-18T09:00:00Z", "3 days ago"],
    ["2026-06-21T09:00:00Z", "5 months ago"],
    ["2021-06-21T09:00:00Z", "5 years ago"],
    ["nonsense", "nonsense"],
  ])("%s", (at, expected) => {
    expect(ago(at, "2026-11-21T10:00:00Z")).toBe(expected);
  });

  it("counts in words and writes times for people", () => {
    expect(counted(1, "photo")).toBe("1 photo");
    expect(counted(1234, "copy", "copies")).toBe("1,234 copies");
    expect(readable("2024-01-15T10:30:00")).toBe("2024-01-15 10:30");
    expect(readable("2024-01-15T10:30:00.5-08:00")).toBe("2024-01-15 10:30 -08:00");
    expect(readable("2024-01-15T10:30:00Z")).toBe("2024-01-15 10:30 UTC");
    expect(readable("1987?")).toBe("1987?");
  });
});

describe("the view", () => {
  const terminal = { isTTY: true, columns: 80, hasColors: () => true };
  const settings = { noColor: false, verbose: false, now: "2026-11-21T10:00:00Z" };
  const viewOf = (stream: object, noColor = false) =>
    viewFor(stream as Parameters<typeof viewFor>[0], { ...settings, noColor });

  it("has colour only on a terminal that has it, unless it is not wanted", () => {
    expect(viewOf(terminal).color).toBe(true);
    expect(viewOf(terminal, true).color).toBe(false);
    expect(viewOf({ ...terminal, hasColors: () => false }).color).toBe(false);
    expect(viewOf({ ...terminal, isTTY: false }).color).toBe(false);
  });

  it("cuts nothing in files and pipes", () => {
    expect(viewOf(terminal).width).toBe(80);
    expect(viewOf({}).width).toBe(Number.POSITIVE_INFINITY);
  });
});
