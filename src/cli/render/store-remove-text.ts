import type { StoreRemoveResult } from "../../operations/stores/store-results.js";
import { shown } from "../../text/lines.js";
import { counted } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { paint, type View } from "./view.js";

/** Which store was forgotten, and what that means for what it holds. */
export function renderStoreRemove(result: StoreRemoveResult, view: View): string {
  const { name, url, counts, dry_run } = result;
  const alone =
    counts.only_there === 0
      ? "All of it is in other stores, too."
      : paint(view, "red", `${counted(counts.only_there, "original")} of these in no other store.`);
  return asText([
    `${dry_run ? "Would forget" : "Forgot"} store ${paint(view, "bold", shown(name))} at ${shown(url)}`,
    `${counted(counts.replicas, "replica")} recorded there. ${counts.replicas === 0 ? "" : alone}`.trimEnd(),
    ...noteLines(result.notes, view),
    ...closingLines(result, view),
  ]);
}
