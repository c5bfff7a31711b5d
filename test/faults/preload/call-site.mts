const OURS = /[/\\]dist[/\\]((?:[\w.-]+[/\\])*[\w.-]+\.js):(\d+):\d+/;
/** Writes for others until all is written. */
const THROUGH = "control/write-fully.js";
const PACKAGE = /[/\\]node_modules[/\\]((?:@[\w.-]+[/\\])?[\w.-]+)[/\\]/;

export interface CallSite {
  /** `infra/hash.js:12`, or "" where no frame is ours. */
  readonly site: string;
  /** The package whose code called, when it was not ours. */
  readonly dependency: string | undefined;
}

/** Who is calling: the nearest frame below `dist/`, and the package between it and Node. */
export function callSite(): CallSite {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  let dependency: string | undefined;
  for (const line of stack.split("\n")) {
    const from = PACKAGE.exec(line)?.[1];
    if (from !== undefined) {
      dependency ??= from;
      continue;
    }
    const ours = OURS.exec(line);
    if (ours?.[1] !== undefined && ours[1] !== THROUGH) return { site: `${ours[1]}:${ours[2]}`, dependency };
  }
  return { site: "", dependency };
}
