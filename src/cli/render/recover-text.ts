import type { RecoverResult } from "../../operations/restore-results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, readable, size } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { table } from "./table.js";
import { heading, paint, type View } from "./view.js";

function generationLines({ store, generations }: RecoverResult, view: View): string[] {
  if (generations.length === 0) return [`Store ${store.name} holds no bundle of the library.`];
  const rows = [...generations]
    .reverse()
    .map(({ at, commit, bytes, name }) => [readable(at), commit, size(bytes), name]);
  return [
    heading(view, `Store ${store.name} holds ${counted(generations.length, "bundle")} of the library:`),
    ...table([{}, {}, { align: "right" }, { shrinks: true }], rows, view),
  ];
}

/** What was brought back, and what to do with it first. */
export function renderRecover(result: RecoverResult, view: View): string {
  if (result.dry_run) return asText(generationLines(result, view));
  const { photos, operations, originals, bytes } = result.counts;
  const from = result.generation === null ? "an earlier run had begun it" : `from ${result.generation}`;
  return asText([
    ...wrap(
      `Brought back ${paint(view, "bold", shown(result.library))} (${from}): ${counted(photos, "photo")}, ${counted(operations, "operation")}.`,
      view.width,
    ),
    ...(originals > 0 ? [`${counted(originals, "original")} copied into it (${size(bytes)}).`] : []),
    ...noteLines(result.notes, view),
    ...closingLines(result, view),
    "",
    "Next",
    "  photosync verify               see what each store holds",
    ...(originals > 0
      ? []
      : ["  photosync replicate --execute  copy originals to the stores that lack them"]),
  ]);
}
