import type { AuditResult } from "../../operations/visibility-results.js";
import { wrap } from "../../text/lines.js";
import { counted, grouped } from "../../text/units.js";
import { asText } from "./closing.js";
import { historyLines } from "./history-text.js";
import { moreLine } from "./plan-text.js";
import { table } from "./table.js";
import { paint, type View } from "./view.js";

const FIRST_DISCREPANCIES = 20;

/** Where a service shows a photo to others than the library says it should, and how that came to be where it was asked for. */
export function renderAudit(result: AuditResult, view: View): string {
  const { counts, discrepancies } = result;
  const spelledOut = view.full ? discrepancies : discrepancies.slice(0, FIRST_DISCREPANCIES);
  const rows = spelledOut.map((row) => [
    row.filename,
    row.photo_id,
    row.service,
    row.current === "unknown" ? "cannot be read" : row.current,
    row.approved === undefined ? row.canonical : `${row.approved}, as approved`,
  ]);
  const columns = ["photo", "id", "service", "shown there", "should be"].map((title) => ({
    title,
    shrinks: title === "photo" || title === "id",
  }));
  const unreadable =
    counts.unreadable === 0
      ? []
      : [
          ...wrap(
            `For ${grouped(counts.unreadable)} of them a service cannot tell who sees the photo; it counts as public here.`,
            view.width,
          ),
        ];
  const discrepant =
    counts.discrepancies === 0
      ? paint(view, "green", "none is shown to anyone it should not be shown to")
      : paint(view, "red", counted(counts.discrepancies, "discrepancy", "discrepancies"));
  return asText([
    ...wrap(`${counted(counts.photos, "photo")} checked: ${discrepant}.`, view.width),
    ...unreadable,
    ...(rows.length === 0 ? [] : ["", ...table(columns, rows, view)]),
    ...moreLine(discrepancies.length - spelledOut.length, view),
    ...(result.history === undefined ? [] : ["", ...historyLines(result.history, view)]),
  ]);
}
