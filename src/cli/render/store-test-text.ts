import type { StoreTest, StoreTestResult } from "../../operations/stores/store-results.js";
import { shown, wrap } from "../../text/lines.js";
import { counted } from "../../text/units.js";
import { asText } from "./closing.js";
import { heading, paint, type View } from "./view.js";

const MARKS = {
  ok: { word: "ok", style: "green" },
  missing: { word: "MISSING", style: "red" },
  unknown: { word: "unknown", style: "yellow" },
} as const;
const WORD_COLUMNS = 9;

/** What was tried on a store, and what its server proves. */
export function testLines({ trials, abilities, standing }: StoreTest, view: View): string[] {
  return [
    ...trials.map(({ deed, action, outcome, needed }) => {
      const { word, style } = MARKS[outcome];
      const isLeft = outcome === "missing" && !needed ? ", which photosync can do without" : "";
      return `  ${paint(view, style, word.padEnd(WORD_COLUMNS))}${deed}${action === null ? "" : ` (${action})`}${isLeft}`;
    }),
    ...abilities.flatMap(({ holds, meaning, name }) =>
      wrap(meaning, view.width - WORD_COLUMNS - 2, "").map((line, index) =>
        index === 0
          ? `  ${paint(view, holds && name !== "reads-back" ? "green" : "yellow", (name === "reads-back" ? "so" : holds ? "yes" : "no").padEnd(WORD_COLUMNS))}${line}`
          : `  ${" ".repeat(WORD_COLUMNS)}${line}`,
      ),
    ),
    ...(standing === "ready" ? ["  A photosync store of this name is there already."] : []),
  ];
}

/** Every store that was tried, and what came of it. */
export function renderStoreTest({ tests, counts }: StoreTestResult, view: View): string {
  return asText([
    ...tests.flatMap((test) => [
      `${heading(view, shown(test.name))} ${shown(test.url)}`,
      ...testLines(test, view),
      "",
    ]),
    `${counted(counts.ok, "store")} of ${counts.tested} can be used.`,
  ]);
}
