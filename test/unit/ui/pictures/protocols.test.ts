import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { iterm2 } from "../../../../src/ui/pictures/iterm2.js";
import { KITTY_ROWS, kittyLines, kittyPicture, kittyRemoval } from "../../../../src/ui/pictures/kitty.js";

describe("kitty", () => {
  it("hands over a small picture in one piece, silently", () => {
    expect(kittyPicture(7, Uint8Array.from([1, 2, 3]), { columns: 4, rows: 2 })).toBe(
      "\u001b_Ga=T,U=1,f=100,q=2,i=7,c=4,r=2,m=0;AQID\u001b\\",
    );
  });

  it("cuts a large one into pieces of 4096 characters of which only the last says so", () => {
    const png = new Uint8Array(7000);
    const pieces = kittyPicture(7, png, { columns: 4, rows: 2 }).split("\u001b\\").slice(0, -1);
    expect(pieces.map((piece) => /m=([01]);/.exec(piece)?.[1])).toEqual(["1", "1", "0"]);
    const texts = pieces.map((piece) => piece.slice(piece.indexOf(";") + 1));
    expect(texts.map(({ length }) => length)).toEqual([4096, 4096, 1144]);
    expect(Buffer.from(texts.join(""), "base64")).toEqual(Buffer.from(png));
  });

  it("keeps its place with text of one column a cell, the id in its colour", () => {
    const lines = kittyLines(0x010203, { columns: 3, rows: 2 });
    expect(lines).toEqual([
      "\u001b[38;2;1;2;3m\u{10eeee}\u0305\u0305\u{10eeee}\u{10eeee}\u001b[39m",
      "\u001b[38;2;1;2;3m\u{10eeee}\u030d\u0305\u{10eeee}\u{10eeee}\u001b[39m",
    ]);
    const all = kittyLines(1, { columns: 5, rows: KITTY_ROWS });
    expect(all).toHaveLength(KITTY_ROWS);
    for (const line of all) expect(stringWidth(line)).toBe(5);
  });

  it("is taken from screen and memory by its id", () => {
    expect(kittyRemoval(9)).toBe("\u001b_Ga=d,d=I,q=2,i=9\u001b\\");
  });
});

describe("iterm2", () => {
  it("tells size and cells, and the file in base64", () => {
    expect(iterm2(Uint8Array.from([1, 2, 3]), { columns: 4, rows: 2 })).toBe(
      "\u001b]1337;File=inline=1;size=3;width=4;height=2;preserveAspectRatio=1:AQID\u0007",
    );
  });
});
