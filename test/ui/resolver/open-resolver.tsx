import { Box, Text } from "ink";
import { render } from "ink-testing-library";
import type { ReactNode } from "react";
import { expect } from "vitest";
import type { Decision, OpenQuestion } from "../../../src/domain/settling/decision.js";
import type { PicturesProps, Sitting, SittingEnd } from "../../../src/ui/resolver/contract.js";
import { Resolver } from "../../../src/ui/resolver/Resolver.js";
import { until } from "../until.js";

export const ENTER = "\r";
export const ESCAPE = "\u001b";

// biome-ignore lint/suspicious/noControlCharactersInRegex: a look begins with the escape character
const LOOKS = /\u001b\[[\d;]*m/gu;

/** The text without its looks. */
export const bare = (text: string): string => text.replace(LOOKS, "");

const PlainPictures = ({ shown, width, height }: PicturesProps): ReactNode => (
  <Box width={width} height={height}>
    <Text wrap="truncate">{shown.map(({ bytes }) => `picture of ${bytes} bytes`).join(" | ")}</Text>
  </Box>
);

/** Opens a sitting on these questions in a window, and gives what a person there sees and can do. */
export function open(
  questions: readonly OpenQuestion[],
  {
    columns = 80,
    rows = 24,
    color = false,
    place = (line) => line,
    ...rest
  }: Partial<Sitting> & {
    columns?: number;
    rows?: number;
    color?: boolean;
    place?: (line: string) => string;
  } = {},
) {
  const decided: Decision[] = [];
  const takenBack: string[] = [];
  const ends: SittingEnd[] = [];
  const sitting: Sitting = {
    questions,
    decided: new Map(),
    onDecide: (decisions) => void decided.push(...decisions),
    onTakeBack: (ids) => void takenBack.push(...ids),
    Pictures: PlainPictures,
    openInViewer: async () => null,
    now: () => "2026-01-01T00:00:00Z",
    ...rest,
  };
  const view = (room: { columns: number; rows: number }) => (
    <Resolver sitting={sitting} room={{ ...room, color }} place={place} onEnd={(end) => ends.push(end)} />
  );
  const { stdin, lastFrame, frames, rerender } = render(view({ columns, rows }));
  const frame = () => bare(lastFrame() ?? "");
  const see = (text: string | RegExp) =>
    until(() => (typeof text === "string" ? expect(frame()).toContain(text) : expect(frame()).toMatch(text)));
  /** Presses a key, and waits for what is seen then. */
  const press = async (key: string, text: string | RegExp) => {
    stdin.write(key);
    await see(text);
  };
  return {
    frame,
    frames,
    see,
    press,
    stdin,
    decided,
    takenBack,
    ends,
    resize: (room: { columns: number; rows: number }) => rerender(view(room)),
  };
}
