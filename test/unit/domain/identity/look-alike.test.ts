import { describe, expect, it } from "vitest";
import { compareLooks } from "../../../../src/domain/identity/look-alike.js";
import { turned } from "../../../../src/domain/identity/sketch.js";
import { blobs, sketched, sketchFrom } from "./seen-pictures.js";

const look = (a: number, change?: (level: number, x: number, y: number) => number) =>
  compareLooks(sketched(a), sketched(a, change));

describe("how two pictures look beside each other", () => {
  it("is equal up to what re-encoding does", () => {
    expect(look(3)).toMatchObject({ likeness: "equal", worst: 0, distance: 0 });
    expect(look(3, (level, x, y) => level + ((x * 7 + y * 3) % 5) - 2).likeness).toBe("equal");
  });

  it("is no longer equal where something moved, got brighter or lost its colour", () => {
    expect(
      look(3, (level, x, y) => (x > 30 && x < 36 && y > 30 && y < 36 ? level + 30 : level)).likeness,
    ).toBe("near");
    expect(look(3, (level) => level + 12).likeness).toBe("near");
    const grey = blobs(3);
    for (let at = 0; at < grey.length; at += 3) {
      const level = 0.299 * (grey[at] ?? 0) + 0.587 * (grey[at + 1] ?? 0) + 0.114 * (grey[at + 2] ?? 0);
      grey.fill(Math.round(level), at, at + 3);
    }
    expect(compareLooks(sketched(3), sketchFrom(grey)).likeness).toBe("near");
  });

  it("tells the turns of a turned picture", () => {
    for (const turns of [1, 2, 3]) {
      const other = sketchFrom(turned(blobs(5), turns, 3));
      const found = compareLooks(sketched(5), other);
      expect(found.likeness).toBe("turned");
      expect((found.turns + turns) % 4).toBe(0);
    }
  });

  it("says of black frames that there is nothing to compare", () => {
    const black = (level: number) => sketchFrom(new Uint8Array(64 * 64 * 3).fill(level));
    expect(compareLooks(black(0), black(2)).likeness).toBe("featureless");
    expect(compareLooks(black(0), black(60)).likeness).not.toBe("featureless");
  });

  it("tells of pages whether their small print is the same, too", () => {
    const page = (level: number, x: number, y: number) => (y % 8 === 0 && x > 8 ? level / 4 : 250);
    expect(look(4).isTelling).toBe(true);
    const [first, second] = [0, 1].map((shift) =>
      sketchFrom(blobs(4, page), (level, x, y) => (y > 110 && (x + shift) % 4 === 0 ? 180 : level)),
    );
    if (first === undefined || second === undefined) throw new Error("two pages are needed");
    expect(compareLooks(first, second)).toMatchObject({ likeness: "equal", isTelling: false });
    expect(compareLooks(first, first).isTelling).toBe(true);
  });
});
