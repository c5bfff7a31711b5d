import type { Row } from "./run-case.js";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const verdictOf = (row: Row): string => {
  if (row.skipped !== undefined) return `skipped: ${row.skipped}`;
  return row.broken.length === 0 ? "ok" : `BROKEN: ${row.broken.join("; ")}`;
};

/** The table's head in Markdown. */
export const TABLE_HEAD =
  "| input | command | exit | codes | seconds | of them CPU | peak MB | verdict |\n|---|---|---|---|---|---|---|---|";

/** One line of the table in Markdown. */
export function tableLine(row: Row): string {
  const cells = [
    row.input,
    row.command === "" ? "" : `\`${row.command}\``,
    row.exit,
    row.codes.join(", "),
    row.seconds?.toFixed(1) ?? "",
    row.cpuSeconds?.toFixed(1) ?? "",
    row.peakMb?.toFixed(0) ?? "",
    verdictOf(row),
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}
