import type { VerifyResult } from "../../operations/verify-result.js";
import { counted, grouped, size } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { planLines } from "./plan-text.js";
import { paint, type View } from "./view.js";

function repairLines(result: VerifyResult, view: View): string[] {
  const { counts, repair, dry_run, plan } = result;
  if (counts.missing + counts.corrupt === 0) return [];
  if (!repair) return ["Next: `photosync verify --repair --deep` copies it again from where it is whole."];
  if (dry_run) {
    return [
      ...planLines(plan, `Plan: ${counted(plan.length, "replica")} to refill`, view),
      paint(view, "yellow", "Nothing was done yet. To do exactly this: the same command without --dry-run"),
    ];
  }
  return [
    `${counted(counts.repaired, "replica")} ${paint(view, "green", "repaired")}: the right bytes were copied there and proven.`,
    ...(counts.unrepaired > 0
      ? [paint(view, "red", `${counted(counts.unrepaired, "replica")} not repaired: no good copy was found.`)]
      : []),
  ];
}

/** Says plainly where there was no checksum to compare. */
function checksumLine({ proofs }: VerifyResult): string {
  const compared = proofs.reduce((sum, { ok, by_size }) => sum + ok - by_size, 0);
  const bySize = proofs.filter(({ by_size }) => by_size > 0);
  const without = bySize.map(({ store, by_size }) => `${grouped(by_size)} in ${store}`).join(", ");
  const all = `${counted(compared, "replica")} compared by the checksum that the store keeps`;
  return bySize.length === 0
    ? `${all}.`
    : `${all}; of ${without} the store keeps none, so that only their presence and size are known: --deep reads them.`;
}

/** What was proven of the replicas, how, and what was refilled. */
export function renderVerify(result: VerifyResult, view: View): string {
  const { counts, deep } = result;
  const how = deep
    ? `${counted(counts.read_whole, "replica")} read and hashed from the first byte to the last (${size(counts.bytes_read)}).`
    : result.checksums
      ? checksumLine(result)
      : "Presence and size were compared; --deep reads and hashes every byte.";
  return asText([
    `${counted(counts.checked, "replica")} checked: ${paint(view, "green", `${grouped(counts.ok)} ok`)}, ` +
      `${paint(view, counts.missing > 0 ? "red" : "dim", `${grouped(counts.missing)} missing`)}, ` +
      `${paint(view, counts.corrupt > 0 ? "red" : "dim", `${grouped(counts.corrupt)} corrupt`)}.`,
    how,
    ...repairLines(result, view),
    ...noteLines(result.notes, view),
    ...(result.dry_run ? [] : closingLines(result, view)),
  ]);
}
