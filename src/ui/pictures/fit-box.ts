import type { Cell } from "./picture-mode.js";

/** Room on the screen, in character cells. */
export interface Box {
  readonly columns: number;
  readonly rows: number;
}

/** Where a terminal does not tell its cell: nearly all fonts are about twice as high as wide. */
const USUAL_CELL: Cell = { widthPx: 10, heightPx: 20 };

/** The cell to reckon with. */
export const cellOr = (cell: Cell | null): Cell => cell ?? USUAL_CELL;

/** The cells that a picture of this size (in pixels, upright) covers within a box, its aspect kept, small ones enlarged. */
export function fitBox(
  picture: { readonly width: number; readonly height: number },
  box: Box,
  cell: Cell | null,
): Box {
  const { widthPx, heightPx } = cellOr(cell);
  const scale = Math.min((box.columns * widthPx) / picture.width, (box.rows * heightPx) / picture.height);
  const cells = (px: number, each: number, most: number) =>
    Math.max(1, Math.min(most, Math.round((px * scale) / each)));
  return {
    columns: cells(picture.width, widthPx, box.columns),
    rows: cells(picture.height, heightPx, box.rows),
  };
}
