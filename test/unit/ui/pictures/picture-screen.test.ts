import { describe, expect, it } from "vitest";
import { PictureScreen } from "../../../../src/ui/pictures/picture-screen.js";

function written() {
  const texts: string[] = [];
  const terminal = {
    columns: 80,
    write: (text: string) => texts.push(text),
    twice: () => 2 * terminal.columns,
  };
  return { texts, screen: new PictureScreen(terminal) };
}

const BOX = { columns: 3, rows: 2 };

describe("PictureScreen", () => {
  it("draws from the box's first cell as the mark passes, and leaves the cursor where it was", () => {
    const { texts, screen } = written();
    const { lines, mark } = screen.place("PIXELS", BOX);
    screen.terminal.write(`${lines[0]}\n${lines[1]}\nab${mark}`);
    expect(texts).toEqual([`${lines[0]}\n${lines[1]}\nab\u001b7\u001b[2A\u001b[2DPIXELS\u001b8${mark}`]);
  });

  it("keeps a drawing's cells free with text that no other drawing has", () => {
    const { screen } = written();
    const [one, two] = [screen.place("1", BOX), screen.place("2", BOX)];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
    const bare = one.lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, ""));
    expect(bare).toEqual(["   ", "   "]);
    expect(one.lines).not.toEqual(two.lines);
    expect(one.mark).not.toBe(two.mark);
  });

  it("draws only where the mark is written, and nothing once it is forgotten", () => {
    const { texts, screen } = written();
    const { lines, mark, forget } = screen.place("PIXELS", BOX);
    const other = screen.place("MORE", BOX);
    screen.terminal.write(lines.join("\n"));
    forget();
    screen.terminal.write(`${mark}\u001b[38;2;1;2;3m \u001b[39m`);
    expect(texts.join("")).not.toContain("PIXELS");
    screen.terminal.write(mark + other.mark);
    expect(texts.join("")).not.toContain("PIXELS");
    expect(texts.at(-1)).toContain("MORE");
  });

  it("is otherwise the terminal that it was given", () => {
    const { texts, screen } = written();
    expect([screen.terminal.columns, screen.terminal.twice()]).toEqual([80, 160]);
    screen.send("\u001b_Ga=d\u001b\\");
    expect(texts).toEqual(["\u001b_Ga=d\u001b\\"]);
  });
});
