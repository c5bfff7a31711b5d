import type { ReplicateResult } from "../../operations/results.js";
import { asText, closingLines } from "./closing.js";
import { moreLine, planLines } from "./plan-text.js";
import { shown, wrap } from "./text.js";
import { counted, grouped, size } from "./units.js";
import { heading, paint, type View } from "./view.js";

const FIRST_HELD = 10;

function heldLines(held: ReplicateResult["held"], view: View): string[] {
  if (held.length === 0) return [];
  const spelledOut = view.full ? held : held.slice(0, FIRST_HELD);
  return [
    "",
    heading(view, "Held back"),
    ...spelledOut.flatMap(({ subject, why }) => wrap(`${shown(subject)}: ${shown(why)}`, view.width, "  ")),
    ...moreLine(held.length - spelledOut.length, view),
  ];
}

/** The plan, and with `--execute` what came of it. */
export function renderReplicate(result: ReplicateResult, view: View): string {
  const { counts } = result;
  if (counts.planned === 0) {
    return asText([
      "Nothing to do: every store holds every original.",
      ...heldLines(result.held, view),
      ...(result.dry_run ? [] : closingLines(result, view)),
    ]);
  }
  if (result.dry_run) {
    return asText([
      ...planLines(result.plan, `Plan: ${counted(counts.planned, "step")}, ${size(counts.bytes)}`, view),
      ...heldLines(result.held, view),
      "",
      paint(view, "yellow", "Nothing was done yet. To do exactly this: photosync replicate --execute"),
    ]);
  }
  const failed = paint(view, counts.failed > 0 ? "red" : "dim", `${grouped(counts.failed)} failed`);
  return asText([
    `${grouped(counts.done)} of ${counted(counts.planned, "step")} done (${size(counts.bytes)}), ` +
      `${grouped(counts.skipped)} skipped, ${failed}.`,
    ...heldLines(result.held, view),
    ...closingLines(result, view),
    ...(counts.done < counts.planned ? ["Run the same command again to do the rest."] : []),
  ]);
}
