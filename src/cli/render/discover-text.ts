import type { DiscoverResult, StreamSum } from "../../operations/results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted, grouped, size } from "../../text/units.js";
import { asText, closingLines } from "./closing.js";
import { noteLines } from "./note-lines.js";
import { planLines } from "./plan-text.js";
import { table } from "./table.js";
import { heading, paint, type View } from "./view.js";

function accountingLines(accounting: readonly StreamSum[], report: string | null, view: View): string[] {
  if (accounting.length === 0) return [];
  const streams = accounting.reduce((sum, { streams }) => sum + streams, 0);
  const bytes = accounting.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = accounting.map((sum) => [sum.verdict, grouped(sum.streams), size(sum.bytes)]);
  return [
    "",
    heading(view, "What became of every file in the sources"),
    ...table(
      [
        { title: "verdict", shrinks: true },
        { title: "files", align: "right" },
        { title: "size", align: "right" },
      ],
      [...rows, ["total", grouped(streams), size(bytes)]],
      view,
    ),
    ...(report === null ? [] : [`  Each one is listed in ${shown(report)}`]),
  ];
}

function accountLines(accounts: DiscoverResult["accounts"], view: View): string[] {
  if (accounts.length === 0) return [];
  const rows = accounts.map(({ service, seen, unchanged, downloaded, bytes, gone, left }) => [
    service,
    grouped(seen),
    grouped(unchanged),
    `${grouped(downloaded)} (${size(bytes)})`,
    grouped(gone),
    grouped(left),
  ]);
  const columns = [
    { title: "account", shrinks: true },
    { title: "seen", align: "right" },
    { title: "as known", align: "right" },
    { title: "downloaded", align: "right" },
    { title: "gone", align: "right" },
    { title: "passed over", align: "right" },
  ] as const;
  return ["", heading(view, "Accounts"), ...table(columns, rows, view)];
}

/** What `discover` saw and recorded, or would record, with every file of the sources accounted for. */
export function renderDiscover(result: DiscoverResult, view: View): string {
  const { counts } = result;
  const photos = [
    `${grouped(counts.new)} new`,
    `${grouped(counts.updated)} updated`,
    `${grouped(counts.unchanged)} unchanged`,
  ];
  const files = [
    counted(counts.duplicates, "duplicate"),
    `${grouped(counts.skipped)} skipped`,
    paint(view, counts.failed > 0 ? "red" : "dim", `${grouped(counts.failed)} failed`),
  ];
  const summary = `${counted(counts.seen, "picture or video file", "picture and video files")} seen. Photos: ${photos.join(", ")}. Files: ${files.join(", ")}.`;
  const fresh = counts.new + counts.updated;
  const sources = result.sources.map((source) => [source.path, source.kind, `→ ${source.service}`]);
  return asText([
    ...wrap(summary, view.width),
    ...(sources.length === 0
      ? []
      : ["", heading(view, "Sources"), ...table([{ shrinks: true }, {}, {}], sources, view)]),
    ...accountLines(result.accounts, view),
    ...accountingLines(result.accounting, result.report, view),
    ...noteLines(result.notes, view),
    ...(result.dry_run && result.plan.length > 0 ? ["", ...planLines(result.plan, "Plan", view)] : []),
    ...closingLines(result, view),
    ...(fresh > 0 && !result.dry_run
      ? ["Next: `photosync resolve` settles what the sources disagree on."]
      : []),
  ]);
}
