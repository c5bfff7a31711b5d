import { byCodeUnit } from "../../domain/same-json.js";
import {
  type AnswerOption,
  type Decision,
  type OpenQuestion,
  questionId,
} from "../../domain/settling/decision.js";
import type { QuestionKind } from "../../domain/settling/question.js";
import type { Visibility } from "../../domain/visibility.js";
import type { SittingEnd } from "./contract.js";
import { type Group, type Listing, listingOf } from "./listing.js";
import type { TextEditor } from "./text-editor.js";

/** One answer and all that it decided; `before` is what had been decided on the same question. */
export interface Step {
  readonly decisions: readonly Decision[];
  readonly before: readonly (Decision | null)[];
}

/** What is about to be decided, before the person has agreed. */
export interface Intent {
  readonly option: AnswerOption;
  /** Places in `questions`, the one on the card first. */
  readonly targets: readonly number[];
  readonly remember: boolean;
}

/** For what the next number counts: all questions alike, or this one and every later one by rule. */
export type Scope = "alike" | "always";

/** What is on the screen. */
export type Mode =
  | { readonly at: "list" }
  | { readonly at: "card" }
  /** Every word of the values, from this line on. */
  | { readonly at: "reading"; readonly top: number }
  | { readonly at: "editing"; readonly editor: TextEditor; readonly problem: string | null }
  | { readonly at: "scope"; readonly scope: Scope }
  | { readonly at: "confirming"; readonly intent: Intent; readonly top: number }
  /** More people would see photos: the level has to be typed. */
  | {
      readonly at: "widening";
      readonly intent: Intent;
      readonly level: Visibility;
      readonly editor: TextEditor;
    }
  | { readonly at: "help"; readonly back: "list" | "card" | "done" }
  /** Every question is answered. */
  | { readonly at: "done" };

/** All that the resolver knows. The questions never change. */
export interface State {
  readonly questions: readonly OpenQuestion[];
  readonly listing: Listing;
  readonly filter: QuestionKind | null;
  /** The question that is looked at, as a place in `listing.order`. */
  readonly position: number;
  readonly decided: ReadonlyMap<string, Decision>;
  readonly history: readonly Step[];
  readonly mode: Mode;
  /** What was just done, or why it was not. */
  readonly message: string | null;
  /** A text that was left without being kept, and of which question. */
  readonly draft: { readonly id: string; readonly editor: TextEditor } | null;
  /** Between the marks that a terminal puts around pasted text. */
  readonly pasting: boolean;
  readonly end: SittingEnd | null;
}

/** The state at the start: what an earlier sitting decided counts, and can be taken back one by one. */
export function startOf(questions: readonly OpenQuestion[], before: ReadonlyMap<string, Decision>): State {
  const known = new Set(questions.map(({ id }) => id));
  const decisions = [...before.values()]
    .filter((decision) => known.has(questionId(decision)))
    .sort((a, b) => byCodeUnit(a.decided_at, b.decided_at));
  const decided = new Map(decisions.map((decision) => [questionId(decision), decision]));
  const listing = listingOf(questions, null);
  const first = listing.order.findIndex((place) => !decided.has(questions[place]?.id ?? ""));
  return {
    questions,
    listing,
    filter: null,
    position: Math.max(0, first),
    decided,
    history: [...decided.values()].map((decision) => ({ decisions: [decision], before: [null] })),
    mode: { at: first === -1 ? "done" : "list" },
    message: decided.size === 0 ? null : `Going on where you left: ${decided.size} answered already.`,
    draft: null,
    pasting: false,
    end: null,
  };
}

/** The question that is looked at; undefined only where there is none at all. */
export const currentOf = ({ questions, listing, position }: State): OpenQuestion | undefined =>
  questions[listing.order[position] ?? -1];

/** The questions that one answer can settle with the one that is looked at, and it; undefined only where there is none at all. */
export const groupAt = ({ listing, position }: State): Group | undefined => listing.groups[position];

/** True where an answer counts for the question at this place in `questions`. */
export const isDecided = ({ questions, decided }: State, place: number): boolean =>
  decided.has(questions[place]?.id ?? "");

/** How many of these questions are still open. */
export const openAmong = (state: State, places: readonly number[]): number =>
  places.reduce((count, place) => count + (isDecided(state, place) ? 0 : 1), 0);

/** How many of the questions like the one that is looked at are still open, it counted where it is. */
export const openAlike = (state: State): number => openAmong(state, groupAt(state)?.members ?? []);

/** The state with the question that is looked at on the screen. */
export const toCard = (state: State): State => ({ ...state, mode: { at: "card" }, message: null });

/** How many of all questions are still open. */
export const openCount = ({ questions, decided }: State): number => questions.length - decided.size;
