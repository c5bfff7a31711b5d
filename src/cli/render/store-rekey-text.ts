import type { StoreRekeyResult } from "../../operations/stores/store-results.js";
import { shown } from "../../text/lines.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { paint, type View } from "./view.js";

/** Whether the key file was locked anew, and where the one from before is. */
export function renderStoreRekey(result: StoreRekeyResult, view: View): string {
  const { name, url, counts, kept_as, dry_run } = result;
  const store = `store ${paint(view, "bold", shown(name))} at ${shown(url)}`;
  const done = dry_run ? "Would lock the key of" : "Locked the key of";
  return asText([
    counts.changed === 0 ? `Nothing to do: the passphrase opens ${store} already` : `${done} ${store} anew`,
    ...(kept_as === null ? [] : [`The key file from before is kept as ${shown(kept_as)}`]),
    ...noteLines(result.notes, view),
    ...closingLines(result, view),
  ]);
}
