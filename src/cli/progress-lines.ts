import type { Advance, Amount } from "../ports/phase.js";
import { shown } from "../text/lines.js";
import { duration, grouped, size } from "../text/units.js";
import type { EndingProgress } from "./progress-bar.js";
import { rateText } from "./progress-rate.js";
import { NO_LANE, ProgressStage } from "./progress-stage.js";

const LINE_MS = 10_000;
/** A stage whose total is known speaks at every tenth, but is not silent for longer than this. */
const SILENCE_MS = 60_000;

const countOf = ({ count, total }: ProgressStage): string => {
  if (total.count !== undefined) return `${grouped(count)} of ${grouped(total.count)}`;
  return count > 0 ? grouped(count) : "";
};

function amount(stage: ProgressStage): string {
  const bytes =
    stage.bytes === 0
      ? ""
      : stage.total.bytes === undefined
        ? size(stage.bytes)
        : `${size(stage.bytes)} of ${size(stage.total.bytes)}`;
  return [countOf(stage), bytes].filter((part) => part !== "").join(", ");
}

const failures = ({ failed }: ProgressStage): string => (failed > 0 ? `${grouped(failed)} failed` : "");

function line(stage: ProgressStage, share: number | null, nowMs: number): string {
  const left = stage.secondsLeft(nowMs);
  const parts = [
    share === null ? "" : `${Math.floor(share * 100)} %`,
    amount(stage),
    rateText(stage, nowMs),
    left === null ? "" : `${duration(left)} left`,
    failures(stage),
  ].filter((part) => part !== "");
  return `${shown(stage.label)}: ${parts.join(", ")}`;
}

function lastLine(stage: ProgressStage, nowMs: number): string {
  const { count, bytes, total } = stage;
  const seconds = (nowMs - stage.startedMs) / 1000;
  const done = [
    // A stage may end before its total: steps that are left over, or fewer photos than a service had said.
    count < (total.count ?? 0) ? countOf(stage) : count > 0 ? grouped(count) : "",
    bytes > 0 ? size(bytes) : "",
    failures(stage),
    seconds >= 1 ? `in ${duration(seconds)}` : "",
  ].filter((part) => part !== "");
  return `${shown(stage.label)}: ${["done", ...done].join(", ")}`;
}

interface Speaking {
  readonly stage: ProgressStage;
  spokenMs: number;
  spokenShare: number;
}

/** Sparse plain lines for logs: of each stage at most one in ten seconds while it runs, and one when it is done. */
export class ProgressLines implements EndingProgress {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  /** By lane. */
  readonly #stages = new Map<string, Speaking>();

  constructor(write: (line: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  stage(label: string, total: Amount, lane = NO_LANE): void {
    if (lane === NO_LANE) this.end(true);
    else for (const over of [NO_LANE, lane]) this.#end(over, true);
    const spokenMs = this.#nowMs();
    this.#stages.set(lane, { stage: new ProgressStage(label, total, spokenMs), spokenMs, spokenShare: 0 });
  }

  advance(by: Advance, lane = NO_LANE): void {
    const speaking = this.#stages.get(lane);
    if (speaking === undefined) return;
    const { stage } = speaking;
    const nowMs = this.#nowMs();
    stage.advance(by, nowMs);
    const silentMs = nowMs - speaking.spokenMs;
    if (silentMs < LINE_MS) return;
    const share = stage.share();
    if (share !== null && share - speaking.spokenShare < 0.1 && silentMs < SILENCE_MS) return;
    speaking.spokenMs = nowMs;
    speaking.spokenShare = share ?? 0;
    this.#write(line(stage, share, nowMs));
  }

  note(line: string): void {
    this.#write(shown(line));
  }

  end(completed: boolean): void {
    for (const lane of [...this.#stages.keys()]) this.#end(lane, completed);
  }

  #end(lane: string, completed: boolean): void {
    const speaking = this.#stages.get(lane);
    this.#stages.delete(lane);
    if (speaking !== undefined && completed) this.#write(lastLine(speaking.stage, this.#nowMs()));
  }
}
