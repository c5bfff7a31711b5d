import { Box } from "ink";
import type { ComponentType, ReactNode } from "react";
import { cut, draw, type Line } from "../cells.js";
import { Lines } from "../Lines.js";
import { ConflictCard } from "./ConflictCard.js";
import type { PicturesProps } from "./contract.js";
import { labelOf } from "./deciding.js";
import { hintLine } from "./hints.js";
import { listLines } from "./list-lines.js";
import { confirmingLines, readingLines } from "./long-lines.js";
import { FOOT_ROWS, type Room } from "./room.js";
import { currentOf, openAlike, type State } from "./state.js";
import { doneLines, editingLines, helpLines, wideningLines } from "./text-lines.js";

/** A state, and the window that shows it. */
export interface ScreenProps {
  readonly state: State;
  readonly room: Room;
  readonly Pictures: ComponentType<PicturesProps>;
  /** Gives what stands in a frame for a line that is drawn. */
  readonly place: (line: string) => string;
}

/**
 * What is on the terminal: never more than its rows and columns. Only draws. Lines are cut to their room: what Ink would do
 * for them takes as long as all the rest of a drawing.
 */
export function Screen({ state, room, Pictures, place }: ScreenProps): ReactNode {
  const { columns, rows, color } = room;
  const put = (line: Line): string => place(draw(cut(line, columns), color));
  const body = Math.max(1, rows - FOOT_ROWS);
  const question = currentOf(state);
  const isCard = state.mode.at === "card" || state.mode.at === "scope";
  const message: Line = [{ text: ` ${messageOf(state)}`, style: state.mode.at === "scope" ? "key" : "good" }];
  const foot = [cut(message, columns - 1), [{ text: " " }, ...hintLine(state, columns - 2)]];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Box flexDirection="column" height={body} flexShrink={0}>
        {isCard && question !== undefined ? (
          <ConflictCard
            state={state}
            question={question}
            room={{ columns, rows: body, color }}
            Pictures={Pictures}
            put={put}
          />
        ) : (
          <Lines lines={bodyLines(state, columns, body, color).slice(0, body)} put={put} />
        )}
      </Box>
      <Lines lines={rows > FOOT_ROWS ? foot : foot.slice(1)} put={put} />
    </Box>
  );
}

function bodyLines(state: State, columns: number, rows: number, color: boolean): readonly Line[] {
  const { mode } = state;
  const question = currentOf(state);
  switch (mode.at) {
    case "help":
      return helpLines(mode.back, columns, rows);
    case "done":
      return doneLines(state, columns);
    case "confirming":
      return confirmingLines(state, mode, { columns, rows, color });
    case "widening":
      return wideningLines(state, mode, columns);
    case "editing":
      return question === undefined ? [] : editingLines(question, mode, columns, rows);
    case "reading":
      return question === undefined ? [] : readingLines(question, mode.top, { columns, rows, color });
    default:
      return listLines(state, columns, rows);
  }
}

function messageOf(state: State): string {
  const { mode, message } = state;
  if (message !== null) return message;
  const question = currentOf(state);
  if (mode.at === "scope") {
    return mode.scope === "alike"
      ? `Which answer for all ${openAlike(state)} alike? Nothing happens yet.`
      : "Which source shall always win here? Nothing happens yet.";
  }
  const decision = mode.at === "card" && question !== undefined ? state.decided.get(question.id) : undefined;
  if (decision === undefined || question === undefined) return "";
  return `Answered: ${labelOf(question, decision)}. Another number changes it.`;
}
