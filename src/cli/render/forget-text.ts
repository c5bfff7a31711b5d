import type { ForgetResult, ForgottenFile } from "../../operations/forget-results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { heading, paint, type View } from "./view.js";

/** The widest that a question on a terminal is written. */
const QUESTION_COLUMNS = 80;

const KINDS: Readonly<Record<ForgottenFile["kind"], string>> = {
  blob: "",
  "set-aside": ", set aside",
  version: ", earlier version",
  upload: ", unfinished upload",
  staged: ", kept at hand",
};

function listLines(
  { files, pending, stays }: ForgetResult,
  goes: string,
  columns: number,
): readonly string[] {
  const told = files.map(({ store, kind, where, bytes }) => {
    const place = store === null ? "this computer" : store;
    return `${shown(place)}: ${shown(where)} (${bytes === null ? "size unknown" : size(bytes)}${KINDS[kind]})`;
  });
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.flatMap((line) => wrap(line, columns, "  ")), ""];
  return [
    ...part(goes, told),
    ...part(
      "Cleared later, by `photosync replicate --execute`:",
      pending.map(({ store, why }) => `${shown(store)}: ${shown(why)}`),
    ),
    ...part(
      "Stays:",
      stays.map(({ where, why }) => `${shown(where)}: ${shown(why)}`),
    ),
  ];
}

/** What somebody has to know before a photo is deleted. */
export const forgetLines = (planned: ForgetResult): readonly string[] => [
  ...wrap(
    `${shown(planned.filename ?? "")} (photo ${planned.photo_id}) is about to be deleted for good.`,
    QUESTION_COLUMNS,
  ),
  "",
  ...listLines(planned, "Deleted, with its document:", QUESTION_COLUMNS),
];

/** What was deleted of a photo, or would be, and what stays. */
export function renderForget(result: ForgetResult, view: View): string {
  const { counts, dry_run, filename, photo_id, tombstone } = result;
  const name = paint(view, "bold", filename === null ? `Photo ${photo_id}` : shown(filename));
  const files = counted(dry_run ? counts.files : counts.removed, "file");
  const first = dry_run
    ? `${name} would be forgotten: ${files} (${size(counts.bytes)}) deleted for good.`
    : `${name} is forgotten: ${files} deleted.`;
  const goes = heading(
    view,
    dry_run ? "Would be deleted, with its document:" : "Deleted, with its document:",
  );
  const closing = dry_run
    ? [paint(view, "yellow", "This was a dry run: nothing was deleted.")]
    : wrap(
        `${tombstone} says so, and keeps discover from taking the same bytes in again. This cannot be undone.`,
        view.width,
      );
  return asText([first, `  photo ${photo_id}`, "", ...listLines(result, goes, view.width), ...closing]);
}
