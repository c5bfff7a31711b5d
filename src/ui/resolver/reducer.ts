import type { AnswerOption } from "../../domain/settling/decision.js";
import type { SittingEnd } from "./contract.js";
import {
  decide,
  filtered,
  isOfDifferentPictures,
  NO_SUCH_NUMBER,
  nextOpen,
  numbered,
  propose,
  undone,
} from "./deciding.js";
import type { Command } from "./keymap.js";
import { listRows } from "./list-lines.js";
import { kindsOf } from "./listing.js";
import { mostTop } from "./long-lines.js";
import { FOOT_ROWS, type Room } from "./room.js";
import { answerScope, askScope } from "./scope.js";
import { currentOf, groupAt, type Mode, openCount, type State, toCard } from "./state.js";
import { onText, startWriting, typed } from "./writing.js";

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
      return typed(state, action.text);
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
      return command === "choose" ? answerScope(state, mode.scope, key, around.now) : toCard(state);
    case "reading":
    case "confirming": {
      if (command === "yes" && mode.at === "confirming") return decide(state, mode.intent, around.now);
      const top = scrolled(state, mode.top, command, around);
      return top === null ? toCard(state) : { ...state, mode: { ...mode, top } };
    }
    default:
      return onText(state, command, { columns: around.room.columns, now: around.now });
  }
}

const ended = (state: State, end: SittingEnd): State => ({ ...state, end });
const backFrom = ({ at }: Mode): "list" | "card" | "done" => (at === "list" || at === "done" ? at : "card");

/** How far a move leads; infinite for the ends. Null for what is no move. */
function stride(command: Command, { room }: Surroundings): number | null {
  const rows = listRows(room.rows - FOOT_ROWS);
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
      return startWriting(state);
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
      return askScope(state, "alike");
    case "always":
      return askScope(state, "always");
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
  otherwise = NO_SUCH_NUMBER,
): State {
  const own = state.listing.order[state.position];
  if (option === undefined || own === undefined) return { ...state, message: otherwise };
  return propose(state, { option, targets: [own], remember: false }, around.now);
}
