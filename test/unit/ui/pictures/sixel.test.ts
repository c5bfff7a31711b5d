import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { sixel } from "../../../../src/ui/pictures/sixel.js";

const percent = (level: number) => Math.round((level * 100) / 255);

/** The colours (in percent) of a sixel picture's pixels, row by row; null where nothing was drawn. */
function decoded(sequence: string): (string | null)[] {
  const [head = "", ...sizes] = /^.*?"1;1;(\d+);(\d+)/.exec(sequence) ?? [];
  const [width = 0, height = 0] = sizes.map(Number);
  const registers = new Map<string, string>();
  const drawn: (string | null)[] = new Array<string | null>(width * height).fill(null);
  let [register, x, top] = ["", 0, 0];
  const body = sequence.slice(head.length, -2);
  for (const [token] of body.matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+.|[$-]|[?-~]/g)) {
    if (token.includes(";2;")) registers.set(token.split(";")[0] ?? "", token.split(";").slice(2).join());
    else if (token.startsWith("#")) register = token;
    else if (token === "$") x = 0;
    else if (token === "-") [x, top] = [0, top + 6];
    else {
      const count = token.startsWith("!") ? Number(token.slice(1, -1)) : 1;
      const bits = token.charCodeAt(token.length - 1) - 63;
      for (const end = x + count; x < end; x += 1) {
        for (let row = 0; row < 6; row += 1) {
          if ((bits & (1 << row)) !== 0) drawn[(top + row) * width + x] = registers.get(register) ?? "none";
        }
      }
    }
  }
  return drawn;
}

describe("sixel", () => {
  it("draws two pixels side by side and one row below", () => {
    const rgb = Uint8Array.from([255, 0, 0, 0, 255, 0, 255, 0, 0, 255, 0, 0]);
    expect(sixel({ width: 2, height: 2, rgb })).toBe(
      '\u001bP0;1;0q"1;1;2;2#0;2;100;0;0#1;2;0;100;0#0BA$#1?@\u001b\\',
    );
  });

  it("counts long runs, and begins a band every six rows", () => {
    const rgb = new Uint8Array(5 * 7 * 3);
    expect(sixel({ width: 5, height: 7, rgb })).toBe('\u001bP0;1;0q"1;1;5;7#0;2;0;0;0#0!5~-#0!5@\u001b\\');
  });

  property.prop([
    fc
      .integer({ min: 1, max: 9 })
      .chain((width) =>
        fc.tuple(
          fc.constant(width),
          fc.array(fc.uint8Array({ minLength: 3, maxLength: 3 }), { minLength: width, maxLength: 9 * width }),
        ),
      ),
  ])("draws every pixel in its colour and none beside", ([width, colours]) => {
    const height = Math.floor(colours.length / width);
    const used = colours.slice(0, width * height);
    const rgb = Uint8Array.from(used.flatMap((colour) => [...colour]));
    expect(decoded(sixel({ width, height, rgb }))).toEqual(
      used.map((colour) => [...colour].map(percent).join()),
    );
  });

  it("draws colours beyond the terminal's registers as the last one", () => {
    const rgb = Uint8Array.from(
      Array.from({ length: 300 }, (_, at) => [at % 256, Math.floor(at / 256), 7]).flat(),
    );
    const registers = sixel({ width: 300, height: 1, rgb }).match(/#\d+;2/g) ?? [];
    expect(registers).toHaveLength(256);
  });
});
