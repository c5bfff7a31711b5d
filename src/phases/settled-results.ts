import type { StepResult } from "../ports/phase.js";

export interface SettledResults<R extends StepResult> {
  /** In the order in which steps were settled; a step that never started has none. */
  readonly results: readonly R[];
  /** What ended the execution early (an abort, a defect), or null. What `results` tell of has happened all the same. */
  readonly stoppedBy: { readonly error: unknown } | null;
}

/**
 * Takes all results of an execution. One that breaks off is reported in `stoppedBy` and not thrown, so that the caller
 * can record what was done before it passes the error on.
 */
export async function settledResults<R extends StepResult>(
  results: AsyncIterable<R>,
): Promise<SettledResults<R>> {
  const settled: R[] = [];
  try {
    for await (const result of results) settled.push(result);
  } catch (error) {
    return { results: settled, stoppedBy: { error } };
  }
  return { results: settled, stoppedBy: null };
}
