import type { VisibilityEvent } from "../../operations/visibility-results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, readable } from "../../text/units.js";
import { heading, paint, type View } from "./view.js";

/** How many of the last changes are spelled out; `--verbose` and `--json` give all. */
const LAST_EVENTS = 20;
const INDENT = "    ";

type Level = VisibilityEvent["services"][number]["to"];
type Given = VisibilityEvent["approved"][number];

const levelText = (level: Level, none: string): string =>
  level === null ? none : level === "unknown" ? "cannot be read" : level;

const changeText = (where: string, { from, to }: { readonly from: Level; readonly to: Level }): string =>
  from === null
    ? `${where}: ${levelText(to, "not there")}`
    : `${where}: ${levelText(from, "not there")} → ${levelText(to, "not there any more")}`;

const approvalText = ({ service, visibility, approved_by, approved_at, reason }: Given): string =>
  `${visibility} for ${service === "*" ? "every service" : service} by ${approved_by}, ${readable(approved_at)}${reason === "" ? "" : ` (${reason})`}`;

const CAUSES: Readonly<Record<VisibilityEvent["cause"], string>> = {
  found: "found",
  seen: "seen so at the service",
  rule: "by rule",
  approval: "decided",
  "carried-out": "carried out",
  undo: "by undo",
  edit: "edited by hand",
  removed: "no longer in the library",
};

function eventLines(event: VisibilityEvent, view: View): string[] {
  const { canonical, services, approved, withdrawn, rule, rests_on, undoes, wider } = event;
  const cause = `${CAUSES[event.cause]}${rule === null ? "" : ` ${rule}`}${undoes === null ? "" : ` of ${undoes.slice(0, 12)}`}`;
  const lines = [
    ...(canonical === null ? [] : [changeText("library", canonical)]),
    ...services.map((change) => changeText(change.service, change)),
    ...approved.map((one) => `approved: ${approvalText(one)}`),
    ...withdrawn.map((one) => `taken back: ${approvalText(one)}`),
    ...(rests_on === null ? [] : [`on the approval of ${approvalText(rests_on)}`]),
  ];
  const mark = wider ? paint(view, "yellow", ", for more people than before") : "";
  return [
    `  ${paint(view, "bold", shown(event.filename))}  ${shown(cause)}${mark}`,
    `${INDENT}${paint(view, "dim", shown(event.photo_id))}`,
    ...lines.flatMap((line) => wrap(shown(line), view.width, INDENT)),
  ];
}

const operationLines = ({ operation, command, at, author }: VisibilityEvent, view: View): string[] => [
  "",
  `${paint(view, "cyan", shown(operation))}  ${paint(view, "bold", shown(command))}  ${shown(readable(at))}`,
  ...wrap(shown(author), view.width, "  "),
];

/** How visibilities came to be, operation by operation, newest last. */
export function historyLines(history: readonly VisibilityEvent[], view: View): string[] {
  const title = heading(view, "How it came to be");
  if (history.length === 0) return [title, "Every photo has been private all along."];
  const spelledOut = view.full ? history : history.slice(-LAST_EVENTS);
  const earlier = history.length - spelledOut.length;
  let last = "";
  return [
    title,
    ...(earlier === 0
      ? []
      : wrap(
          `${counted(earlier, "earlier change")} left out: --verbose shows them here, --json lists all.`,
          view.width,
        )),
    ...spelledOut.flatMap((event) => {
      const isSame = event.operation === last;
      last = event.operation;
      return [...(isSame ? [] : operationLines(event, view)), ...eventLines(event, view)];
    }),
  ];
}
