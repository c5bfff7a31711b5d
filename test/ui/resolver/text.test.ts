import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphemes } from "../../../src/text/lines.js";
import { columnsOf, cut, draw, lineColumns, middle } from "../../../src/ui/cells.js";
import { differences } from "../../../src/ui/resolver/differences.js";
import { fieldText } from "../../../src/ui/resolver/field-text.js";
import {
  editorOf,
  erase,
  insert,
  layOut,
  MOTIONS,
  move,
  textOf,
} from "../../../src/ui/resolver/text-editor.js";
import { heldSpans } from "../../../src/ui/resolver/value-spans.js";
import { wrapSpans } from "../../../src/ui/wrap.js";
import { valueQuestion } from "./questions.js";

const words = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "sun",
        "beach",
        " ",
        "\n",
        "👨‍👩‍👧",
        "写真",
        "שלום",
        "é",
        "e\u0301",
        "\u001b[2J",
        "a".repeat(30),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join("")),
);

describe("lines", () => {
  it("are never wider than their room, and lose nothing but the spaces at which they break", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 50 }), (text, columns) => {
        const lines = wrapSpans([{ text }], columns);
        for (const line of lines) expect(lineColumns(line)).toBeLessThanOrEqual(columns);
        const kept = lines.map((line) => line.map((span) => span.text).join("")).join("");
        expect(kept.replace(/[ \n]/gu, "")).toBe(text.replace(/[ \n]/gu, ""));
      }),
      { numRuns: 500 },
    );
  });

  it("say where they were cut", () => {
    expect(
      wrapSpans([{ text: "one two three four" }], 9, 1).map((line) => line.map(({ text }) => text).join("")),
    ).toEqual(["one two…"]);
    expect(draw(cut([{ text: "写真写真" }], 5), false)).toBe("写真…");
    expect(columnsOf(middle("a-long-file-name.jpeg", 12))).toBeLessThanOrEqual(12);
    expect(middle("a-long-file-name.jpeg", 12)).toMatch(/jpeg$/u);
  });
});

describe("what differs", () => {
  it("is marked within the whole text, and what is shared reads the same in both", () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const pieces = differences([a, b]);
        expect(pieces.map((own) => own.map(({ text }) => text).join(""))).toEqual([a, b]);
        const shared = pieces.map((own) =>
          own
            .filter(({ differs }) => !differs)
            .map(({ text }) => text)
            .join("")
            .replace(/\s/gu, ""),
        );
        expect(shared[0]).toBe(shared[1]);
      }),
      { numRuns: 500 },
    );
  });

  it("is words of a sentence, and characters of a single word", () => {
    const differing = (texts: readonly string[]) =>
      differences(texts).map((own) => own.filter(({ differs }) => differs).map(({ text }) => text));
    expect(differing(["Sunset at the beach", "Sunset at Ocean Beach"])).toEqual([
      ["the beach"],
      ["Ocean Beach"],
    ]);
    expect(differing(["IMG_1234", "IMG_1294"])).toEqual([["3"], ["9"]]);
    expect(differing(["海の写真です", "山の写真です"])).toEqual([["海"], ["山"]]);
  });

  it("is found in captions of ten thousand characters without a table of all pairs", () => {
    const long = Array.from({ length: 2000 }, (_, n) => `w${n}`).join(" ");
    const other = Array.from({ length: 2000 }, (_, n) => `v${n}`).join(" ");
    const [first] = differences([`${long} end`, `${other} end`]);
    expect(first?.at(-1)).toEqual({ text: " end", differs: false });
  });

  it("can be told without colour", () => {
    const question = valueQuestion(1, "tags", "tags", [["sea", "sun"], ["sea"]]);
    const plain = heldSpans(question, false).map((spans) => spans.map(({ text }) => text).join(""));
    expect(plain).toEqual(["sea, [sun]", "sea"]);
  });
});

describe("values as text", () => {
  const roundTrip = (field: string, value: unknown) => {
    const text = fieldText(field);
    return text?.read(text.write(value as never));
  };

  it("are what they were when nothing was changed", () => {
    for (const [field, value] of [
      ["caption", "two\nlines, “quoted” 👨‍👩‍👧"],
      ["taken_date", "2024-01-15T10:30:00-08:00"],
      ["taken_date", "2024-01-15T10:30:00.123"],
      ["taken_date", "2024-01-15T18:30:00Z"],
      ["tags", ["a", "b, c", 'say "x"', "שלום"]],
      ["location", { lat: 48.85837, lng: 2.29448, altitude: 35 }],
      ["location", { lat: -48.5, lng: 2 }],
      ["rating", 4],
      ["camera_info", { make: "Canon", model: "EOS R5" }],
    ] as const) {
      expect(roundTrip(field, value)).toEqual({ value });
    }
  });

  it("of lists survive whatever their names hold", () => {
    const names = fc.uniqueArray(
      fc
        .string({ unit: "grapheme", minLength: 1 })
        .map((name) => name.normalize("NFC").trim())
        .filter((name) => name !== "" && !/[\n\r]/u.test(name)),
    );
    fc.assert(
      fc.property(names, (value) => {
        expect(roundTrip("tags", value)).toEqual({ value });
      }),
    );
  });

  it("are refused with words where they are none", () => {
    for (const [field, text] of [
      ["taken_date", "yesterday"],
      ["taken_date", "2024-13-01"],
      ["tags", '"open'],
      ["location", "91, 2"],
      ["location", "somewhere"],
      ["rating", "6"],
      ["camera_info", "Canon"],
    ] as const) {
      expect(fieldText(field)?.read(text)).toEqual({ problem: expect.any(String) });
    }
    expect(fieldText("taken_date")?.read("2024-01-15 10:30")).toEqual({ value: "2024-01-15T10:30:00" });
  });
});

describe("the text editor", () => {
  it("never cuts a character in two, and types what it is given", () => {
    fc.assert(
      fc.property(
        words,
        fc.array(fc.constantFrom(...MOTIONS), { maxLength: 20 }),
        words,
        (start, path, typed) => {
          const clean = start.replace(/\r\n?/gu, "\n");
          const at = path.reduce((editor, motion) => move(editor, motion, 20), editorOf(start));
          expect(textOf(at)).toBe(clean);
          expect(at.cursor).toBeLessThanOrEqual(at.parts.length);
          expect(graphemes(textOf(at))).toEqual(at.parts);
          const before = at.parts.slice(0, at.cursor).join("");
          const after = insert(at, typed);
          expect(textOf(after).startsWith(before)).toBe(true);
          expect(graphemes(textOf(after))).toEqual(after.parts);
          const { lines, line } = layOut(after, 20);
          expect(lines[line]).toBeDefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  it("erases whole characters, of any script", () => {
    const erased = (text: string) => textOf(erase(editorOf(text), "left", 40));
    expect(erased("to 👨‍👩‍👧")).toBe("to ");
    expect(erased("cafe\u0301")).toBe("caf");
    expect(erased("שלום")).toBe("שלו");
    expect(textOf(erase(editorOf("one two"), "wordLeft", 40))).toBe("one ");
  });

  it("takes no control characters in, but line breaks", () => {
    expect(textOf(insert(editorOf(""), "a\u001b[31mb\r\nc\u0007"))).toBe("a[31mb\nc");
  });
});
