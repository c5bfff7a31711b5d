/** How many colours a blank can have (ECMA-48 SGR with 24 bits, ITU-T T.416). */
const COLOURS = 2 ** 24;

/**
 * Lines that stand in a frame by a mark: a blank of one cell in a colour of its own, which no text from outside can hold. Ink takes every
 * cell of a frame apart at each drawing, most of its time in a large window, and a line that fits already gains nothing by that.
 */
export class LineMarks {
  #lines = new Map<string, string>();
  #last = 0;

  /** The mark for a line, to stand in a frame alone in its row. */
  markFor(line: string): string {
    this.#last = (this.#last + 1) % COLOURS;
    const [red, green, blue] = [this.#last >> 16, (this.#last >> 8) & 255, this.#last & 255];
    const mark = `\u001b[48;2;${red};${green};${blue}m \u001b[49m`;
    this.#lines.set(mark, line);
    return mark;
  }

  /** The rows of a frame, lines in the place of their marks. Marks that it does not hold are forgotten. */
  rows(frame: string): readonly string[] {
    const known = this.#lines;
    this.#lines = new Map();
    return frame.split("\n").map((row) => {
      const line = known.get(row);
      if (line === undefined) return row;
      this.#lines.set(row, line);
      return line;
    });
  }
}
