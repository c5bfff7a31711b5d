import { openDecisionJournal, readDecisions } from "../control/decision-journal.js";
import { type Decision, type OpenQuestion, questionId } from "../domain/settling/decision.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { openQuestions } from "./open-questions.js";
import type { ResolveOptions } from "./options.js";
import { resolve } from "./resolve.js";
import type { ResolveResult } from "./results.js";
import { withSession } from "./session.js";
import { lockSitting } from "./sitting-lock.js";

/** A person and the questions of a library. The library is not locked meanwhile. */
export interface Sitting {
  /** All that was open when the sitting began. */
  readonly questions: readonly OpenQuestion[];
  /** What counts so far, by question id. */
  readonly decided: ReadonlyMap<string, Decision>;
  /** Decides questions; durable when it returns. Throws `store.no-space` and the like, and then none of them counts. */
  decide(decisions: readonly Decision[]): void;
  /** Takes decisions back, by question id; durable when it returns. Throws as `decide` does. */
  takeBack(questionIds: readonly string[]): void;
  /** Records what was decided, in one commit, and ends the sitting. */
  commit(options: ResolveOptions, run: Run): Promise<ResolveResult>;
  /** Ends the sitting: what was decided waits for the next `resolve`. May be called again. */
  end(): Promise<void>;
}

/**
 * Opens a sitting. What one that was killed left is decided already. Throws `resolve.sitting-open` (busy) while another one goes on,
 * and whatever reading the library throws.
 */
export async function openSitting(libraryRoot: string, control: ControlPlane, run: Run): Promise<Sitting> {
  const lock = await lockSitting(libraryRoot, "resolve --interactive");
  try {
    const questions = await withSession(libraryRoot, control, "resolve", "read", run, async (session) => {
      const found: OpenQuestion[] = [];
      for await (const question of openQuestions(session, run)) found.push(question);
      return found;
    });
    const journal = await openDecisionJournal(libraryRoot);
    const decided = new Map(readDecisions(libraryRoot));
    return {
      questions,
      decided,
      decide(decisions) {
        journal.add(decisions);
        for (const decision of decisions) decided.set(questionId(decision), decision);
      },
      takeBack(ids) {
        journal.takeBack(ids);
        for (const id of ids) decided.delete(id);
      },
      commit: (options, call) => resolve(libraryRoot, control, { ...options, endsSitting: true }, call),
      end: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
