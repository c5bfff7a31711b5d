import type { DoctorResult } from "../../operations/results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, grouped } from "../../text/units.js";
import { asText } from "./closing.js";
import { paint, type View } from "./view.js";

const MARKS = {
  ok: { word: "ok", style: "green" },
  warning: { word: "warning", style: "yellow" },
  problem: { word: "PROBLEM", style: "red" },
  unconfirmed: { word: "open", style: "yellow" },
} as const;
const WORD_COLUMNS = 9;

/** Every check with what was found, and advice where something is amiss. */
export function renderDoctor(result: DoctorResult, view: View): string {
  const { counts } = result;
  return asText([
    ...result.checks.flatMap(({ name, level, found, advice }) => {
      const { word, style } = MARKS[level];
      const indent = " ".repeat(WORD_COLUMNS);
      const [first = "", ...rest] = wrap(`${shown(name)}: ${shown(found)}`, view.width, indent);
      return [
        paint(view, style, word.padEnd(WORD_COLUMNS)) + first.slice(WORD_COLUMNS),
        ...rest,
        ...(advice === null ? [] : wrap(`→ ${shown(advice)}`, view.width, indent)),
      ];
    }),
    "",
    `${grouped(counts.ok)} ok, ${counted(counts.warnings, "warning")}, ${counted(counts.problems, "problem")}${counts.unconfirmed === 0 ? "" : `, ${grouped(counts.unconfirmed)} open: nobody has confirmed or refuted them`}.`,
  ]);
}
