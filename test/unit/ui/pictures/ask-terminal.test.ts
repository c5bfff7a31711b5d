import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { askTerminal } from "../../../../src/ui/pictures/ask-terminal.js";
import {
  NO_ANSWERS,
  QUESTIONS,
  readAnswers,
  XTERM_QUESTIONS,
  xtermCell,
} from "../../../../src/ui/pictures/terminal-answers.js";

const FOOT = "\u001bP>|foot(1.16.2)\u001b\\\u001b[6;18;9t\u001b[?62;4;22;28c";

/** Longer than the slowest machine takes to hand an answer on. */
const PATIENT_MS = 15_000;

/** A terminal whose person types and which answers once it is asked. */
function terminal(answers: readonly string[], further: readonly string[] = []) {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  const asked: string[] = [];
  const output = Object.assign(
    new Writable({
      write(chunk, _, done) {
        asked.push(String(chunk));
        for (const [at, answer] of (asked.length === 1 ? answers : further).entries())
          setTimeout(() => input.write(answer), at * 5);
        done();
      },
    }),
    { isTTY: true, columns: 120, rows: 40 },
  );
  return { input, output, asked, modes };
}

describe("readAnswers", () => {
  it("reads name, cell and sixel", () => {
    expect(readAnswers(FOOT)).toEqual({
      answers: { name: "foot(1.16.2)", hasSixel: true, cell: { widthPx: 9, heightPx: 18 } },
      sixelArea: null,
      isComplete: true,
      rest: "",
    });
  });

  it("takes 4 for sixel only among the attributes, not as the class of the terminal", () => {
    expect(readAnswers("\u001b[?4c").answers.hasSixel).toBe(false);
    expect(readAnswers("\u001b[?64;14;45c").answers.hasSixel).toBe(false);
  });

  it("believes no impossible cell", () => {
    expect(readAnswers("\u001b[6;0;9t\u001b[6;9999;9t").answers.cell).toBeNull();
  });
});

describe("xtermCell", () => {
  it.each([
    ["a window within the limit", 960, 680, 120, 40, { widthPx: 8, heightPx: 17 }],
    ["a wider one", 1000, 680, 160, 40, { widthPx: 8, heightPx: 17 }],
    ["a higher one", 960, 1000, 120, 70, null],
    ["a window of no lines", 960, 680, 120, 0, null],
  ])("%s", (_, width, height, columns, rows, cell) => {
    expect(xtermCell({ width, height }, columns, rows)).toEqual(cell);
  });
});

describe("askTerminal", () => {
  it("asks xterm, which does not tell its cell, for its largest sixel picture", async () => {
    const { input, output, asked } = terminal(
      ["\u001bP>|XTerm(379)\u001b\\\u001b[?63;4;6c"],
      ["q\u001b[?2;0;960;680S\u001b[?63;4;6c"],
    );
    const answers = await askTerminal(input, output, PATIENT_MS);
    expect(answers).toEqual({ name: "XTerm(379)", hasSixel: true, cell: { widthPx: 8, heightPx: 17 } });
    expect(asked).toEqual([QUESTIONS, XTERM_QUESTIONS]);
    expect(input.read()).toEqual(Buffer.from("q"));
  });

  it("gives the answers as soon as the last one is there, though they come in pieces", async () => {
    const { input, output, asked, modes } = terminal([FOOT.slice(0, 9), FOOT.slice(9, 30), FOOT.slice(30)]);
    const answers = await askTerminal(input, output, PATIENT_MS);
    expect(answers).toEqual({ name: "foot(1.16.2)", hasSixel: true, cell: { widthPx: 9, heightPx: 18 } });
    expect(asked).toEqual([QUESTIONS]);
    expect(modes).toEqual([true, false]);
  });

  it("puts back the keys that were pressed meanwhile, byte for byte", async () => {
    const { input, output } = terminal(["j\u001b[A", `${FOOT}é\r`]);
    await askTerminal(input, output, PATIENT_MS);
    expect(input.read()).toEqual(Buffer.from("j\u001b[Aé\r"));
  });

  it("does not wait for a terminal that does not answer", async () => {
    const { input, output, modes } = terminal(["q"]);
    expect(await askTerminal(input, output, 20)).toEqual(NO_ANSWERS);
    expect(modes).toEqual([true, false]);
    expect(input.read()).toEqual(Buffer.from("q"));
  });

  it("asks nothing where input or output is no terminal", async () => {
    const { input, output, asked } = terminal([]);
    expect(await askTerminal(input, Object.assign(output, { isTTY: false }))).toEqual(NO_ANSWERS);
    expect(asked).toEqual([]);
  });
});
