/** What a view has to draw in. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

/** Rows at the bottom that the message and the keys take. */
export const FOOT_ROWS = 2;

/** Columns that edited text has, the cursor after its end included. */
export const editorColumns = (columns: number): number => Math.max(4, columns - 6);
