import type { AnswerOption } from "../../domain/settling/decision.js";
import { decide, OWN_WORDS } from "./deciding.js";
import { fieldText } from "./field-text.js";
import type { Command } from "./keymap.js";
import { editorColumns } from "./room.js";
import { currentOf, type State, toCard } from "./state.js";
import { editorOf, erase, insert, MOTIONS, move, type TextEditor, textOf } from "./text-editor.js";

/** Begins to write the value: with the draft that was left, else with what was answered or is held. */
export function startWriting(state: State): State {
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

/** Puts text, typed or pasted, where the cursor is. */
export const typed = (state: State, text: string): State =>
  withEditor(state, (editor) => insert(editor, text));

/** What a command does while a text is written; one that is none of its own leaves the text, and keeps it as a draft. */
export function onText(
  state: State,
  command: Command,
  { columns, now }: { readonly columns: number; readonly now: string },
): State {
  const { mode } = state;
  if (command === "newline") return typed(state, "\n");
  if (command === "save") return saved(state, now);
  for (const motion of MOTIONS) {
    const change = command === `go:${motion}` ? move : command === `erase:${motion}` ? erase : null;
    if (change !== null) return withEditor(state, (editor) => change(editor, motion, editorColumns(columns)));
  }
  const question = currentOf(state);
  if (mode.at !== "editing" || question === undefined) return toCard(state);
  return { ...toCard(state), draft: { id: question.id, editor: mode.editor } };
}

function saved(state: State, now: string): State {
  const { mode } = state;
  if (mode.at === "widening") {
    if (textOf(mode.editor).trim().toLowerCase() === mode.level) return decide(state, mode.intent, now);
    return { ...toCard(state), message: `Nothing was changed: ${mode.level} was not typed.` };
  }
  const question = currentOf(state);
  const own = state.listing.order[state.position];
  if (mode.at !== "editing" || question === undefined || own === undefined) return state;
  const read = fieldText(question.field)?.read(textOf(mode.editor));
  if (read === undefined) return state;
  if ("problem" in read) return { ...state, mode: { ...mode, problem: read.problem } };
  const { value } = read;
  const option: AnswerOption = { answer: { kind: "value", value }, label: OWN_WORDS, value };
  return decide(state, { option, targets: [own], remember: false }, now);
}
