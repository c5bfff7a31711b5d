import type { Advance, Amount } from "../ports/phase.js";
import type { EndingProgress } from "./progress-bar.js";
import { NO_LANE, ProgressStage } from "./progress-stage.js";

/** Of each stage at most one event a second, besides its first and its last. */
const EVENT_MS = 1_000;

/**
 * Progress for programs: one JSON object on a line for each event. `stage` begins one, `progress` tells how far it has come, `done` ends it, `note`
 * is a remark; see DESIGN.md, "Progress as events".
 */
export class ProgressEvents implements EndingProgress {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  /** By lane. */
  readonly #stages = new Map<string, { readonly stage: ProgressStage; toldMs: number }>();

  constructor(write: (line: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  stage(label: string, total: Amount, lane = NO_LANE): void {
    if (lane === NO_LANE) this.end();
    else for (const over of [NO_LANE, lane]) this.#end(over);
    const toldMs = this.#nowMs();
    const stage = new ProgressStage(label, total, toldMs);
    this.#stages.set(lane, { stage, toldMs });
    this.#tell("stage", lane, stage);
  }

  advance(by: Advance, lane = NO_LANE): void {
    const told = this.#stages.get(lane);
    if (told === undefined) return;
    const nowMs = this.#nowMs();
    told.stage.advance(by, nowMs);
    if (nowMs - told.toldMs < EVENT_MS) return;
    told.toldMs = nowMs;
    this.#tell("progress", lane, told.stage);
  }

  note(line: string): void {
    this.#write(JSON.stringify({ event: "note", text: line }));
  }

  end(): void {
    for (const lane of [...this.#stages.keys()]) this.#end(lane);
  }

  #end(lane: string): void {
    const told = this.#stages.get(lane);
    this.#stages.delete(lane);
    if (told !== undefined) this.#tell("done", lane, told.stage);
  }

  #tell(event: "stage" | "progress" | "done", lane: string, stage: ProgressStage): void {
    const nowMs = this.#nowMs();
    const rounded = (figure: number | null) => (figure === null ? null : Math.round(figure));
    this.#write(
      JSON.stringify({
        event,
        stage: stage.label,
        lane: lane === NO_LANE ? null : lane,
        count: stage.count,
        count_total: stage.total.count ?? null,
        bytes: stage.bytes,
        bytes_total: stage.total.bytes ?? null,
        failed: stage.failed,
        bytes_per_second: rounded(stage.rate("bytes", nowMs)),
        seconds_left: rounded(stage.secondsLeft(nowMs)),
      }),
    );
  }
}
