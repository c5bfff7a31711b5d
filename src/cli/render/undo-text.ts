import type { UndoResult } from "../../operations/results.js";
import { shown } from "../../text/lines.js";
import { counted, readable } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { paint, type View } from "./view.js";

/** Operations that change files in `config/` and no document. */
const SETTINGS: ReadonlySet<string> = new Set(["connect", "store"]);

/** Which operation was taken back, or would be, and what that does to the documents. */
export function renderUndo(result: UndoResult, view: View): string {
  const { counts, undone, dry_run } = result;
  const parts = [
    counts.restored > 0 ? `${counted(counts.restored, "document")} set back` : "",
    counts.removed > 0 ? `${counted(counts.removed, "document")} taken out` : "",
    counts.recreated > 0 ? `${counted(counts.recreated, "document")} brought back` : "",
  ].filter((part) => part !== "");
  const kept =
    counts.kept_narrower === 0
      ? []
      : [
          `${counted(counts.kept_narrower, "photo")} stayed at the narrower visibility:`,
          "undo never shows a photo to more people.",
        ];
  return asText([
    `${dry_run ? "Would undo" : "Undid"} ${paint(view, "cyan", shown(undone.id))}: ${shown(undone.summary)}`,
    `  ${shown(undone.command)}, ${shown(readable(undone.at))}`,
    `${parts.length > 0 ? parts.join(", ") : SETTINGS.has(undone.command) ? "The settings are as they were before" : "No document changes"}.`,
    ...kept,
    ...closingLines(result, view),
  ]);
}
