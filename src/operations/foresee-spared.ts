import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import type { Phase, Plan, Run, Step, StepResult } from "../ports/phase.js";

/** What a run writes to: the documents, and what it keeps its books in. */
const WRITTEN_FOLDERS = ["photos", "config", "reports"];

/** Files under the folders that operations write to which the owner has changes in; none in a library that is committed. */
export async function ownersFiles(control: ControlPlane, run: Run): Promise<ReadonlySet<string>> {
  const found = await control.uncommitted(WRITTEN_FOLDERS, run);
  return new Set(found.map(({ path }) => path));
}

const subjectOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");

/**
 * What a real run would write for the steps that concern files of the owner's, for a dry run to tell which of them would be
 * left alone. Executing these phases gives edits and writes nothing; no other step is executed. `photosOf` gives the ids
 * of all photos whose documents a step may write, move or remove.
 */
export async function* foreseenResults<
  S extends Step,
  R extends StepResult & { readonly edits: readonly FileEdit[] },
>(
  phase: Pick<Phase<unknown, S, R>, "execute">,
  plan: Plan<S>,
  photosOf: (step: S) => readonly string[],
  owners: ReadonlySet<string>,
  run: Run,
): AsyncIterable<R> {
  const edited = new Set([...owners].map(subjectOf));
  const steps = plan.steps.filter((step) => photosOf(step).some((photo) => edited.has(photo)));
  if (steps.length === 0) return;
  const progress = { stage: () => {}, advance: () => {}, note: () => {} };
  yield* phase.execute({ ...plan, steps }, { ...run, progress });
}
