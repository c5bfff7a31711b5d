import { describe, expect, it } from "vitest";
import { halfBlocks, nearestOf256 } from "../../../../src/ui/pictures/half-blocks.js";

const pixels = (width: number, ...colours: (readonly [number, number, number])[]) => ({
  width,
  height: colours.length / width,
  rgb: Uint8Array.from(colours.flat()),
});

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;
const END = "\u001b[39m\u001b[49m";

describe("halfBlocks", () => {
  it("draws two rows of pixels as one line, upper pixel in front", () => {
    expect(halfBlocks(pixels(1, RED, BLUE), "truecolour")).toEqual([
      `\u001b[38;2;255;0;0m\u001b[48;2;0;0;255m▀${END}`,
    ]);
  });

  it("says a colour only where it changes", () => {
    expect(halfBlocks(pixels(3, RED, RED, BLUE, BLUE, BLUE, BLUE), "truecolour")).toEqual([
      `\u001b[38;2;255;0;0m\u001b[48;2;0;0;255m▀▀\u001b[38;2;0;0;255m▀${END}`,
    ]);
  });

  it("leaves the background of an odd last row alone", () => {
    expect(halfBlocks(pixels(1, RED, BLUE, RED), "256")).toEqual([
      `\u001b[38;5;196m\u001b[48;5;21m▀${END}`,
      `\u001b[38;5;196m▀${END}`,
    ]);
  });
});

describe("nearestOf256", () => {
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const palette = Array.from({ length: 240 }, (_, at): readonly [number, number, number] =>
    at < 216
      ? [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)]
      : [8 + 10 * (at - 216), 8 + 10 * (at - 216), 8 + 10 * (at - 216)],
  );
  const distance = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + (value - (b[at] ?? 0)) ** 2, 0);

  it("finds no colour that is farther away than the nearest one", () => {
    for (let red = 0; red < 256; red += 15) {
      for (let green = 0; green < 256; green += 15) {
        for (let blue = 0; blue < 256; blue += 15) {
          const colour = [red, green, blue] as const;
          const found = palette[nearestOf256(colour) - 16] ?? [];
          const least = Math.min(...palette.map((each) => distance(each, colour)));
          // The grey is chosen by the mean, which may be one grey off.
          expect(distance(found, colour)).toBeLessThanOrEqual(least + 3 * 10 ** 2);
        }
      }
    }
  });

  it("knows the palette's own colours", () => {
    for (const colour of palette) expect(distance(palette[nearestOf256(colour) - 16] ?? [], colour)).toBe(0);
  });
});
