import { type Key, useApp, useInput } from "ink";
import { type ReactNode, useRef, useState } from "react";
import type { Sitting, SittingEnd } from "./contract.js";
import { changesBetween } from "./deciding.js";
import { commandOf, takesText } from "./keymap.js";
import { type Action, reduce } from "./reducer.js";
import type { Room } from "./room.js";
import { Screen } from "./Screen.js";
import { currentOf, startOf } from "./state.js";
import { eachOf, PASTE_END, PASTE_START, runsOf, type Stroke, strokeOf } from "./stroke.js";

/** A sitting, and the window in which it takes place. */
export interface ResolverProps {
  readonly sitting: Sitting;
  readonly room: Room;
  /** Gives what stands in a frame for a line that is drawn; the line itself, where nothing replaces it. */
  readonly place?: (line: string) => string;
  /** Told once, before the resolver takes itself off. */
  readonly onEnd: (end: SittingEnd) => void;
}

const itself = (line: string): string => line;

/** The resolver: turns keys into actions, hands on what was decided, and draws. */
export function Resolver({ sitting, room, place = itself, onEnd }: ResolverProps): ReactNode {
  const { exit } = useApp();
  const [state, setState] = useState(() => startOf(sitting.questions, sitting.decided));
  // Keys that come before the next drawing have to see what the ones before them did.
  const latest = useRef(state);

  const act = (action: Action): void => {
    const before = latest.current;
    if (before.end !== null) return;
    const after = reduce(before, action, { room, now: sitting.now() });
    const { decisions, takenBack } = changesBetween(before, after);
    try {
      if (decisions.length > 0) sitting.onDecide(decisions);
      if (takenBack.length > 0) sitting.onTakeBack(takenBack);
    } catch (error) {
      exit(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    latest.current = after;
    setState(after);
    if (after.end === null) return;
    onEnd(after.end);
    exit();
  };

  const openPictures = async (): Promise<void> => {
    const pictures = currentOf(latest.current)?.pictures ?? [];
    const problems = await Promise.all(pictures.map(sitting.openInViewer));
    const problem = problems.find((one) => one !== null);
    if (problem !== undefined && problem !== null) act({ is: "told", message: problem });
  };

  const press = ({ key, text }: Stroke): void => {
    const { mode } = latest.current;
    const command = commandOf(mode.at, key);
    if (command === "pictures") void openPictures();
    else if (command !== null) act({ is: "command", command, key });
    else if (takesText(mode.at) && text !== "") act({ is: "text", text });
  };

  /** Several characters at once that no paste mark goes before: typed ahead. Nothing counts beyond the return that ends a text. */
  const typeAhead = (text: string): void => {
    const isText = takesText(latest.current.mode.at);
    for (const stroke of isText ? runsOf(text) : eachOf(text)) {
      press(stroke);
      if (isText && stroke.key === "return") return;
    }
  };

  useInput((input: string, key: Key) => {
    if (input === PASTE_START || input === PASTE_END) {
      act({ is: "pasting", on: input === PASTE_START });
      return;
    }
    const stroke = strokeOf(input, key);
    if (latest.current.pasting) {
      if (takesText(latest.current.mode.at)) act({ is: "text", text: stroke.text });
    } else if (stroke.key === "") typeAhead(stroke.text);
    else press(stroke);
  });

  return <Screen state={state} room={room} Pictures={sitting.Pictures} place={place} />;
}
