import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where sittings write down what was decided; see decision-journal.ts, which need not be loaded where there is none. */
export const decisionJournalPath = (libraryRoot: string): string =>
  join(libraryRoot, ".photosync", "decisions.jsonl");

/** True where some sitting's journal is there, be it empty. */
export const hasDecisionJournal = (libraryRoot: string): boolean =>
  existsSync(decisionJournalPath(libraryRoot));
