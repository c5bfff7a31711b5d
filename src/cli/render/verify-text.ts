import type { VerifyResult } from "../../operations/results.js";
import { asText, closingLines } from "./closing.js";
import { counted, grouped, size } from "./units.js";
import { paint, type View } from "./view.js";

/** What was proven of the replicas, and how. */
export function renderVerify(result: VerifyResult, view: View): string {
  const { counts, deep } = result;
  const how = deep
    ? `Every byte was read and hashed (${size(counts.bytes_read)}).`
    : "Presence and size were compared; --deep reads and hashes every byte.";
  const bad = counts.missing + counts.corrupt;
  const repair = ["Next: `photosync replicate --execute` copies it again from where it is whole."];
  return asText([
    `${counted(counts.checked, "replica")} checked: ${paint(view, "green", `${grouped(counts.ok)} ok`)}, ` +
      `${paint(view, counts.missing > 0 ? "red" : "dim", `${grouped(counts.missing)} missing`)}, ` +
      `${paint(view, counts.corrupt > 0 ? "red" : "dim", `${grouped(counts.corrupt)} corrupt`)}.`,
    how,
    ...closingLines(result, view),
    ...(bad > 0 ? repair : []),
  ]);
}
