import { type Box, cellOr } from "./fit-box.js";
import type { PictureMode } from "./picture-mode.js";

/** Lines of words below a picture: its name, its size, who holds it. */
const CAPTION_ROWS = 3;
/** Columns between two pictures side by side. */
export const GAP_COLUMNS = 2;
/** Below this nobody sees anything. */
const LEAST: Box = { columns: 14, rows: 4 };
const LEAST_CAPTION_COLUMNS = 24;

/** How a question's pictures are laid out. */
export interface PicturesLayout {
  readonly direction: "row" | "column";
  /** Of each picture with its words. */
  readonly columns: number;
  /** Room for each picture; null where there are only words. */
  readonly box: Box | null;
}

/**
 * The layout of so many pictures within a width and a height in cells: side by side, else one below the other, else only words. No
 * picture gets more room than a square one of its width takes.
 */
export function picturesLayout(count: number, room: Box, { protocol, cell }: PictureMode): PicturesLayout {
  const { widthPx, heightPx } = cellOr(cell);
  const beside = Math.max(1, Math.floor((room.columns - GAP_COLUMNS * (count - 1)) / count));
  const boxOf = (columns: number, rows: number): Box | null => {
    const most = Math.min(rows, Math.ceil((columns * widthPx) / heightPx));
    return protocol !== "none" && columns >= LEAST.columns && most >= LEAST.rows
      ? { columns, rows: most }
      : null;
  };
  const sideBySide = boxOf(beside, room.rows - CAPTION_ROWS);
  if (sideBySide !== null) return { direction: "row", columns: beside, box: sideBySide };
  const stacked = boxOf(room.columns, Math.floor(room.rows / count) - CAPTION_ROWS);
  if (stacked !== null) return { direction: "column", columns: room.columns, box: stacked };
  return beside >= LEAST_CAPTION_COLUMNS
    ? { direction: "row", columns: beside, box: null }
    : { direction: "column", columns: room.columns, box: null };
}

/** The height that so many pictures take in a layout. */
export const rowsOf = ({ direction, box }: PicturesLayout, count: number): number =>
  ((box?.rows ?? 0) + CAPTION_ROWS) * (direction === "row" ? 1 : count);
