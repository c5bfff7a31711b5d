import type { ReplicateStep } from "../phases/replicate/replicate-step.js";
import type { Run } from "../ports/phase.js";
import type { PlannedStep } from "./results.js";

/** The run, with notes kept for the result, where `--quiet` and `--json` show them as well. */
export const notingDown = (run: Run, notes: string[]): Run => ({
  ...run,
  progress: {
    stage: (label, total, lane) => run.progress.stage(label, total, lane),
    advance: (by, lane) => run.progress.advance(by, lane),
    note: (line) => void notes.push(line),
  },
});

/** A step as a printed plan has it. */
export const plannedStep = (step: ReplicateStep): PlannedStep => ({
  action: step.action,
  photo_id: step.photo_id,
  target: step.target,
  why: step.why,
  ...(step.action === "store-blob" || step.action === "upload" ? { bytes: step.bytes } : {}),
});
