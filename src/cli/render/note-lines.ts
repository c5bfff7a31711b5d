import { shown, wrap } from "../../text/lines.js";
import { grouped } from "../../text/units.js";
import { heading, type View } from "./view.js";

/** How many notes are spelled out; `--verbose` and `--json` give all. */
const FIRST_NOTES = 10;

/** Remarks that are no failures, under a heading of their own; nothing where there are none. */
export function noteLines(notes: readonly string[], view: View): string[] {
  if (notes.length === 0) return [];
  const spelledOut = view.full ? notes : notes.slice(0, FIRST_NOTES);
  const hidden = notes.length - spelledOut.length;
  return [
    "",
    heading(view, "Notes"),
    ...spelledOut.flatMap((note) => wrap(shown(note), view.width, "  ")),
    ...(hidden > 0 ? [`  and ${grouped(hidden)} more: --json lists all`] : []),
  ];
}
