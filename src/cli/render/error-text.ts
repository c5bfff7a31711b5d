import type { PhotosyncError } from "../../domain/errors.js";
import { shown, wrap } from "../../text/lines.js";
import { paint, type View } from "./view.js";

/** Room that "Stopped: " takes before the first line. */
const LABEL_COLUMNS = 9;

const printable = (text: string): string => text.split("\n").map(shown).join("\n");

/** The error and those behind it, with stacks, for `--verbose`. */
function detailLines(error: PhotosyncError): string[] {
  const facts = Object.entries(error.data).map(([name, value]) => `  ${name}: ${printable(String(value))}`);
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && stacks.length < 5; cause = cause.cause) {
    stacks.push(printable(cause.stack ?? cause.message));
  }
  return [...facts, ...stacks];
}

/** An error for people: what happened, what to do next, its code; with `--verbose` also where in the code. */
export function renderError(error: PhotosyncError, view: View): string {
  const label = error.kind === "cancelled" ? paint(view, "yellow", "Stopped") : paint(view, "red", "Error");
  const [first = "", ...rest] = wrap(printable(error.message), view.width - LABEL_COLUMNS);
  const lines = [
    `${label}: ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...error.next.flatMap((advice) => wrap(`→ ${printable(advice)}`, view.width, "  ")),
    `  (${error.code})`,
    ...(view.full ? detailLines(error) : []),
  ];
  return `${lines.join("\n")}\n`;
}
