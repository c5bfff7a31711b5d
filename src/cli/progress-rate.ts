import { grouped, size } from "../text/units.js";
import type { ProgressStage } from "./progress-stage.js";

/** How fast a stage goes, for people: `20.0 MB/s`, or where no bytes move `8/s`, `20/min`, `5/h`. Empty until it can be told. */
export function rateText(stage: ProgressStage, nowMs: number): string {
  const bytes = stage.rate("bytes", nowMs);
  if (bytes !== null) return `${size(bytes)}/s`;
  const items = stage.rate("items", nowMs);
  if (items === null) return "";
  if (items >= 1) return `${grouped(Math.round(items))}/s`;
  return items * 60 >= 1 ? `${Math.round(items * 60)}/min` : `${Math.round(items * 3600)}/h`;
}
