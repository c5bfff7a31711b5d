import type { Advance, Amount } from "../ports/phase.js";

/** How far back the moving average looks; long enough to be calm, short enough to follow a change of disk. */
const WINDOW_MS = 10_000;
/** Samples closer together than this are merged, so that a window never holds many. */
const SAMPLE_MS = 200;
/** Too little time to tell a rate from. */
const LEAST_MS = 1_000;

interface Sample {
  readonly atMs: number;
  readonly count: number;
  readonly bytes: number;
}

/** The one kind of reports without a lane. */
export const NO_LANE = "";

/** One stage of a run as far as it has come, with rates per second by a moving average. Times are milliseconds. */
export class ProgressStage {
  readonly label: string;
  readonly total: Amount;
  readonly startedMs: number;
  count = 0;
  bytes = 0;
  failed = 0;
  #samples: Sample[];

  constructor(label: string, total: Amount, nowMs: number) {
    this.label = label;
    this.total = total;
    this.startedMs = nowMs;
    this.#samples = [{ atMs: nowMs, count: 0, bytes: 0 }];
  }

  advance(by: Advance, nowMs: number): void {
    this.count += by.count ?? 0;
    this.bytes += by.bytes ?? 0;
    this.failed += by.failed ?? 0;
    const sample = { atMs: nowMs, count: this.count, bytes: this.bytes };
    const before = this.#samples.at(-2);
    if (before !== undefined && nowMs - before.atMs < SAMPLE_MS) this.#samples.pop();
    this.#samples.push(sample);
    while (this.#samples.length > 2 && nowMs - (this.#samples[1]?.atMs ?? nowMs) >= WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** What the total counts, by which the end can be foreseen; null where it is unknown, or was too low and so tells nothing. */
  #measure(): { readonly unit: keyof Amount; readonly total: number } | null {
    const unit = (this.total.bytes ?? 0) > 0 ? "bytes" : "count";
    const total = this.total[unit] ?? 0;
    return total > 0 && this[unit] <= total ? { unit, total } : null;
  }

  /** The share that is done, 0 to 1, by bytes where their total is known, else by count; null where neither is. */
  share(): number | null {
    const measure = this.#measure();
    return measure === null ? null : this[measure.unit] / measure.total;
  }

  /** Per second over the last seconds; null until there is enough to tell from. */
  rate(unit: keyof Amount, nowMs: number): number | null {
    const first = this.#samples[0];
    if (first === undefined || nowMs - first.atMs < LEAST_MS) return null;
    const gained = this[unit] - first[unit];
    return gained <= 0 ? null : (gained * 1000) / (nowMs - first.atMs);
  }

  /** Seconds left at the present rate; null where the total or the rate is unknown. */
  secondsLeft(nowMs: number): number | null {
    const measure = this.#measure();
    if (measure === null) return null;
    const rate = this.rate(measure.unit, nowMs);
    return rate === null ? null : (measure.total - this[measure.unit]) / rate;
  }
}
