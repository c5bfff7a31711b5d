import type { Row } from "./benchmark.js";

/** What one benchmark gave: its rows, or why it failed. */
export interface Section {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly problem?: string;
}

const HEAD = ["name", "what is measured", "photosync", "alternative", "ratio", "bar", "met?"];

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

/** The table in Markdown. */
export function renderTable(sections: readonly Section[]): string {
  const lines = [line(HEAD), line(HEAD.map(() => "---"))];
  for (const { name, rows, problem } of sections) {
    for (const row of rows) {
      const verdict = row.isMet === null ? "-" : row.isMet ? "yes" : "**no**";
      lines.push(line([name, row.what, row.photosync, row.alternative, row.ratio, row.bar, verdict]));
    }
    if (problem !== undefined) lines.push(line([name, `failed: ${problem}`, "-", "-", "-", "-", "**no**"]));
  }
  return `${lines.join("\n")}\n`;
}
