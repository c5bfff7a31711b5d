import { type Profiler, Session } from "node:inspector";

/** Which of our code a run reached, character by character of each loaded module. */
export interface Coverage {
  /** Forgets what ran since the last call and returns what it reached. */
  take(): ReadonlyMap<string, Uint8Array>;
  /** Adds what was reached to what is known; returns how many characters of code were new. */
  learn(reached: ReadonlyMap<string, Uint8Array>): number;
  /** Forgets all that is known. */
  forget(): void;
  /** How many characters would be new. */
  newIn(reached: ReadonlyMap<string, Uint8Array>): number;
}

/**
 * Block coverage by V8 itself, in this process, of the modules whose address `isOurs`. Counting slows our code down by about
 * half, and asking costs some 10 ms: ask once for a batch, and again for each input of a batch that brought news.
 */
export function startCoverage(isOurs: (url: string) => boolean): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const known = new Map<string, Uint8Array>();
  const take = (): Map<string, Uint8Array> => {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    // The answer comes before `post` returns: the session is in this very thread.
    session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error !== null) throw new Error("no coverage", { cause: error });
      scripts = answer.result;
    });
    const reached = new Map<string, Uint8Array>();
    for (const script of scripts) if (isOurs(script.url)) reached.set(script.url, painted(script));
    return reached;
  };
  const compare = (reached: ReadonlyMap<string, Uint8Array>, isKept: boolean): number => {
    let news = 0;
    for (const [url, now] of reached) {
      let before = known.get(url);
      if (before === undefined || before.length < now.length) {
        const grown = new Uint8Array(now.length);
        grown.set(before ?? []);
        before = grown;
      }
      for (let at = 0; at < now.length; at++) {
        if (now[at] !== 1 || before[at] === 1) continue;
        news++;
        if (isKept) before[at] = 1;
      }
      if (isKept) known.set(url, before);
    }
    return news;
  };
  return {
    forget: () => known.clear(),
    take,
    learn: (reached) => compare(reached, true),
    newIn: (reached) => compare(reached, false),
  };
}

/** Ranges are nested, outer ones first, so later ones paint over earlier ones. */
function painted(script: Profiler.ScriptCoverage): Uint8Array {
  const ranges = script.functions.flatMap((one) => one.ranges);
  const bytes = new Uint8Array(ranges.reduce((most, { endOffset }) => Math.max(most, endOffset), 0));
  for (const { startOffset, endOffset, count } of ranges)
    bytes.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return bytes;
}
