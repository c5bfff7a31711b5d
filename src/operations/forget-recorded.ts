import { questionId } from "../domain/settling/decision.js";
import type { Run } from "../ports/phase.js";
import { decide } from "./decide.js";
import type { Session } from "./session.js";
import { waitingDecisions } from "./waiting-decisions.js";

/**
 * Takes out of the journal what a commit holds already: a run that was killed between its commit and the journal's end leaves it there,
 * and once that commit is undone, the next `resolve` would take it for decisions that still wait. Those of a sitting
 * that goes on are left alone. Throws what reading and writing the journal throw.
 */
export async function forgetRecorded(session: Session, run: Run): Promise<void> {
  const waiting = await waitingDecisions(session.libraryRoot, { isSitting: false, reading: false });
  try {
    if (waiting.decisions.length === 0) return;
    const { recorded } = await decide(session, waiting.decisions, [], run);
    const left = waiting.decisions.filter((decision) => !recorded.has(questionId(decision)));
    if (left.length < waiting.decisions.length) await waiting.settle(left);
  } finally {
    await waiting.release();
  }
}
