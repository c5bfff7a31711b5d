import type { Box } from "./fit-box.js";

/** The part of `process.stdout` that is needed here. */
type Output = NodeJS.WriteStream;

/** Colours by which the text of a frame names a drawing: no theme has them, and on a blank they cannot be seen. */
const MARK = 0x400000;
const FILLER = 0x800000;
const NUMBERS = 0x400000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const MARKS = /\u001b\[38;2;(\d+);(\d+);(\d+)m /g;

const coloured = (colour: number, text: string): string =>
  `\u001b[38;2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}m${text}\u001b[39m`;

/** A drawing's text: lines that keep its cells free, and one cell that has to stand right below the first of them. */
export interface Placed {
  readonly lines: readonly string[];
  readonly mark: string;
}

/**
 * Draws pixels between the frames of something that draws text (Ink). A frame's text only holds blanks in a colour of their own
 * where a drawing belongs; as the frame passes through `stdout`, the drawing follows the blank below it, with the cursor saved and
 * restored around it. So it is drawn where the text is, whenever that line is written, and at no other time; and since the blanks
 * of two drawings differ, a frame that shows another one writes those lines anew, which takes the old pixels away. Ink has to
 * draw only what changed (`incrementalRendering`), or else each key would send all pixels again.
 */
export class PictureScreen {
  /** The terminal with drawings in their places; for Ink's `stdout`. */
  readonly stdout: Output;
  readonly #output: Output;
  readonly #drawings = new Map<number, string>();
  #last = 0;

  constructor(output: Output) {
    this.#output = output;
    this.stdout = new Proxy(output, {
      get: (target, name) => {
        if (name === "write") return this.#write;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** Gives text for a drawing that begins `rows` lines above its mark and is `columns` wide; once forgotten it is only blanks. */
  place(drawing: string, { columns, rows }: Box): Placed & { forget(): void } {
    this.#last = (this.#last + 1) % NUMBERS;
    const [mark, filler] = [MARK | this.#last, FILLER | this.#last];
    this.#drawings.set(mark, `\u001b7\u001b[${rows}A${drawing}\u001b8`);
    const line = coloured(filler, " ".repeat(columns));
    return {
      lines: Array.from({ length: rows }, () => line),
      mark: coloured(mark, " "),
      forget: () => this.#drawings.delete(mark),
    };
  }

  /** Sends what draws nothing by itself and moves no cursor, at once. */
  send(sequence: string): void {
    this.#output.write(sequence);
  }

  readonly #write = (chunk: unknown, ...rest: never[]): boolean => {
    const text = typeof chunk === "string" && this.#drawings.size > 0 ? this.#drawn(chunk) : chunk;
    return Reflect.apply(this.#output.write, this.#output, [text, ...rest]);
  };

  #drawn(text: string): string {
    return text.replace(MARKS, (mark, red: string, green: string, blue: string) => {
      const drawing = this.#drawings.get((Number(red) << 16) | (Number(green) << 8) | Number(blue));
      // Before the blank, and so in its column.
      return drawing === undefined ? mark : drawing + mark;
    });
  }
}
