import { cleanup } from "ink-testing-library";
import { afterEach, describe, expect, it } from "vitest";
import { columnsOf } from "../../../src/ui/cells.js";
import { until } from "../until.js";
import { bare, ENTER, ESCAPE, open } from "./open-resolver.js";
import { captionQuestion, identityQuestion, valueQuestion, visibilityQuestion } from "./questions.js";

afterEach(cleanup);

// biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
const DRIVES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a look begins with the escape character
const COLOURS = /\u001b\[[\d;]*3[0-7][;m]/u;
const DOWN = "\u001b[B";

function expectWithin(frame: string, columns: number, rows: number): void {
  const lines = bare(frame).split("\n");
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
}

describe("a frame", () => {
  const hostile = "evil\u001b[2J\u001b]0;title\u0007\u202egpj.\r\n\u0000";
  const questions = [
    captionQuestion(1, { filename: hostile }),
    valueQuestion(2, "caption", "caption", [`${hostile}`.repeat(50), "写真 👨‍👩‍👧 שלום ".repeat(300)], {
      filename: "写真".repeat(60),
    }),
    valueQuestion(3, "tags", "tags", [[hostile, "👨‍👩‍👧"], ["שלום"]], { filename: "👨‍👩‍👧‍👦".repeat(40) }),
    identityQuestion(4, { filename: "x".repeat(300) }),
    visibilityQuestion(5),
    valueQuestion(6, "location", "place", [
      { lat: 1, lng: 2 },
      { lat: 3, lng: 4 },
    ]),
  ];

  it.each([
    [80, 24, false],
    [80, 24, true],
    [40, 12, false],
    [40, 24, true],
    [200, 60, true],
    [20, 6, false],
  ])(
    "never is larger than a window of %d by %d (colour: %s), and holds nothing that drives a terminal",
    async (columns, rows, color) => {
      const lines: string[] = [];
      const place = (line: string) => {
        lines.push(line);
        return line;
      };
      const { stdin, frames, see, decided } = open(questions, { columns, rows, color, place });
      await see("1 of 6");
      for (const _ of questions) {
        for (const key of [
          ENTER,
          "v",
          "v",
          "e",
          ESCAPE,
          "a",
          ESCAPE,
          "p",
          ESCAPE,
          "?",
          "?",
          "2",
          ESCAPE,
          "u",
          "q",
          DOWN,
        ]) {
          stdin.write(key);
          // A lone escape counts as a key once nothing follows it at once.
          await new Promise(setImmediate);
        }
      }
      expect(decided.length).toBeGreaterThan(0);
      // Lines reach the terminal as they are, without Ink's cutting.
      for (const line of lines) expectWithin(line, columns, 1);
      for (const frame of [...frames, ...lines]) {
        expectWithin(frame, columns, rows);
        expect(bare(frame)).not.toMatch(DRIVES);
        if (!color) expect(frame).not.toMatch(COLOURS);
      }
    },
  );

  it("follows the window's size", async () => {
    const { press, see, frame, resize } = open([
      valueQuestion(1, "caption", "caption", ["word ".repeat(80), "other ".repeat(80)]),
    ]);
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    for (const [columns, rows] of [
      [40, 12],
      [200, 50],
      [30, 8],
      [80, 24],
    ] as const) {
      resize({ columns, rows });
      await until(() => expectWithin(frame(), columns, rows));
      expect(frame()).toContain("IMG_1.jpg");
    }
  });

  it("marks what differs without colour, too", async () => {
    const { press, see } = open([captionQuestion(1)]);
    await see("1 question open");
    await press(ENTER, "[Ocean Beach sunset with friends]");
  });
});
