import type { OperationResult } from "../../operations/results.js";
import { paint, type View } from "./view.js";

/** How much of a commit id `undo` needs, and people can compare. */
const SHORT_COMMIT = 12;

/** The last lines of a result: what was recorded, or that nothing was. */
export function closingLines(result: OperationResult, view: View): string[] {
  if (result.dry_run) return ["", paint(view, "yellow", "This was a dry run: nothing was written.")];
  if (result.commit === null) return [];
  const id = result.commit.slice(0, SHORT_COMMIT);
  return ["", `Recorded as operation ${paint(view, "cyan", id)}; \`photosync undo\` takes it back.`];
}

/** Lines as the text that goes to standard output. */
export const asText = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
