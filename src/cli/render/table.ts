import { displayWidth, pad, shorten, shown } from "../../text/lines.js";
import { type Paint, paint, type View } from "./view.js";

/** How the cells of one column are drawn. */
export interface Column {
  readonly title?: string;
  readonly align?: "left" | "right";
  /** This column gives way when the table is wider than the view. */
  readonly shrinks?: boolean;
  readonly paint?: Paint;
}

const GAP = "  ";
/** A column that gives way keeps at least this much, even if lines get longer than the view. */
const LEAST = 8;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with the escape character
const TRAILING_SPACE = / +((?:\u001b\[\d+m)*)$/;

/** Takes the columns that are too many from those that give way, from whichever is the widest by then. */
function giveWay(columns: readonly Column[], widths: number[], excess: number): void {
  for (let left = excess; left > 0; left--) {
    const widest = columns.reduce(
      (found, { shrinks }, index) =>
        shrinks === true && (widths[index] ?? 0) > (widths[found] ?? LEAST) ? index : found,
      -1,
    );
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

/** Lines of aligned columns, cut to the view's width. Cells come from anywhere: they are made safe to print here. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  view: View,
  indent = "  ",
): string[] {
  const cells = rows.map((row) => row.map(shown));
  const widths = columns.map((column, index) =>
    cells.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[index] ?? "")),
      displayWidth(column.title ?? ""),
    ),
  );
  const total =
    indent.length + widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1);
  giveWay(columns, widths, total - view.width);
  const draw = (row: readonly string[], style: (column: Column) => Paint | undefined): string => {
    const parts = columns.map((column, index) => {
      const width = widths[index] ?? 0;
      const padded = pad(shorten(row[index] ?? "", width), width, column.align ?? "left");
      return style(column)?.(padded) ?? padded;
    });
    return trimLine(indent + parts.join(GAP));
  };
  const titles = columns.map((column) => column.title ?? "");
  const lines = cells.map((row) => draw(row, (column) => column.paint));
  if (titles.every((title) => title === "")) return lines;
  return [draw(titles, () => (text) => paint(view, "dim", text)), ...lines];
}

/** Without trailing spaces, also where they stand inside a colour that ends the line. */
const trimLine = (line: string): string => line.replace(TRAILING_SPACE, "$1");
