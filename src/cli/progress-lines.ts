import type { EndingProgress } from "./progress-bar.js";
import { ProgressStage } from "./progress-stage.js";
import { shown } from "./render/text.js";
import { duration, grouped, size } from "./render/units.js";

const LINE_MS = 10_000;
/** A stage whose total is known speaks at every tenth, but is not silent for longer than this. */
const SILENCE_MS = 60_000;

function amount(stage: ProgressStage): string {
  const items =
    stage.total.items !== undefined
      ? `${grouped(stage.items)} of ${grouped(stage.total.items)}`
      : stage.items > 0
        ? grouped(stage.items)
        : "";
  const bytes =
    stage.bytes === 0
      ? ""
      : stage.total.bytes === undefined
        ? size(stage.bytes)
        : `${size(stage.bytes)} of ${size(stage.total.bytes)}`;
  return [items, bytes].filter((part) => part !== "").join(", ");
}

/** Sparse plain lines for logs: at most one in ten seconds while a stage runs, and one when it is done. */
export class ProgressLines implements EndingProgress {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  #stage: ProgressStage | null = null;
  #spokenMs = 0;
  #spokenShare = 0;

  constructor(write: (line: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  stage(label: string, total: { readonly items?: number; readonly bytes?: number }): void {
    this.end(true);
    this.#spokenMs = this.#nowMs();
    this.#spokenShare = 0;
    this.#stage = new ProgressStage(label, total, this.#spokenMs);
  }

  advance(by: { readonly items?: number; readonly bytes?: number }): void {
    const stage = this.#stage;
    if (stage === null) return;
    const nowMs = this.#nowMs();
    stage.advance(by, nowMs);
    const silentMs = nowMs - this.#spokenMs;
    if (silentMs < LINE_MS) return;
    const share = stage.share();
    if (share !== null && share - this.#spokenShare < 0.1 && silentMs < SILENCE_MS) return;
    this.#spokenMs = nowMs;
    this.#spokenShare = share ?? 0;
    this.#write(this.#line(stage, share, nowMs));
  }

  note(line: string): void {
    this.#write(shown(line));
  }

  end(completed: boolean): void {
    const stage = this.#stage;
    this.#stage = null;
    if (stage === null || !completed) return;
    const seconds = (this.#nowMs() - stage.startedMs) / 1000;
    const done = [
      stage.items > 0 ? grouped(stage.items) : "",
      stage.bytes > 0 ? size(stage.bytes) : "",
      seconds >= 1 ? `in ${duration(seconds)}` : "",
    ].filter((part) => part !== "");
    this.#write(`${shown(stage.label)}: ${["done", ...done].join(", ")}`);
  }

  #line(stage: ProgressStage, share: number | null, nowMs: number): string {
    const rate = stage.rate("bytes", nowMs);
    const left = stage.secondsLeft(nowMs);
    const parts = [
      share === null ? "" : `${Math.floor(share * 100)} %`,
      amount(stage),
      rate === null ? "" : `${size(rate)}/s`,
      left === null ? "" : `${duration(left)} left`,
    ].filter((part) => part !== "");
    return `${shown(stage.label)}: ${parts.join(", ")}`;
  }
}
