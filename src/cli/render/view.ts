/** What a renderer may know of where its text goes. */
export interface View {
  /** Columns; `Infinity` where nothing needs to be cut to fit, as in a file or pipe. */
  readonly width: number;
  readonly color: boolean;
  /** Show every line of long lists (`--verbose`). */
  readonly full: boolean;
  /** RFC 3339 in UTC: what "3 days ago" is reckoned from. */
  readonly now: string;
}

/** Gives a text a look that takes no columns. */
export type Paint = (text: string) => string;

/** SGR codes (ECMA-48 8.3.117): the one that switches on, and the one that switches off again. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Colours text when the view has colour; otherwise leaves it as it is. Never the only carrier of a meaning. */
export function paint(view: Pick<View, "color">, style: keyof typeof STYLES, text: string): string {
  if (!view.color || text === "") return text;
  const [on, off] = STYLES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** A heading of a section. */
export const heading = (view: View, text: string): string => paint(view, "bold", text);
