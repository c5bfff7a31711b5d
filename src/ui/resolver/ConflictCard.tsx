import { Box } from "ink";
import { type ComponentType, type ReactNode, useMemo } from "react";
import type { OpenQuestion, QuestionPicture } from "../../domain/settling/decision.js";
import type { Line } from "../cells.js";
import { Lines } from "../Lines.js";
import { answerLines, cardTitle, evidenceLines } from "./card-lines.js";
import type { PicturesProps } from "./contract.js";
import { nextOpen } from "./deciding.js";
import type { Room } from "./room.js";
import type { State } from "./state.js";
import { heldSpans } from "./value-spans.js";

/** Fewer rows than this show nothing of a picture. */
const LEAST_PICTURE_ROWS = 4;

/** A question, and the room that its card fills. */
export interface CardProps {
  readonly state: State;
  readonly question: OpenQuestion;
  /** Without the rows of the message and the keys. */
  readonly room: Room;
  readonly Pictures: ComponentType<PicturesProps>;
  /** Gives what stands for a line in its row. */
  readonly put: (line: Line) => string;
}

const NONE: readonly QuestionPicture[] = [];
const pictured = ({ questions, listing }: State, at: number): readonly QuestionPicture[] =>
  questions[listing.order[at] ?? -1]?.pictures ?? NONE;

/** One question: its pictures, why it is asked, and the numbered answers. Fills its room exactly. */
export function ConflictCard({ state, question, room, Pictures, put }: CardProps): ReactNode {
  const { columns, rows, color } = room;
  const next = pictured(state, nextOpen(state));
  const spans = useMemo(() => heldSpans(question, color), [question, color]);
  const body = rows - 1;
  const isOfPictures = question.held.length === 0;
  const wanted = question.pictures.length === 0 ? 0 : Math.floor(body * (isOfPictures ? 0.5 : 0.3));
  const evidence = evidenceLines(
    question,
    columns,
    Math.max(2, Math.floor(body * (isOfPictures ? 0.35 : 0.2))),
  );
  const gap = body >= 14 ? 1 : 0;
  const forAnswers = body - evidence.length - gap;
  const shared = answerLines(state, question, spans, columns, forAnswers - wanted);
  const left = forAnswers - shared.length;
  const hasPictures = wanted > 0 && left >= LEAST_PICTURE_ROWS;
  const answers = hasPictures ? shared : answerLines(state, question, spans, columns, forAnswers);
  return (
    <Box flexDirection="column" height={rows} width={columns}>
      <Lines lines={[cardTitle(state, question, columns)]} put={put} />
      {hasPictures ? (
        <Box height={left} width={columns} paddingLeft={1} flexShrink={0}>
          <Pictures shown={question.pictures} width={columns - 1} height={left} next={next} />
        </Box>
      ) : null}
      <Lines lines={[...evidence, ...(gap === 1 ? [[]] : []), ...answers]} put={put} />
    </Box>
  );
}
