import { type AnswerOption, otherOf } from "../../domain/settling/decision.js";
import type { SittingEnd } from "./contract.js";
import {
  alikeTargets,
  decide,
  filtered,
  isOfDifferentPictures,
  nextOpen,
  numbered,
  OWN_WORDS,
  propose,
  undone,
} from "./deciding.js";
import { fieldText } from "./field-text.js";
import type { Command } from "./keymap.js";
import { listRows } from "./list-lines.js";
import { kindsOf } from "./listing.js";
import { mostTop } from "./long-lines.js";
import { editorColumns, type Room } from "./room.js";
import { currentOf, groupAt, type Mode, openAmong, openCount, type Scope, type State } from "./state.js";
import { editorOf, erase, insert, type Motion, move, type TextEditor, textOf } from "./text-editor.js";

/** Something that happened. */
export type Action =
  | { readonly is: "command"; readonly command: Command; readonly key: string }
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "pasting"; readonly on: boolean }
  | { readonly is: "told"; readonly message: string };

/** What an action depends on beside the state. */
export interface Surroundings {
  readonly room: Room;
  /** RFC 3339 in UTC. */
  readonly now: string;
}

/** The state after an action. Pure; what has to be written down of it is told by `changesBetween`. */
export function reduce(state: State, action: Action, around: Surroundings): State {
  switch (action.is) {
    case "told":
      return { ...state, message: action.message };
    case "pasting":
      return { ...state, pasting: action.on };
    case "text":
      return withEditor(state, (editor) => insert(editor, action.text));
    default:
      return obey(state, action.command, action.key, around);
  }
}

function obey(state: State, command: Command, key: string, around: Surroundings): State {
  if (command === "interrupt") return ended(state, "interrupted");
  if (command === "quit") return ended(state, openCount(state) === 0 ? "finished" : "quit");
  if (command === "help")
    return { ...state, mode: { at: "help", back: backFrom(state.mode) }, message: null };
  if (command === "undo") return undone(state);
  const { mode } = state;
  switch (mode.at) {
    case "list":
    case "card":
      return onQuestion({ ...state, message: null }, command, key, around);
    case "done":
      return { ...state, mode: { at: "list" }, message: null };
    case "help":
      return { ...state, mode: { at: mode.back } };
    case "scope":
      return command === "choose" ? scoped(state, mode.scope, key, around) : toCard(state);
    case "reading":
    case "confirming": {
      if (command === "yes" && mode.at === "confirming") return decide(state, mode.intent, around.now);
      const top = scrolled(state, mode.top, command, around);
      return top === null ? toCard(state) : { ...state, mode: { ...mode, top } };
    }
    default:
      return inText(state, command, around);
  }
}

const ended = (state: State, end: SittingEnd): State => ({ ...state, end });
const toCard = (state: State): State => ({ ...state, mode: { at: "card" }, message: null });
const backFrom = ({ at }: Mode): "list" | "card" | "done" => (at === "list" || at === "done" ? at : "card");

/** How far a move leads; infinite for the ends. Null for what is no move. */
function stride(command: Command, { room }: Surroundings): number | null {
  const rows = listRows(room.rows);
  const strides: Partial<Record<Command, number>> = {
    up: -1,
    down: 1,
    pageUp: -rows,
    pageDown: rows,
    top: Number.NEGATIVE_INFINITY,
    bottom: Number.POSITIVE_INFINITY,
  };
  return strides[command] ?? null;
}

function scrolled(state: State, top: number, command: Command, around: Surroundings): number | null {
  const by = stride(command, around);
  return by === null ? null : Math.max(0, Math.min(top + by, mostTop(state, around.room)));
}

const at = (state: State, position: number): State => ({
  ...state,
  position: Math.max(0, Math.min(position, state.listing.order.length - 1)),
});

function onQuestion(state: State, command: Command, key: string, around: Surroundings): State {
  const by = stride(command, around);
  if (by !== null) return at(state, state.position + by);
  switch (command) {
    case "nextGroup":
      return toGroup(state, 1);
    case "previousGroup":
      return toGroup(state, -1);
    case "filter":
      return otherFilter(state, 1);
    case "filterBack":
      return otherFilter(state, -1);
    case "nextOpen":
      return skipped(state);
    case "open":
      return currentOf(state) === undefined ? state : toCard(state);
    case "back":
      return { ...state, mode: { at: "list" } };
    case "read":
      return { ...state, mode: { at: "reading", top: 0 } };
    case "edit":
      return editing(state);
    case "choose":
      return chosen(state, numbered(state, key), around);
    case "different":
      return chosen(
        state,
        currentOf(state)?.options.find(isOfDifferentPictures),
        around,
        "No other picture was joined to this one.",
      );
    case "alike":
      return asked(state, "alike");
    case "always":
      return asked(state, "always");
    default:
      return state;
  }
}

function toGroup(state: State, by: 1 | -1): State {
  const { groups } = state.listing;
  const own = groupAt(state);
  let next = state.position;
  while (groups[next] === own && own !== undefined) next += by;
  const group = groups[next];
  return group === undefined ? state : at(state, groups.indexOf(group));
}

function otherFilter(state: State, by: 1 | -1): State {
  const filters = [null, ...kindsOf(state.questions)];
  const next = filters.indexOf(state.filter) + by;
  return filtered(state, filters[(next + filters.length) % filters.length] ?? null);
}

function skipped(state: State): State {
  const next = nextOpen(state);
  if (next === -1) return { ...state, message: "None of these is open any more." };
  if (next === state.position) return { ...state, message: "This is the only one that is still open." };
  return at(state, next);
}

function chosen(
  state: State,
  option: AnswerOption | undefined,
  around: Surroundings,
  otherwise = "No answer has that number.",
): State {
  const own = state.listing.order[state.position];
  if (option === undefined || own === undefined) return { ...state, message: otherwise };
  return propose(state, { option, targets: [own], remember: false }, around.now);
}

function asked(state: State, scope: Scope): State {
  const question = currentOf(state);
  if (scope === "always" && (question === undefined || !question.options.some(canBeRule(question.field)))) {
    return { ...state, message: "No source can be preferred by rule in this question." };
  }
  if (scope === "alike" && openAmong(state, groupAt(state)?.members ?? []) < 2) {
    return { ...state, message: "No other open question is like this one." };
  }
  return { ...state, mode: { at: "scope", scope } };
}

/** Rules prefer a source: a service, or what the file says of itself; not one copy of several, and not what the library holds. */
export const canBeRule =
  (field: string) =>
  ({ answer }: AnswerOption): boolean =>
    otherOf(field) === null &&
    fieldText(field) !== null &&
    answer.kind === "holder" &&
    answer.holder !== "canonical" &&
    !answer.holder.includes(":");

function scoped(state: State, scope: Scope, key: string, { now }: Surroundings): State {
  const option = numbered(state, key);
  if (option === undefined) return { ...state, message: "No answer has that number." };
  const isRule = scope === "always";
  if (isRule && !canBeRule(currentOf(state)?.field ?? "")(option)) {
    return { ...state, message: "Only a source can be preferred by rule." };
  }
  const targets = alikeTargets(state, option);
  return propose(state, { option, targets: isRule ? targets.slice(0, 1) : targets, remember: isRule }, now);
}

function editing(state: State): State {
  const question = currentOf(state);
  const text = question === undefined ? null : fieldText(question.field);
  if (question === undefined || text === null) {
    return { ...state, message: "There is no value to write here. Choose one of the numbers." };
  }
  const { draft, decided } = state;
  const answer = decided.get(question.id)?.answer;
  const start = answer?.kind === "value" ? answer.value : (question.held[0]?.value ?? null);
  const editor = draft?.id === question.id ? draft.editor : editorOf(text.write(start));
  return { ...state, mode: { at: "editing", editor, problem: null } };
}

function withEditor(state: State, change: (editor: TextEditor) => TextEditor): State {
  const { mode } = state;
  if (mode.at === "editing") {
    return { ...state, mode: { ...mode, editor: change(mode.editor), problem: null } };
  }
  return mode.at === "widening" ? { ...state, mode: { ...mode, editor: change(mode.editor) } } : state;
}

function inText(state: State, command: Command, around: Surroundings): State {
  const { mode } = state;
  if (command === "newline") return withEditor(state, (editor) => insert(editor, "\n"));
  if (command === "save") return saved(state, around);
  const [does, motion] = command.split(":");
  if (does === "go" || does === "erase") {
    const change = does === "go" ? move : erase;
    return withEditor(state, (editor) =>
      change(editor, motion as Motion, editorColumns(around.room.columns)),
    );
  }
  const question = currentOf(state);
  if (mode.at !== "editing" || question === undefined) return toCard(state);
  return { ...toCard(state), draft: { id: question.id, editor: mode.editor } };
}

function saved(state: State, { now }: Surroundings): State {
  const { mode } = state;
  if (mode.at === "widening") {
    if (textOf(mode.editor).trim().toLowerCase() === mode.level) return decide(state, mode.intent, now);
    return { ...toCard(state), message: `Nothing was changed: ${mode.level} was not typed.` };
  }
  const question = currentOf(state);
  const own = state.listing.order[state.position];
  if (mode.at !== "editing" || question === undefined || own === undefined) return state;
  const typed = fieldText(question.field)?.read(textOf(mode.editor));
  if (typed === undefined) return state;
  if ("problem" in typed) return { ...state, mode: { ...mode, problem: typed.problem } };
  const { value } = typed;
  const option: AnswerOption = { answer: { kind: "value", value }, label: OWN_WORDS, value };
  return decide(state, { option, targets: [own], remember: false }, now);
}
