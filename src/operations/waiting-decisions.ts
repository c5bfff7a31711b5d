import { hasDecisionJournal } from "../control/decision-journal-path.js";
import type { Lock } from "../control/process-lock.js";
import { PhotosyncError } from "../domain/errors.js";
import type { Decision } from "../domain/settling/decision.js";
import { lockSitting } from "./sitting-lock.js";

/** Decisions that a sitting left in the journal, for the run that is to commit them. */
export interface WaitingDecisions {
  readonly decisions: readonly Decision[];
  /** To be called once the commit that holds them is durable: only these go on waiting. */
  settle(left: readonly Decision[]): Promise<void>;
  release(): Promise<void>;
}

const NONE: WaitingDecisions = { decisions: [], settle: async () => {}, release: async () => {} };

async function lockIfFree(libraryRoot: string): Promise<Lock | null> {
  try {
    return await lockSitting(libraryRoot, "resolve");
  } catch (error) {
    if (error instanceof PhotosyncError && error.kind === "busy") return null;
    throw error;
  }
}

/**
 * The decisions that wait for a commit. While a sitting goes on they are its own, and nobody else's, so that there are none: unless
 * `isSitting`, for the run that ends it and holds its lock. `reading`: to look only, as a dry run does.
 */
export async function waitingDecisions(
  libraryRoot: string,
  { isSitting, reading }: { readonly isSitting: boolean; readonly reading: boolean },
): Promise<WaitingDecisions> {
  if (!hasDecisionJournal(libraryRoot)) return NONE;
  const { keepDecisions, readDecisions } = await import("../control/decision-journal.js");
  const decisions = () => [...readDecisions(libraryRoot).values()];
  if (reading) return { ...NONE, decisions: decisions() };
  const lock = isSitting ? null : await lockIfFree(libraryRoot);
  if (lock === null && !isSitting) return NONE;
  try {
    return {
      decisions: decisions(),
      settle: (left) => keepDecisions(libraryRoot, left),
      release: async () => lock?.release(),
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}
