import type { SeenVisibility } from "../../domain/visibility.js";
import type { WideningQuestion } from "../../operations/set-visibility.js";
import type { VisibilitySetResult } from "../../operations/visibility-results.js";
import { shown, wrap } from "../../text/lines.js";
import { WHO } from "../../text/who-sees.js";
import { asText, closingLines } from "./closing.js";
import { heading, paint, type View } from "./view.js";

/** The widest that a question on a terminal is written. */
const QUESTION_COLUMNS = 80;

const seenAs = (current: SeenVisibility): string =>
  current === "unknown" ? "cannot tell who sees it now" : `shows it to ${WHO[current]} now (${current})`;

/** What somebody has to know before agreeing that more people may see a photo. */
export function wideningLines(question: WideningQuestion): readonly string[] {
  const { filename, photo_id, taken_date, from, to, services } = question;
  const text = (line: string, indent = "") => wrap(line, QUESTION_COLUMNS, indent);
  const places =
    services.length === 0
      ? text("on no service yet,", "  ")
      : services.flatMap(({ service, current }) => text(`${shown(service)} ${seenAs(current)}`, "  "));
  return [
    ...text(`${shown(filename)} (${taken_date ?? "undated"}, photo ${photo_id})`),
    ...text(`is ${from} in the library: ${WHO[from]}. As ${to}, ${WHO[to]} may see it, wherever it stands:`),
    ...places,
    ...text(
      `and on every service that it is put on later. Nothing changes at a service until you run: photosync replicate --execute`,
    ),
    "",
  ];
}

function decisionLines(result: VisibilitySetResult, view: View): string[] {
  const { filename, from, to, counts, approval, wider, dry_run } = result;
  const name = paint(view, "bold", shown(filename));
  if (counts.changed === 0) return [`${name} is as it was: ${to}.`];
  const verb = dry_run ? "would be" : "is";
  const before = from === to ? "as before, and approved now" : `it was ${from}`;
  const reason = approval === null || approval.reason === "" ? "" : `: ${shown(approval.reason)}`;
  return [
    `${name} ${verb} ${to}, for ${WHO[to]}; ${before}.`,
    ...(wider ? ["That may show it to more people than so far."] : []),
    ...(approval === null
      ? []
      : wrap(`Decided by ${shown(approval.approved_by)}${reason}`, view.width, "  ")),
  ];
}

/** What was decided about a photo, or would be, and what that means at the services. */
export function renderVisibilitySet(result: VisibilitySetResult, view: View): string {
  const { plan, held, services } = result;
  const planned = plan.flatMap(({ target, why }) =>
    wrap(`${shown(target)}: ${shown(why)}`, view.width, "  "),
  );
  const left = held.flatMap(({ subject, why }) => wrap(`${shown(subject)}: ${shown(why)}`, view.width, "  "));
  return asText([
    ...decisionLines(result, view),
    ...(planned.length === 0
      ? []
      : ["", heading(view, "To be carried out by: photosync replicate --execute"), ...planned]),
    ...(left.length === 0 ? [] : ["", heading(view, "Not done by replicate now"), ...left]),
    ...(services.length > 0 && planned.length + left.length === 0
      ? ["Nothing has to change at a service."]
      : []),
    ...closingLines(result, view),
  ]);
}
