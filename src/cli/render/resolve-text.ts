import { isIdentityConflict } from "../../domain/identity/identity-field.js";
import type { Conflict, Json } from "../../domain/photo.js";
import type { ResolveResult } from "../../operations/results.js";
import { shorten, shown, wrap } from "../../text/lines.js";
import { counted, grouped } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { moreLine, planLines } from "./plan-text.js";
import { heading, paint, type View } from "./view.js";

const FIRST_OPEN = 10;

const valueText = (value: Json | undefined): string =>
  typeof value === "string" ? `"${value}"` : JSON.stringify(value ?? null);

/** The evidence on whether two files are one picture, one reason a line. */
export const reasonLines = (reasons: readonly string[], view: View, indent: string): string[] =>
  reasons.flatMap((reason) => wrap(`- ${shown(reason)}`, view.width, indent));

function identityLines(conflict: Conflict, view: View, indent: string): string[] {
  const [value] = Object.values(conflict.values);
  const isRecord = typeof value === "object" && value !== null && "reasons" in value;
  const reasons = isRecord && Array.isArray(value["reasons"]) ? value["reasons"].map(String) : [];
  const other = isRecord && typeof value["photo_id"] === "string" ? ` (${value["photo_id"]})` : "";
  return [
    ...wrap(`${shown(conflict.description)}${paint(view, "dim", other)}`, view.width, indent),
    ...reasonLines(reasons, view, `${indent}  `),
  ];
}

/** A conflict as people see it: what is in doubt, and what each service holds or what speaks for and against. */
export function conflictLines(conflict: Conflict, view: View, indent = "  "): string[] {
  if (isIdentityConflict(conflict)) return identityLines(conflict, view, indent);
  const values = conflict.services.map(
    (service) => `${indent}  ${shown(service)}: ${shown(valueText(conflict.values[service]))}`,
  );
  const lines = [`${indent}${shown(conflict.field)}: ${shown(conflict.description)}`, ...values];
  return lines.map((line) => shorten(line, view.width));
}

/** How a person can answer what is open. */
function answerLines({ counts, exported, dry_run, outcome }: ResolveResult): readonly string[] {
  if (exported !== null && exported.file !== "-") {
    const written = `${counted(exported.questions, "question")} written to ${shown(exported.file)}.`;
    if (exported.questions === 0) return ["", written];
    return [
      "",
      `${written} Put answers in place of null there,`,
      `then: photosync resolve --decisions ${shown(exported.file)}`,
    ];
  }
  if (counts.needs_human === 0 || dry_run || outcome === "cancelled") return [];
  return [
    "",
    "Decide in the terminal: photosync resolve --interactive",
    "or by file: photosync resolve --export-conflicts questions.json, answer there,",
    "then: photosync resolve --decisions questions.json",
  ];
}

/** What `resolve` settled by rule, or would, and what waits for a person. */
export function renderResolve(result: ResolveResult, view: View): string {
  const { counts } = result;
  // Of a sitting that was cut short some of it is decided by now.
  const open = result.outcome === "cancelled" ? [] : result.open;
  const spelledOut = view.full ? open : open.slice(0, FIRST_OPEN);
  const verb = result.dry_run ? "would be" : "were";
  const forPerson = `${grouped(counts.needs_human)} for a person to decide`;
  const summary =
    `${counted(counts.photos, "photo")} looked at: ${grouped(counts.resolved)} ${verb} resolved; ` +
    `${counted(counts.conflicts, "conflict")}, ${grouped(counts.auto_resolved)} settled by rule, ` +
    (counts.decided > 0 ? `${grouped(counts.decided)} decided by you, ` : "") +
    `${paint(view, counts.needs_human > 0 ? "yellow" : "dim", forPerson)}.`;
  const was = result.dry_run ? verb : counts.joined === 1 ? "was" : "were";
  const together = `${counted(counts.joined, "photo")} ${was} joined, as a variant, to a better copy of the same picture.`;
  return asText([
    ...wrap(summary, view.width),
    ...(counts.joined > 0 ? wrap(together, view.width) : []),
    ...(result.dry_run && result.plan.length > 0 ? ["", ...planLines(result.plan, "Plan", view)] : []),
    ...(open.length === 0 ? [] : ["", heading(view, "To be decided by a person")]),
    ...spelledOut.flatMap(({ photo_id, filename, conflicts }) => [
      `  ${paint(view, "bold", shown(filename))}  ${paint(view, "dim", photo_id)}`,
      ...conflicts
        .filter((conflict) => conflict.resolution_required)
        .flatMap((conflict) => conflictLines(conflict, view, "    ")),
    ]),
    ...moreLine(open.length - spelledOut.length, view),
    ...answerLines(result),
    ...closingLines(result, view),
    ...(counts.resolved > 0 && !result.dry_run
      ? ["Next: `photosync replicate` shows what has to be copied where."]
      : []),
  ]);
}
