import { type BarStream, type EndingProgress, ProgressBar } from "./progress-bar.js";
import { ProgressEvents } from "./progress-events.js";
import { ProgressLines } from "./progress-lines.js";

/** Where progress is shown, and by which of the flags. */
export interface ProgressSettings {
  readonly stream: BarStream;
  /** The stream is a terminal on which a line can be redrawn. */
  readonly live: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  /** As JSON events for programs, whoever watches. */
  readonly events: boolean;
  readonly nowMs: () => number;
}

const SILENT: EndingProgress = { stage: () => {}, advance: () => {}, note: () => {}, end: () => {} };

/**
 * How a run reports its progress: a live bar on a terminal, sparse lines elsewhere, JSON events where these were asked for, and nothing with `--quiet`, or with
 * `--json` where nobody watches. Notes of a silent run are dropped.
 */
export function progressFor({ stream, live, quiet, json, events, nowMs }: ProgressSettings): EndingProgress {
  if (quiet) return SILENT;
  if (events) return new ProgressEvents((line) => stream.write(`${line}\n`), nowMs);
  if (live) return new ProgressBar(stream, nowMs);
  return json ? SILENT : new ProgressLines((line) => stream.write(`${line}\n`), nowMs);
}
