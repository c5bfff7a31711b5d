import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Failed } from "./fault-point.js";
import { siteKey } from "./fault-target.js";

/** What earlier runs of a sweep on the same program found, and where this one adds to it. */
export interface FaultRecord {
  readonly earlier: readonly Failed[];
  /** Whether an earlier run did the very same. */
  readonly has: (stage: string, target: Failed["target"]) => boolean;
  readonly add: (failed: Failed) => void;
}

const keyOf = (stage: string, target: Failed["target"]): string =>
  `${stage}: ${siteKey(target)} ${target.trouble} ${target.earlier?.site ?? ""}`;

/**
 * A file with a line of JSON for each fault, so that a sweep that takes hours may be cut short and gone on with. Lines of
 * the program are named in it: it is of no use once the program has changed. Without a path nothing is kept.
 */
export function faultRecord(path: string | undefined): FaultRecord {
  const text = path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.split("\n").filter((line) => line !== "");
  const earlier = lines.map((line): Failed => JSON.parse(line));
  const done = new Set(
    earlier.filter(({ reached }) => reached).map((each) => keyOf(each.stage, each.target)),
  );
  return {
    earlier,
    has: (stage, target) => done.has(keyOf(stage, target)),
    add: (failed) => {
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(failed)}\n`);
    },
  };
}
