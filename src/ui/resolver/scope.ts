import { otherOf } from "../../domain/identity/identity-field.js";
import type { AnswerOption } from "../../domain/settling/decision.js";
import { alikeTargets, NO_SUCH_NUMBER, numbered, propose } from "./deciding.js";
import { fieldText } from "./field-text.js";
import { currentOf, openAlike, type Scope, type State } from "./state.js";

/** Rules prefer a source: a service, or what the file says of itself; not one copy of several, and not what the library holds. */
const canBeRule =
  (field: string) =>
  ({ answer }: AnswerOption): boolean =>
    otherOf(field) === null &&
    fieldText(field) !== null &&
    answer.kind === "holder" &&
    answer.holder !== "canonical" &&
    !answer.holder.includes(":");

/** True where some answer to the question that is looked at can be made a rule. */
export function mayBeRule(state: State): boolean {
  const question = currentOf(state);
  return question?.options.some(canBeRule(question.field)) === true;
}

/** Asks which answer is to count beyond the one question, where any may. */
export function askScope(state: State, scope: Scope): State {
  if (scope === "always" && !mayBeRule(state)) {
    return { ...state, message: "No source can be preferred by rule in this question." };
  }
  if (scope === "alike" && openAlike(state) < 2) {
    return { ...state, message: "No other open question is like this one." };
  }
  return { ...state, mode: { at: "scope", scope } };
}

/** Proposes the answer that a number stands for, with all for which it is to count. */
export function answerScope(state: State, scope: Scope, key: string, now: string): State {
  const option = numbered(state, key);
  if (option === undefined) return { ...state, message: NO_SUCH_NUMBER };
  const isRule = scope === "always";
  if (isRule && !canBeRule(currentOf(state)?.field ?? "")(option)) {
    return { ...state, message: "Only a source can be preferred by rule." };
  }
  const targets = alikeTargets(state, option);
  return propose(state, { option, targets: isRule ? targets.slice(0, 1) : targets, remember: isRule }, now);
}
