import type { Phase, Plan, Run, Step, StepResult } from "../ports/phase.js";

/**
 * Observes, plans, shows the plan and, in mode `do`, hands the very plan that was shown and the results of its execution to
 * `perform`, which takes them in and records them: nothing is executed but what it takes. Mode `show` is a dry run,
 * and nothing else in the program knows of one. `performed` is what `perform` returned, null in a dry run. Throws
 * what any of them throws.
 */
export async function runPhase<Seen, S extends Step, R extends StepResult, T>(
  phase: Phase<Seen, S, R>,
  run: Run,
  mode: "show" | "do",
  show: (plan: Plan<S>) => void,
  perform: (plan: Plan<S>, results: AsyncIterable<R>) => Promise<T>,
): Promise<{ readonly plan: Plan<S>; readonly performed: T | null }> {
  const plan = phase.plan(await phase.observe(run));
  show(plan);
  const performed = mode === "show" ? null : await perform(plan, phase.execute(plan, run));
  return { plan, performed };
}
