import type { Failure } from "../domain/errors.js";
import type { Plan, Step } from "../ports/phase.js";

/** What a plan held, as failures with this code and hint; what `known` reports already is not reported twice. */
export function heldFailures(
  held: Plan<Step>["held"],
  known: readonly Failure[],
  { code, hint }: Pick<Failure, "code" | "hint">,
): readonly Failure[] {
  const subjects = new Set(known.map(({ subject }) => subject));
  return held
    .filter(({ subject }) => !subjects.has(subject))
    .map(({ subject, why }) => ({ subject, code, hint, message: `${subject}: ${why}.` }));
}
