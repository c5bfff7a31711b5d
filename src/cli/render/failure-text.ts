import type { Failure } from "../../domain/errors.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, grouped } from "../../text/units.js";
import { paint, type View } from "./view.js";

const FIRST_FAILURES = 20;

/** Each failure with what it is about, what happened and what to do, which is said once after several of which it holds; the first twenty, then a count. */
export function renderFailures(failures: readonly Failure[], view: View): string {
  if (failures.length === 0) return "";
  const spelledOut = view.full ? failures : failures.slice(0, FIRST_FAILURES);
  const lines = [paint(view, "red", `${counted(failures.length, "failure")}:`)];
  for (const [index, { subject, code, message, hint }] of spelledOut.entries()) {
    lines.push(...wrap(`${shown(subject)}: ${shown(message)} (${code})`, view.width, "  "));
    const isToldNext = spelledOut[index + 1]?.hint === hint;
    if (hint !== "" && !isToldNext) lines.push(...wrap(`→ ${shown(hint)}`, view.width, "    "));
  }
  const hidden = failures.length - spelledOut.length;
  if (hidden > 0) lines.push(`  and ${grouped(hidden)} more: --verbose shows them here, --json lists all`);
  return `${lines.join("\n")}\n`;
}
