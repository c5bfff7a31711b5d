import { openDecisionJournal, readDecisions } from "../control/decision-journal.js";
import { type Decision, type OpenQuestion, questionId } from "../domain/settling/decision.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { PictureBytes } from "../ports/picture-bytes.js";
import { openQuestions } from "./open-questions.js";
import type { ResolveOptions } from "./options.js";
import { pictureBytes } from "./picture-bytes.js";
import { resolve } from "./resolve.js";
import type { ResolveResult } from "./results.js";
import { type Session, withSession } from "./session.js";
import { lockSitting } from "./sitting-lock.js";

/** A person and the questions of a library. The library is not locked meanwhile. */
export interface Sitting extends PictureBytes {
  /** All that was open when the sitting began. */
  readonly questions: readonly OpenQuestion[];
  /** What counts so far, by question id. */
  readonly decided: ReadonlyMap<string, Decision>;
  /** Decides questions; durable when it returns. Throws `store.no-space` and the like, and then none of them counts. */
  decide(decisions: readonly Decision[]): void;
  /** Takes decisions back, by question id; durable when it returns. Throws as `decide` does. */
  takeBack(questionIds: readonly string[]): void;
}

/** What came of a sitting. */
export interface SittingOutcome<End> {
  /** What `use` came to; null where nothing was open, so that nobody was asked. */
  readonly end: End | null;
  /** Decisions that no commit holds yet. */
  readonly waiting: number;
  /** What the commit of the decisions came to; null where there was none. */
  readonly result: ResolveResult | null;
}

async function sittingOf(session: Session, questions: readonly OpenQuestion[], run: Run) {
  const { libraryRoot } = session;
  const journal = await openDecisionJournal(libraryRoot);
  const decided = new Map(readDecisions(libraryRoot));
  const sitting: Sitting = {
    ...pictureBytes(session, run),
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
  };
  return sitting;
}

/**
 * Puts what is open to a person (`use`), and records what they decided in one commit when it ends; where it ends as `interrupted`, or by a
 * throw, the decisions wait for the next `resolve` of any kind. Throws `resolve.sitting-open` (busy) while another sitting
 * goes on, and whatever reading and committing throw.
 */
export async function sit<End extends string>(
  libraryRoot: string,
  control: ControlPlane,
  options: ResolveOptions,
  use: (sitting: Sitting) => Promise<End>,
  run: Run,
): Promise<SittingOutcome<End>> {
  const lock = await lockSitting(libraryRoot, "resolve --interactive");
  try {
    const ended = await withSession(libraryRoot, control, "resolve", "read", run, async (session) => {
      const questions: OpenQuestion[] = [];
      for await (const question of openQuestions(session, run)) questions.push(question);
      if (questions.length === 0) return null;
      const sitting = await sittingOf(session, questions, run);
      return { end: await use(sitting), decided: sitting.decided.size };
    });
    if (ended === null) return { end: null, waiting: 0, result: null };
    const { end, decided } = ended;
    if (decided === 0 || end === "interrupted") return { end, waiting: decided, result: null };
    return {
      end,
      waiting: 0,
      result: await resolve(libraryRoot, control, { ...options, endsSitting: true }, run),
    };
  } finally {
    await lock.release();
  }
}
