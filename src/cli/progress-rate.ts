import { grouped, size } from "../text/units.js";
import type { ProgressStage } from "./progress-stage.js";

/** How fast a stage goes, for people: `20.0 MB/s`, or where no bytes move `8/s`, `20/min`, `5/h`. Empty until it can be told. */
export function rateText(stage: ProgressStage, nowMs: number): string {
  const bytes = stage.rate("bytes", nowMs);
  if (bytes !== null) return `${size(bytes)}/s`;
  const count = stage.rate("count", nowMs);
  if (count === null) return "";
  if (count >= 1) return `${grouped(Math.round(count))}/s`;
  return count * 60 >= 1 ? `${Math.round(count * 60)}/min` : `${Math.round(count * 3600)}/h`;
}
