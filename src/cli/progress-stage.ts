/** How far back the moving average looks; long enough to be calm, short enough to follow a change of disk. */
const WINDOW_MS = 10_000;
/** Samples closer together than this are merged, so that a window never holds many. */
const SAMPLE_MS = 200;
/** Too little time to tell a rate from. */
const LEAST_MS = 1_000;

interface Sample {
  readonly atMs: number;
  readonly items: number;
  readonly bytes: number;
}

/** One stage of a run as far as it has come, with rates per second by a moving average. Times are milliseconds. */
export class ProgressStage {
  readonly label: string;
  readonly total: { readonly items?: number; readonly bytes?: number };
  readonly startedMs: number;
  items = 0;
  bytes = 0;
  #samples: Sample[];

  constructor(label: string, total: { readonly items?: number; readonly bytes?: number }, nowMs: number) {
    this.label = label;
    this.total = total;
    this.startedMs = nowMs;
    this.#samples = [{ atMs: nowMs, items: 0, bytes: 0 }];
  }

  advance(by: { readonly items?: number; readonly bytes?: number }, nowMs: number): void {
    this.items += by.items ?? 0;
    this.bytes += by.bytes ?? 0;
    const sample = { atMs: nowMs, items: this.items, bytes: this.bytes };
    const before = this.#samples.at(-2);
    if (before !== undefined && nowMs - before.atMs < SAMPLE_MS) this.#samples.pop();
    this.#samples.push(sample);
    while (this.#samples.length > 2 && nowMs - (this.#samples[1]?.atMs ?? nowMs) >= WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** The share that is done, 0 to 1, by bytes where their total is known, else by items; null where neither is. */
  share(): number | null {
    const { bytes, items } = this.total;
    if (bytes !== undefined && bytes > 0) return Math.min(1, this.bytes / bytes);
    if (items !== undefined && items > 0) return Math.min(1, this.items / items);
    return null;
  }

  /** Per second over the last seconds; null until there is enough to tell from. */
  rate(unit: "items" | "bytes", nowMs: number): number | null {
    const first = this.#samples[0];
    if (first === undefined || nowMs - first.atMs < LEAST_MS) return null;
    const gained = this[unit] - first[unit];
    return gained <= 0 ? null : (gained * 1000) / (nowMs - first.atMs);
  }

  /** Seconds left at the present rate; null where the total or the rate is unknown. */
  secondsLeft(nowMs: number): number | null {
    const unit = this.total.bytes !== undefined && this.total.bytes > 0 ? "bytes" : "items";
    const total = this.total[unit];
    const rate = this.rate(unit, nowMs);
    if (total === undefined || rate === null) return null;
    return Math.max(0, total - this[unit]) / rate;
  }
}
