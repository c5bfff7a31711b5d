import { Box, Text } from "ink";
import { cleanup, render } from "ink-testing-library";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import type { Decision, OpenQuestion } from "../../../src/domain/settling/decision.js";
import { columnsOf } from "../../../src/ui/cells.js";
import type { PicturesProps, Sitting, SittingEnd } from "../../../src/ui/resolver/contract.js";
import { Resolver } from "../../../src/ui/resolver/Resolver.js";
import { until } from "../until.js";
import { captionQuestion, identityQuestion, valueQuestion, visibilityQuestion } from "./questions.js";

afterEach(cleanup);

// biome-ignore lint/suspicious/noControlCharactersInRegex: a look begins with the escape character
const LOOKS = /\u001b\[[\d;]*m/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
const DRIVES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a look begins with the escape character
const COLOURS = /\u001b\[[\d;]*3[0-7][;m]/u;

const PlainPictures = ({ shown, width, height }: PicturesProps): ReactNode => (
  <Box width={width} height={height}>
    <Text wrap="truncate">{shown.map(({ bytes }) => `picture of ${bytes} bytes`).join(" | ")}</Text>
  </Box>
);

function open(
  questions: readonly OpenQuestion[],
  {
    columns = 80,
    rows = 24,
    color = false,
    place = (line) => line,
    ...rest
  }: Partial<Sitting> & {
    columns?: number;
    rows?: number;
    color?: boolean;
    place?: (line: string) => string;
  } = {},
) {
  const decided: Decision[] = [];
  const takenBack: string[] = [];
  const ends: SittingEnd[] = [];
  const sitting: Sitting = {
    questions,
    decided: new Map(),
    onDecide: (decisions) => void decided.push(...decisions),
    onTakeBack: (ids) => void takenBack.push(...ids),
    Pictures: PlainPictures,
    openInViewer: async () => null,
    now: () => "2026-01-01T00:00:00Z",
    ...rest,
  };
  const view = (room: { columns: number; rows: number }) => (
    <Resolver sitting={sitting} room={{ ...room, color }} place={place} onEnd={(end) => ends.push(end)} />
  );
  const { stdin, lastFrame, frames, rerender } = render(view({ columns, rows }));
  const frame = () => (lastFrame() ?? "").replace(LOOKS, "");
  const see = (text: string | RegExp) =>
    until(() => (typeof text === "string" ? expect(frame()).toContain(text) : expect(frame()).toMatch(text)));
  /** Presses a key, and waits for what is seen then. */
  const press = async (key: string, text: string | RegExp) => {
    stdin.write(key);
    await see(text);
  };
  return {
    frame,
    frames,
    see,
    press,
    stdin,
    decided,
    takenBack,
    ends,
    resize: (room: { columns: number; rows: number }) => rerender(view(room)),
  };
}

const ENTER = "\r";
const ESCAPE = "\u001b";
const DOWN = "\u001b[B";

function expectWithin(frame: string, columns: number, rows: number): void {
  const lines = frame.replace(LOOKS, "").split("\n");
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
}

describe("the resolver", () => {
  it("tells of pictures where they are and how large", async () => {
    const [first] = identityQuestion(1).pictures;
    if (first === undefined) throw new Error("a question without a picture");
    const pictures = [
      { ...first, holders: ["folder"], width: 4032, height: 3024 },
      { ...first, holders: ["flickr"], width: 1024, height: 768 },
    ];
    const { see } = open([{ ...identityQuestion(1), pictures }], { columns: 120 });
    await see("the folder: 4032 × 3024 | Flickr: 1024 × 768");
  });

  it("goes from the list to a card, takes an answer, and ends when all are answered", async () => {
    const { press, see, stdin, decided, ends } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "Ocean Beach sunset with friends");
    await press("1", "Answered: Flickr's");
    expect(decided).toMatchObject([
      { answer: { kind: "holder", holder: "flickr" }, decided_at: "2026-01-01T00:00:00Z" },
    ]);
    await press("2", "All 2 questions are answered");
    stdin.write(ENTER);
    await until(() => expect(ends).toEqual(["finished"]));
  });

  it("splits off what was joined to the photo, from a question about its caption", async () => {
    const asked = captionQuestion(1);
    const options = [...asked.options, { answer: { kind: "split" } as const, label: "not one picture" }];
    const { press, decided } = open([{ ...asked, options }, captionQuestion(2)]);
    await press(ENTER, "not one picture");
    await press("d", "not one picture. u takes it back.");
    expect(decided).toMatchObject([{ field: "caption", answer: { kind: "split" } }]);
    await press("d", "No other picture was joined to this one.");
  });

  it("takes answers back, also from the last screen", async () => {
    const questions = [captionQuestion(1)];
    const { press, see, takenBack } = open(questions);
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("2", "The question is answered");
    await press("u", "The answer is taken back");
    expect(takenBack).toEqual([questions[0]?.id]);
  });

  it("says what one answer to all alike would do, and does nothing before the yes", async () => {
    const { press, see, decided } = open([1, 2, 3].map((n) => captionQuestion(n)));
    await see("the same answer would settle 3 of these");
    await press(ENTER, "3 alike");
    await press("a", "Which answer for all 3 alike");
    await press("1", "Settle all 3 questions alike so: Flickr's?");
    expect(decided).toEqual([]);
    await press("n", "IMG_1.jpg");
    expect(decided).toEqual([]);
    await press("a", "Which answer");
    await press("1", "Settle all 3");
    await press("y", "All 3 questions are answered");
    expect(decided).toHaveLength(3);
  });

  it("asks for the level to be typed before more people may see a photo", async () => {
    const { press, see, decided } = open([visibilityQuestion(1)]);
    await see("1 question open");
    await press(ENTER, "public: everyone");
    await press("2", "Type public to agree");
    await press("publi", "publi");
    await press(ENTER, "Nothing was changed");
    expect(decided).toEqual([]);
    await press("2", "Type public to agree");
    await press("public", /public\s+\n/u);
    await press(ENTER, "The question is answered");
    expect(decided).toMatchObject([{ answer: { kind: "level", level: "public" } }]);
  });

  it("keeps what is written by hand, with characters of several code points and pasted lines", async () => {
    const { press, see, decided } = open([captionQuestion(1)]);
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("e", "write the value");
    await press("\u0015", "Nothing at all takes it away");
    await press("Hello 👨‍👩‍👧!", "Hello");
    await press("\u001b[D", "Hello");
    await press("\u007f", /Hello\s/u);
    await press("\u001b[200~שלום\rsecond line\u001b[201~", "second line");
    await press(ENTER, "The question is answered");
    expect(decided).toMatchObject([{ answer: { kind: "value", value: "Hello שלום\nsecond line!" } }]);
  });

  it("takes keys that come faster than they are read one by one, and none beyond the return that ends a text", async () => {
    const { press, see, decided } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "IMG_1.jpg");
    await press("e", "write the value");
    await press("\u0015My own 🌅\r1", "Answered: your own words");
    expect(decided.map(({ answer }) => answer)).toEqual([{ kind: "value", value: "My own 🌅" }]);
  });

  it("takes pasted text for no keys", async () => {
    const { press, see, stdin, decided } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "IMG_1.jpg");
    stdin.write("\u001b[200~1 2 1\r\u001b[201~");
    await press("?", "This help");
    expect(decided).toEqual([]);
  });

  it("names the keys that help, as the keymap has them, and goes back", async () => {
    const { press, see } = open([captionQuestion(1)]);
    await see("1 question open");
    await press("?", "Show one kind of question only");
    await press(ESCAPE, "1 question open");
  });

  it("says why a picture could not be opened", async () => {
    const { press, see } = open([captionQuestion(1)], { openInViewer: async () => "No viewer is here." });
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("o", "No viewer is here.");
  });

  it("is interrupted by Ctrl-C, and left by q", async () => {
    const first = open([captionQuestion(1)]);
    await first.see("1 question open");
    first.stdin.write("\u0003");
    await until(() => expect(first.ends).toEqual(["interrupted"]));
    const second = open([captionQuestion(1)]);
    await second.see("1 question open");
    second.stdin.write("q");
    await until(() => expect(second.ends).toEqual(["quit"]));
  });

  it("ends with the error of what could not be written, and takes nothing for answered", async () => {
    const { press, see, stdin, ends, frame } = open([captionQuestion(1)], {
      onDecide: () => {
        throw new Error("disk full");
      },
    });
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    stdin.write("1");
    stdin.write("q");
    await until(() => expect(frame()).not.toContain("is answered"));
    expect(ends).toEqual([]);
  });

  it("lists ten thousand questions, and jumps to the last", async () => {
    const { press, see, frame } = open(Array.from({ length: 10_000 }, (_, n) => captionQuestion(n)));
    await see("10,000 questions open");
    await press("G", "IMG_9999.jpg");
    expect(frame()).toContain("10,000 of 10,000");
  });
});

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
        expect(frame.replace(LOOKS, "")).not.toMatch(DRIVES);
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
