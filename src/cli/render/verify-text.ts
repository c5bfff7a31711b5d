import type { VerifyResult } from "../../operations/verify-result.js";
import { wrap } from "../../text/lines.js";
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

/** How far the samples have come round. Where the stores differ, the one that is behind counts. */
function sampleLines({ proofs }: VerifyResult, view: View): string[] {
  const samples = proofs.filter(({ percent, is_whole }) => percent < 100 && is_whole);
  if (samples.length === 0) return [];
  const round = Math.min(...samples.map(({ round_percent }) => round_percent));
  const share = samples[0]?.percent ?? 0;
  return wrap(
    round < 100
      ? `This was a sample of ${share} %: ${round} % of all have been looked at in this round, and the next sample goes on from here.`
      : `This was a sample of ${share} %, the last of its round: all have been looked at by now.`,
    view.width,
  );
}

/** Says plainly where there was no checksum to compare. */
function checksumWords({ proofs }: VerifyResult): string {
  const compared = proofs.reduce((sum, { ok, by_size }) => sum + ok - by_size, 0);
  const bySize = proofs.filter(({ by_size }) => by_size > 0);
  const without = bySize.map(({ store, by_size }) => `${grouped(by_size)} in ${store}`).join(", ");
  const all = `${counted(compared, "replica")} compared by the checksum that the store keeps.`;
  return bySize.length === 0
    ? all
    : `${compared === 0 ? "" : `${all} `}There is no checksum to compare of ${without}, so that only presence and size are known: --deep reads them.`;
}

/** What was proven of the replicas, how, and what was refilled. */
export function renderVerify(result: VerifyResult, view: View): string {
  const { counts, deep } = result;
  const how = deep
    ? `${counted(counts.read_whole, "replica")} read and hashed from the first byte to the last (${size(counts.bytes_read)}).`
    : result.checksums
      ? checksumWords(result)
      : "Presence and size were compared; --deep reads and hashes every byte.";
  return asText([
    `${counted(counts.checked, "replica")} checked: ${paint(view, "green", `${grouped(counts.ok)} ok`)}, ` +
      `${paint(view, counts.missing > 0 ? "red" : "dim", `${grouped(counts.missing)} missing`)}, ` +
      `${paint(view, counts.corrupt > 0 ? "red" : "dim", `${grouped(counts.corrupt)} corrupt`)}.`,
    ...wrap(how, view.width),
    ...sampleLines(result, view),
    ...repairLines(result, view),
    ...noteLines(result.notes, view),
    ...(result.dry_run ? [] : closingLines(result, view)),
  ]);
}
