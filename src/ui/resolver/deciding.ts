import { sameJson } from "../../domain/same-json.js";
import {
  type AnswerOption,
  type Decision,
  type OpenQuestion,
  questionId,
} from "../../domain/settling/decision.js";
import { isWider, mostRestrictive, VISIBILITIES, type Visibility } from "../../domain/visibility.js";
import { counted } from "../../text/units.js";
import { type Listing, listingOf } from "./listing.js";
import { currentOf, groupAt, type Intent, isDecided, openCount, type State } from "./state.js";
import { editorOf } from "./text-editor.js";

const isLevel = (value: unknown): value is Visibility => VISIBILITIES.some((level) => level === value);

/** The level that an option gives the photo; null where it is about something else. */
function levelOf({ field }: OpenQuestion, { answer, value }: AnswerOption): Visibility | null {
  if (answer.kind === "level") return answer.level;
  return field === "visibility" && isLevel(value) ? value : null;
}

/** What an answer is called whose value the person wrote. */
export const OWN_WORDS = "your own words";

const asLevel = (value: unknown): Visibility => (isLevel(value) ? value : "private");

/** Who sees it until the question is settled: the narrowest of all levels named, in doubt the owner alone. */
export const levelNow = ({ held, proposal }: OpenQuestion): Visibility =>
  mostRestrictive(
    [...held.map(({ value }) => value), ...(proposal === null ? [] : [proposal.value])].map(asLevel),
  );

/** The question's own option with this answer: a holder's value is another one for each photo. */
export const optionOf = (
  question: OpenQuestion | undefined,
  { answer }: Pick<Decision, "answer">,
): AnswerOption | undefined =>
  question?.options.find((option) => sameJson({ ...option.answer }, { ...answer }));

/** What a decision on the question is called. */
export const labelOf = (question: OpenQuestion, decision: Pick<Decision, "answer">): string =>
  optionOf(question, decision)?.label ?? OWN_WORDS;

/** The widest level that the intent would newly give to a photo; null where it shows none to more people. */
function wideningBy({ questions }: State, { option, targets }: Intent): Visibility | null {
  const wider = targets.flatMap((place) => {
    const question = questions[place];
    if (question === undefined) return [];
    const level = levelOf(question, optionOf(question, option) ?? option);
    return level !== null && isWider(level, levelNow(question)) ? [level] : [];
  });
  return VISIBILITIES.findLast((level) => wider.includes(level)) ?? null;
}

/** The answer that the pictures of a question are different ones: kept apart, or split. */
export const isOfDifferentPictures = ({ answer }: AnswerOption): boolean =>
  answer.kind === "different" || answer.kind === "split";

/** Questions that one answer settles with the one on the card: it, and the open ones like it that offer the answer, too. */
export function alikeTargets(state: State, option: AnswerOption): readonly number[] {
  const own = state.listing.order[state.position];
  if (own === undefined) return [];
  const others = (groupAt(state)?.members ?? []).filter(
    (place) =>
      place !== own && !isDecided(state, place) && optionOf(state.questions[place], option) !== undefined,
  );
  return [own, ...others];
}

/** Decides at once, or asks first where it is more than one answer to one question. */
export function propose(state: State, intent: Intent, now: string): State {
  const level = wideningBy(state, intent);
  if (level !== null) {
    return { ...state, mode: { at: "widening", intent, level, editor: editorOf("") }, message: null };
  }
  if (intent.targets.length > 1 || intent.remember) {
    return { ...state, mode: { at: "confirming", intent, top: 0 }, message: null };
  }
  return decide(state, intent, now);
}

/** Carries an intent out, and goes to the next open question. */
export function decide(state: State, { option, targets, remember }: Intent, now: string): State {
  const { answer } = option;
  const decisions = targets.flatMap((place, index): readonly Decision[] => {
    const question = state.questions[place];
    if (question === undefined) return [];
    const { photo_id, field, values } = question;
    // One of them makes the rule.
    const makesRule = remember && index === 0;
    return [{ photo_id, field, values, answer, ...(makesRule && { remember }), decided_at: now }];
  });
  const decided = new Map(state.decided);
  const before = decisions.map((decision) => decided.get(questionId(decision)) ?? null);
  for (const decision of decisions) decided.set(questionId(decision), decision);
  const what = decisions.length === 1 ? "Answered" : `${counted(decisions.length, "question")} answered`;
  return onward({
    ...state,
    decided,
    history: [...state.history, { decisions, before }],
    draft: null,
    message: `${what}: ${option.label}. u takes ${decisions.length === 1 ? "it" : "them"} back.`,
  });
}

/** The state with another filter, and the same question looked at where it is still listed. */
export function filtered(state: State, filter: State["filter"]): State {
  const listing = listingOf(state.questions, filter);
  return { ...state, filter, listing, position: Math.max(0, placeIn(listing, state)) };
}

const placeIn = (listing: Listing, { listing: old, position }: State): number =>
  listing.order.indexOf(old.order[position] ?? -1);

/** The next open question after this one in the list, from its end on from its start; -1 where none is left in it. */
export function nextOpen(state: State): number {
  const { order } = state.listing;
  for (let step = 1; step <= order.length; step += 1) {
    const at = (state.position + step) % order.length;
    const place = order[at];
    if (place !== undefined && !isDecided(state, place)) return at;
  }
  return -1;
}

function onward(state: State): State {
  if (openCount(state) === 0) return { ...state, mode: { at: "done" } };
  const at = nextOpen(state);
  if (at !== -1) return { ...state, position: at, mode: { at: "card" } };
  const all = filtered(state, null);
  return {
    ...all,
    position: Math.max(0, nextOpen(all)),
    mode: { at: "list" },
    message: "All of that kind are answered. These are left.",
  };
}

/** Takes the last answer back, with all that it decided, and shows its question. */
export function undone(state: State): State {
  const step = state.history.at(-1);
  const [first] = step?.decisions ?? [];
  if (step === undefined || first === undefined)
    return { ...state, message: "There is no answer to take back." };
  const decided = new Map(state.decided);
  for (const [index, decision] of step.decisions.entries()) {
    const before = step.before[index];
    if (before === null || before === undefined) decided.delete(questionId(decision));
    else decided.set(questionId(decision), before);
  }
  const place = state.questions.findIndex(({ id }) => id === questionId(first));
  const isListed = state.listing.order.includes(place);
  const shown = isListed ? state : filtered(state, null);
  const count = step.decisions.length;
  return {
    ...shown,
    decided,
    history: state.history.slice(0, -1),
    position: Math.max(0, shown.listing.order.indexOf(place)),
    mode: { at: state.mode.at === "list" ? "list" : "card" },
    message: count === 1 ? "The answer is taken back." : `${counted(count, "answer")} are taken back.`,
  };
}

/** What has to be made durable between two states: decisions that count now, and questions that are open again. */
export function changesBetween(
  before: State,
  after: State,
): { readonly decisions: readonly Decision[]; readonly takenBack: readonly string[] } {
  if (after.history.length > before.history.length) {
    return { decisions: after.history.at(-1)?.decisions ?? [], takenBack: [] };
  }
  if (after.history.length === before.history.length) return { decisions: [], takenBack: [] };
  const step = before.history.at(-1);
  return {
    decisions: (step?.before ?? []).filter((decision) => decision !== null),
    takenBack: (step?.decisions ?? []).filter((_, index) => step?.before[index] === null).map(questionId),
  };
}

/** Told where a number stands for no option. */
export const NO_SUCH_NUMBER = "No answer has that number.";

/** The option of the question that is looked at which a number stands for. */
export const numbered = (state: State, key: string): AnswerOption | undefined =>
  currentOf(state)?.options[Number(key) - 1];
