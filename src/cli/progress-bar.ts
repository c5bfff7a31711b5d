import type { Advance, Amount, Progress } from "../ports/phase.js";
import { displayWidth, pad, shorten, shown } from "../text/lines.js";
import { duration, grouped, size } from "../text/units.js";
import { rateText } from "./progress-rate.js";
import { NO_LANE, ProgressStage } from "./progress-stage.js";

/** Progress that has an end: whatever is on the screen is taken away or completed. */
export interface EndingProgress extends Progress {
  /** `completed` tells whether the last stage reached its end. May be called twice. */
  end(completed: boolean): void;
}

/** Where a live bar is drawn: a terminal's stream, whose `columns` may change at any time. */
export interface BarStream {
  readonly columns?: number;
  write(text: string): unknown;
}

/** At most five pictures a second: more costs time on slow terminals and shows nothing. */
const REDRAW_MS = 200;
const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;
const WIDEST_LABEL = 28;
const FALLBACK_COLUMNS = 80;

function bar(share: number, width: number): string {
  const done = Math.round(share * width);
  return `[${"=".repeat(done)}${" ".repeat(width - done)}]`;
}

/** The pieces of the line in the order in which they may stay when there is little room. */
function pieces(stage: ProgressStage, nowMs: number): string[] {
  const { total } = stage;
  const share = stage.share();
  const left = stage.secondsLeft(nowMs);
  const counts =
    total.count !== undefined
      ? `${grouped(stage.count)}/${grouped(total.count)}`
      : stage.count > 0
        ? grouped(stage.count)
        : "";
  const amount = total.count === undefined && stage.bytes > 0 ? size(stage.bytes) : "";
  // What is done has no rate any more: what is last told of it would only fall.
  const isDone = share === 1;
  return [
    share === null ? "" : `${Math.floor(share * 100)} %`.padStart(5),
    counts,
    amount,
    isDone ? "" : rateText(stage, nowMs),
    left === null || isDone ? "" : `${duration(left)} left`,
    stage.failed > 0 ? `${grouped(stage.failed)} failed` : "",
  ];
}

const labelOf = (stage: ProgressStage, columns: number): string =>
  shorten(shown(stage.label), Math.min(WIDEST_LABEL, Math.max(1, columns)));

/**
 * The line for a stage, at most `columns` wide: pieces that find no room are left out, the bar takes what remains. Its label takes
 * `labelColumns`, so that lines below each other are aligned.
 */
export function barLine(stage: ProgressStage, columns: number, nowMs: number, labelColumns = 0): string {
  const label = pad(labelOf(stage, columns), Math.min(labelColumns, columns), "left");
  let room = columns - displayWidth(label);
  const kept: string[] = [];
  for (const piece of pieces(stage, nowMs)) {
    if (piece === "" || piece.length + 2 > room) continue;
    kept.push(piece);
    room -= piece.length + 2;
  }
  const share = stage.share();
  const width = Math.min(WIDEST_BAR, room - 4);
  if (share !== null && width >= NARROWEST_BAR) kept.unshift(bar(share, width));
  return [label, ...kept].join("  ");
}

/** One line for each stage that goes on, redrawn in place on a terminal and taken away at the end. */
export class ProgressBar implements EndingProgress {
  readonly #stream: BarStream;
  readonly #nowMs: () => number;
  /** By lane. */
  readonly #stages = new Map<string, ProgressStage>();
  #drawn: readonly string[] = [];
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(stream: BarStream, nowMs: () => number) {
    this.#stream = stream;
    this.#nowMs = nowMs;
  }

  stage(label: string, total: Amount, lane = NO_LANE): void {
    if (lane === NO_LANE) this.#stages.clear();
    else this.#stages.delete(NO_LANE);
    this.#stages.set(lane, new ProgressStage(label, total, this.#nowMs()));
    this.#draw();
  }

  advance(by: Advance, lane = NO_LANE): void {
    const nowMs = this.#nowMs();
    this.#stages.get(lane)?.advance(by, nowMs);
    if (nowMs - this.#drawnMs >= REDRAW_MS) this.#draw();
  }

  note(line: string): void {
    this.#stream.write(`${this.#erasure()}${shown(line)}\n`);
    this.#drawn = [];
    this.#draw();
  }

  end(): void {
    const erasure = this.#erasure();
    if (erasure !== "") this.#stream.write(erasure);
    this.#drawn = [];
    this.#stages.clear();
  }

  #columns(): number {
    return this.#stream.columns || FALLBACK_COLUMNS;
  }

  /** Goes back to where the drawn lines began, which a terminal made narrower since has wrapped, and clears from there. */
  #erasure(): string {
    if (this.#drawn.length === 0) return "";
    const rowsOf = (line: string) => Math.max(1, Math.ceil(displayWidth(line) / this.#columns()));
    const rowsAbove = this.#drawn.reduce((rows, line) => rows + rowsOf(line), -1);
    return `\r${rowsAbove > 0 ? `\u001b[${rowsAbove}A` : ""}\u001b[J`;
  }

  #draw(): void {
    if (this.#stages.size === 0) return;
    const nowMs = this.#nowMs();
    // One column stays free: a full line makes some terminals wrap.
    const columns = this.#columns() - 1;
    const stages = [...this.#stages.values()];
    const widest = Math.max(...stages.map((stage) => displayWidth(labelOf(stage, columns))));
    const lines = stages.map((stage) => barLine(stage, columns, nowMs, widest));
    this.#stream.write(this.#erasure() + lines.join("\n"));
    this.#drawn = lines;
    this.#drawnMs = nowMs;
  }
}
