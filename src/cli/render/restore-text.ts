import type { RestoreResult, ThawResult } from "../../operations/restore-results.js";
import { wrap } from "../../text/lines.js";
import { counted, grouped, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { planLines } from "./plan-text.js";
import { paint, type View } from "./view.js";

/** What would be written, or what was. */
export function renderRestore(result: RestoreResult, view: View): string {
  const { counts, plan, to, dry_run } = result;
  if (counts.photos === 0) return "No photo matches; nothing was restored.\n";
  if (result.thaw !== undefined) return renderThaw(result.thaw, result, view);
  const there =
    counts.skipped > 0 ? [`${counted(counts.skipped, "file")} there already, byte for byte.`] : [];
  const held =
    counts.held > 0 ? [`${counted(counts.held, "file")} held back; each is listed with the reason.`] : [];
  if (dry_run) {
    const title = `Plan: ${counted(plan.length, "file")} of ${counted(counts.photos, "photo")}, ${size(counts.bytes)}, to ${to}`;
    return asText([
      ...(plan.length === 0 ? ["Nothing to write."] : planLines(plan, title, view)),
      ...there,
      ...held,
      paint(view, "yellow", "Nothing was written. To do exactly this: the same command without --dry-run"),
    ]);
  }
  if (counts.planned === 0 && counts.held === 0 && result.failures.length === 0)
    return `Nothing to do: all of ${counted(counts.photos, "photo")} is in ${to} already, byte for byte.\n`;
  const failed = paint(view, counts.failed > 0 ? "red" : "dim", `${grouped(counts.failed)} failed`);
  return asText([
    ...wrap(
      `${grouped(counts.done)} of ${counted(counts.planned, "file")} of ${counted(counts.photos, "photo")} written to ${to} (${size(counts.bytes)}), ${failed}.`,
      view.width,
    ),
    ...there,
    ...held,
    ...(counts.failed > 0 || result.outcome === "cancelled"
      ? ["Run the same command again to do the rest: what is whole is skipped."]
      : []),
  ]);
}

/** What was asked back, and when to come for it. */
function renderThaw(thaw: ThawResult, { dry_run, failures }: RestoreResult, view: View): string {
  const { ready, asked, coming, hours } = thaw;
  const again =
    hours === null
      ? failures.length > 0
        ? "Run the same command again once what stood in the way is mended."
        : "All of it can be read now: the same command without --thaw restores it."
      : `Come back in ${hours} hours at most: the same command without --thaw then restores it, and meanwhile what can be read.`;
  return asText([
    `${counted(asked, "original")} ${dry_run ? "would be" : "were"} asked back, ${grouped(coming)} on the way since before, ${grouped(ready)} can be read now.`,
    ...(dry_run && asked > 0
      ? [paint(view, "yellow", "Nothing was asked. To do exactly this: the same command without --dry-run")]
      : wrap(again, view.width)),
  ]);
}
