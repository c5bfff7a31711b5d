import type { Phase, Plan, Run, Step, StepResult } from "../ports/phase.js";

export interface PhaseEnd<S extends Step> {
  readonly plan: Plan<S>;
  /** In the order in which steps were settled; a step that never started has none. Empty in a dry run. */
  readonly results: readonly StepResult[];
  /** What ended the execution early (an abort, a defect), or null. What `results` tell of has happened all the same. */
  readonly stoppedBy: { readonly error: unknown } | null;
}

/**
 * Observes, plans, shows the plan and, in mode `do`, executes the very plan that was shown: `show` alone is a dry run, and
 * nothing else in the program knows of one. Throws what observing, planning and showing throw. An execution that breaks
 * off is reported in `stoppedBy`, so that the caller records what was done before it passes the error on.
 */
export async function runPhase<Seen, S extends Step>(
  phase: Phase<Seen, S>,
  run: Run,
  mode: "show" | "do",
  show: (plan: Plan<S>) => void,
): Promise<PhaseEnd<S>> {
  const plan = phase.plan(await phase.observe(run));
  show(plan);
  const results: StepResult[] = [];
  if (mode === "show") return { plan, results, stoppedBy: null };
  try {
    for await (const result of phase.execute(plan, run)) results.push(result);
  } catch (error) {
    return { plan, results, stoppedBy: { error } };
  }
  return { plan, results, stoppedBy: null };
}
