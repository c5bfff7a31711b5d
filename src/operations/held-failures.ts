import type { Failure, PhotosyncError } from "../domain/errors.js";
import type { Plan, Step } from "../ports/phase.js";

/**
 * What a plan held, as failures with this code and hint, or those of the trouble that its subject met; what `known` reports already is not
 * reported twice.
 */
export function heldFailures(
  held: Plan<Step>["held"],
  known: readonly Failure[],
  usual: Pick<Failure, "code" | "hint">,
  troubles: ReadonlyMap<string, PhotosyncError> = new Map(),
): readonly Failure[] {
  const subjects = new Set(known.map(({ subject }) => subject));
  return held
    .filter(({ subject }) => !subjects.has(subject))
    .map(({ subject, why }) => {
      const trouble = troubles.get(subject);
      const { code } = trouble ?? usual;
      return { subject, code, hint: trouble?.next.join(" ") || usual.hint, message: `${subject}: ${why}.` };
    });
}
