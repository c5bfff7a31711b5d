import type { Measured, Tally } from "./measure.js";

const percent = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

function line(name: string, tally: Tally): string {
  const { joined, askedSame, missed, askedEdit, missedEdit, wrong, needless } = tally;
  return row([
    name,
    joined + askedSame + missed,
    joined,
    askedSame,
    missed,
    percent(joined, joined + askedSame + missed),
    percent(joined, joined + wrong),
    wrong,
    `${askedEdit} of ${askedEdit + missedEdit}`,
    needless,
  ]);
}

/** The measurement as a Markdown table: recall counts what was joined without a person. */
export function tableOf({ tallies, pictures, looked, pairs }: Measured, elapsedMs: number): string {
  const all = [...tallies.values()].reduce<Tally>(
    (sum, one) => ({
      joined: sum.joined + one.joined,
      askedSame: sum.askedSame + one.askedSame,
      missed: sum.missed + one.missed,
      askedEdit: sum.askedEdit + one.askedEdit,
      missedEdit: sum.missedEdit + one.missedEdit,
      wrong: sum.wrong + one.wrong,
      needless: sum.needless + one.needless,
    }),
    { joined: 0, askedSame: 0, missed: 0, askedEdit: 0, missedEdit: 0, wrong: 0, needless: 0 },
  );
  return [
    row([
      "scenario",
      "true pairs",
      "joined",
      "asked",
      "missed",
      "recall",
      "precision",
      "wrong joins",
      "edits asked",
      "needless questions",
    ]),
    row(Array.from({ length: 10 }, () => "---")),
    ...[...tallies].map(([name, tally]) => line(name, tally)),
    line("all", all),
    "",
    `${pictures} pictures, ${looked} looked at for ${pairs} candidate pairs, ${(elapsedMs / 1000).toFixed(1)} s`,
  ].join("\n");
}
