import type { ComponentType } from "react";
import type { Decision, OpenQuestion, QuestionPicture } from "../../domain/settling/decision.js";

/** What draws pictures in the terminal, side by side. It never draws outside of its room. */
export interface PicturesProps {
  readonly shown: readonly QuestionPicture[];
  /** Columns of the room. */
  readonly width: number;
  /** Rows of the room. */
  readonly height: number;
  /** The pictures of the question that is likely to come next, to be made while a person thinks. */
  readonly next?: readonly QuestionPicture[];
}

/** What a sitting needs from outside: all that is no drawing. */
export interface Sitting {
  readonly questions: readonly OpenQuestion[];
  /** What was decided in a sitting that was cut short, by question id. */
  readonly decided: ReadonlyMap<string, Decision>;
  /** Decisions of one answer, one or thousands. Durable when it returns; a throw ends the sitting with that error. */
  readonly onDecide: (decisions: readonly Decision[]) => void;
  /** Decisions that no longer count, by question id. Durable when it returns; a throw ends the sitting with that error. */
  readonly onTakeBack: (questionIds: readonly string[]) => void;
  readonly Pictures: ComponentType<PicturesProps>;
  /** Shows a picture in the system's viewer and does not wait for it; says why where that is not possible, else null. */
  readonly openInViewer: (picture: QuestionPicture) => Promise<string | null>;
  /** RFC 3339 in UTC. */
  readonly now: () => string;
}

/** How a sitting ended: every question answered, left with some open, or cut short. What was decided counts in each case. */
export type SittingEnd = "finished" | "quit" | "interrupted";
