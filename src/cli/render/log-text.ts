import type { LogResult, OperationSummary } from "../../operations/results.js";
import { shown, wrap } from "../../text/lines.js";
import { ago, readable } from "../../text/units.js";
import { asText } from "./closing.js";
import { paint, type View } from "./view.js";

function operationLines(operation: OperationSummary, view: View): string[] {
  const { id, at, command, undoes, undone_by } = operation;
  const undo =
    undone_by !== null ? `  (undone by ${undone_by})` : undoes !== null ? `  (undoes ${undoes})` : "";
  const when = `${readable(at)}, ${ago(at, view.now)}`;
  return [
    `${paint(view, "cyan", shown(id))}  ${paint(view, "bold", shown(command))}  ${paint(view, "dim", shown(when))}${shown(undo)}`,
    ...wrap(shown(operation.summary), view.width, "  "),
    ...(operation.report === null ? [] : [`  report: ${shown(operation.report)}`]),
  ];
}

/** Operations, newest first, each with the id that `undo` takes. */
export function renderLog(result: LogResult, view: View): string {
  if (result.operations.length === 0) return "No operations yet.\n";
  return asText(result.operations.flatMap((operation) => operationLines(operation, view)));
}
