import { Writable } from "node:stream";
import { LineMarks } from "./line-marks.js";

/** The parts of a terminal that are used: `process.stderr`, or a test's. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/** xterm, ctlseqs.txt: the alternate screen, no wrapping at the last column, pasted text marked as such, no cursor. */
const ENTER = "\u001b[?1049h\u001b[?7l\u001b[?2004h\u001b[?25l\u001b[2J";
const LEAVE = "\u001b[?25h\u001b[?2004l\u001b[?7h\u001b[?1049l";
/** Terminals that know it show what lies between at once; others ignore it (Contour's synchronized output). */
const [BEGIN, END] = ["\u001b[?2026h", "\u001b[?2026l"];

/**
 * The whole of a terminal to draw on, on its alternate screen, so that what stood there comes back. Only lines that changed are written.
 * `stream` takes whole frames, as Ink writes them in its debug mode: Ink's own way of redrawing wipes the terminal's history when a
 * frame fills the window.
 */
export interface FullScreen<Of> {
  /** The terminal, but for what is written to it; and it calls itself none, or else Ink would show the cursor. */
  readonly stream: Of;
  /** What to put into a frame for a line, alone in its row, so that Ink need not take it apart. */
  readonly place: (line: string) => string;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Gives the terminal back as it was; again is of no consequence. */
  readonly leave: () => void;
}

/** Takes the terminal over until `leave`, or until the process ends. */
export function openScreen<Of extends Terminal>(terminal: Of): FullScreen<Of> {
  const marks = new LineMarks();
  let drawn: readonly string[] = [];
  let isOpen = true;
  const size = () => ({ columns: terminal.columns ?? 80, rows: terminal.rows ?? 24 });
  const paint = (frame: string): void => {
    if (!isOpen || frame === "") return;
    const lines = marks.rows(frame).slice(0, size().rows);
    const changed = Array.from({ length: Math.max(lines.length, drawn.length) }, (_, row) => row).filter(
      (row) => lines[row] !== drawn[row],
    );
    drawn = lines;
    if (changed.length === 0) return;
    const text = changed.map((row) => `\u001b[${row + 1};1H\u001b[2K${lines[row] ?? ""}`).join("");
    terminal.write(`${BEGIN}${text}${END}`);
  };
  const onResize = (): void => {
    drawn = [];
    terminal.write("\u001b[2J");
  };
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    terminal.off("resize", onResize);
    process.off("exit", leave);
    terminal.write(LEAVE);
  };
  terminal.write(ENTER);
  terminal.on("resize", onResize);
  // A defect that ends the process, too, must not leave the terminal like this.
  process.on("exit", leave);
  const frames = new Writable({
    decodeStrings: false,
    write(frame, _encoding, done) {
      paint(String(frame));
      done();
    },
  });
  Object.defineProperties(frames, {
    columns: { get: () => size().columns },
    rows: { get: () => size().rows },
    isTTY: { value: false },
  });
  const stream = new Proxy(terminal, {
    get: (_, name) => {
      const owner = name in frames ? frames : terminal;
      const value: unknown = Reflect.get(owner, name, owner);
      return typeof value === "function" ? value.bind(owner) : value;
    },
  });
  return { stream, place: (line) => marks.markFor(line), size, leave };
}
