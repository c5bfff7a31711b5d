import type { ReplicateResult } from "../../operations/results.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { planLines } from "./plan-text.js";
import { wrap } from "./text.js";
import { counted, grouped, size } from "./units.js";
import { paint, type View } from "./view.js";

/** Why each is held back stands among the failures. */
function heldLines(held: ReplicateResult["held"]): string[] {
  return held.length === 0
    ? []
    : [`${counted(held.length, "photo")} held back; each is listed with the reason.`];
}

/** The plan, and with `--execute` what came of it. */
export function renderReplicate(result: ReplicateResult, view: View): string {
  const { counts } = result;
  if (counts.planned === 0) {
    return asText([
      result.held.length + result.failures.length > 0
        ? "Nothing can be done now."
        : "Nothing to do: every store holds every original.",
      ...heldLines(result.held),
      ...(result.dry_run ? [] : closingLines(result, view)),
    ]);
  }
  if (result.dry_run) {
    return asText([
      ...planLines(result.plan, `Plan: ${counted(counts.planned, "step")}, ${size(counts.bytes)}`, view),
      ...heldLines(result.held),
      "",
      paint(view, "yellow", "Nothing was done yet. To do exactly this: photosync replicate --execute"),
    ]);
  }
  const failed = paint(view, counts.failed > 0 ? "red" : "dim", `${grouped(counts.failed)} failed`);
  return asText([
    ...wrap(
      `${grouped(counts.done)} of ${counted(counts.planned, "step")} done (${size(counts.bytes)}), ` +
        `${grouped(counts.skipped)} skipped, ${failed}.`,
      view.width,
    ),
    ...heldLines(result.held),
    ...noteLines(result.notes, view),
    ...closingLines(result, view),
    ...(counts.done < counts.planned ? ["Run the same command again to do the rest."] : []),
  ]);
}
