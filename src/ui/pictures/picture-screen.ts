import type { Box } from "./fit-box.js";

/** Colours by which the text of a frame names a drawing: no theme has them, and on a blank they cannot be seen. */
const MARK = 0x400000;
const FILLER = 0x800000;
const NUMBERS = 0x400000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const MARKS = /\u001b\[38;2;(\d+);(\d+);(\d+)m /g;

const coloured = (colour: number, text: string): string =>
  `\u001b[38;2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}m${text}\u001b[39m`;

/** What takes text: `process.stderr`, or a test's. */
export interface PlainTerminal {
  write(text: string): unknown;
}

/** A drawing's text: lines that keep its cells free, and one cell that has to stand right below the last cell of the last line. */
export interface Placed {
  readonly lines: readonly string[];
  readonly mark: string;
}

/**
 * Draws pixels among text on a terminal. The text only holds blanks in a colour of their own where a drawing belongs; as it passes
 * through `terminal`, the drawing goes before the blank below it, with the cursor saved and restored around it. So it is drawn where
 * the text is, whenever that line is written, and at no other time; and since the blanks of two drawings differ, a frame that
 * shows another one writes those lines anew, which takes the old pixels away. Whoever draws the text has to write
 * only the lines that changed, in their order, or else each key would send all pixels again.
 */
export class PictureScreen<Output extends PlainTerminal = PlainTerminal> {
  /** The terminal, with drawings in the places of their marks. */
  readonly terminal: Output;
  readonly #output: Output;
  readonly #drawings = new Map<number, string>();
  #last = 0;

  constructor(output: Output) {
    this.#output = output;
    this.terminal = new Proxy(output, {
      get: (target, name) => {
        if (name === "write") return this.#write;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** Gives text for a drawing of so many cells, at least two columns wide; once forgotten it is only blanks. */
  place(drawing: string, { columns, rows }: Box): Placed & { forget(): void } {
    this.#last = (this.#last + 1) % NUMBERS;
    const [mark, filler] = [MARK | this.#last, FILLER | this.#last];
    this.#drawings.set(mark, `\u001b7\u001b[${rows}A\u001b[${columns - 1}D${drawing}\u001b8`);
    const line = coloured(filler, " ".repeat(columns));
    return {
      lines: Array.from({ length: rows }, () => line),
      mark: coloured(mark, " "),
      forget: () => this.#drawings.delete(mark),
    };
  }

  /** The same for a drawing that is text: its lines, each in a row of its own. */
  placeLines(lines: readonly string[], { columns, rows }: Box): Placed & { forget(): void } {
    // Each from the mark on, where the cursor was saved: a line that ends in a window's last column leaves it in no certain place.
    const back = (row: number) => (row === 0 ? "" : `\u001b8\u001b[${rows - row}A\u001b[${columns - 1}D`);
    return this.place(lines.map((line, row) => back(row) + line).join(""), { columns, rows });
  }

  /** Sends what draws nothing by itself and moves no cursor, at once. */
  send(sequence: string): void {
    this.#output.write(sequence);
  }

  readonly #write = (text: string): unknown =>
    this.#output.write(this.#drawings.size > 0 ? this.#drawn(text) : text);

  #drawn(text: string): string {
    return text.replace(MARKS, (mark, red: string, green: string, blue: string) => {
      const drawing = this.#drawings.get((Number(red) << 16) | (Number(green) << 8) | Number(blue));
      // Before the blank, and so in its column.
      return drawing === undefined ? mark : drawing + mark;
    });
  }
}
