import type { Writable } from "node:stream";
import { systemClock } from "../infra/clock.js";
import type { View } from "./render/view.js";

/** A stream as the CLI needs it: `process.stdout`, or a test's. The last three are there on terminals only. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
};

/** What of a view no stream can tell. */
export interface ViewSettings {
  readonly noColor: boolean;
  readonly verbose: boolean;
  readonly now?: string;
}

/**
 * How to draw on a stream. Colour only on a terminal that has it: `hasColors` knows `NO_COLOR`, `FORCE_COLOR` and
 * `TERM=dumb` (https://nodejs.org/api/tty.html#writestreamgetcolordepthenv).
 */
export function viewFor(stream: OutputStream, { noColor, verbose, now }: ViewSettings): View {
  const terminal = stream.isTTY === true;
  return {
    width: terminal && stream.columns ? stream.columns : Number.POSITIVE_INFINITY,
    color: terminal && !noColor && stream.hasColors?.() === true,
    full: verbose,
    now: now ?? systemClock.now(),
  };
}

/** True when a line can be redrawn in place there. */
export const isLive = (stream: OutputStream, term: string | undefined): boolean =>
  stream.isTTY === true && term !== "dumb";
