import type { Failure } from "../domain/errors.js";
import { storeStepId } from "../phases/replicate/plan.js";
import { runPhase } from "../phases/run-phase.js";
import { settledResults } from "../phases/settled-results.js";
import type { BadFinding, VerifyFinding } from "../phases/verify/finding.js";
import { repairPhase } from "../phases/verify/repair-phase.js";
import type { VerifyRequest } from "../phases/verify/verify-replicas.js";
import type { Run, StepResult } from "../ports/phase.js";
import { fillingDeps } from "./filling-deps.js";
import { notingDown, plannedStep } from "./noting-down.js";
import type { ConfiguredStore } from "./open-stores.js";
import { brushUp, recordProven } from "./record-proven.js";
import type { PlannedStep } from "./results.js";
import type { Session } from "./session.js";

/** What a repair came to. */
export interface Repaired {
  readonly commit: string | null;
  readonly plan: readonly PlannedStep[];
  readonly notes: readonly string[];
  /** Troubles beside the replicas that stay as they are. */
  readonly failures: readonly Failure[];
  isRepaired(finding: BadFinding): boolean;
  /** What to report of a finding that was not repaired. */
  failureOf(finding: BadFinding): Failure;
}

/** The outcome of a verify that does not repair. */
export const NOTHING_REPAIRED: Repaired = {
  commit: null,
  plan: [],
  notes: [],
  failures: [],
  isRepaired: () => false,
  failureOf: ({ failure }) => failure,
};

const UNREPAIRED =
  "Bring back a place that holds it (a disk, a folder, an archive; photosync discover PATH if it has moved), then run: photosync verify --repair --deep";

const isProven = (result: StepResult | undefined): boolean =>
  result?.outcome === "done" || result?.outcome === "already";

function stillBad(finding: BadFinding, result: StepResult | undefined): Failure {
  if (finding.kind === "unchecked" || result === undefined) return finding.failure;
  const why = result.failure?.message ?? "Its store takes nothing now.";
  return {
    subject: finding.photo_id,
    code: "replica.unrepaired",
    message: `${finding.failure.message} It stays as it is: no good copy took its place. ${why}`,
    hint: UNREPAIRED,
  };
}

/**
 * Verifies, then refills what was missing or corrupt and records it in one commit; with `dryRun` it only plans. Bytes come
 * from anywhere but a replica that was found bad, and count only when they have the right hash now. Throws what verifying and
 * committing throw.
 */
export async function repair(
  session: Session,
  asked: {
    readonly request: VerifyRequest;
    readonly configured: readonly ConfiguredStore[];
    readonly onFinding: (finding: VerifyFinding) => void;
  },
  dryRun: boolean,
  run: Run,
): Promise<Repaired> {
  const { request, configured, onFinding } = asked;
  const { stores } = request;
  const targets = new Set([...stores.keys()].filter((name) => (request.store ?? name) === name));
  const phase = repairPhase(request, fillingDeps(session, { stores, targets }, run), onFinding);
  const notes: string[] = [];
  const { plan, performed } = await runPhase(
    phase,
    notingDown(run, notes),
    dryRun ? "show" : "do",
    () => {},
    async (shown, steps) => {
      const collected = await settledResults(steps);
      const recorded = await recordProven(session, shown, collected, {
        command: "verify",
        enabled: configured,
        run,
      });
      const filled = [...stores.values()].filter(({ name }) => targets.has(name));
      const unlisted = await brushUp(session, recorded.now, filled, run, { anew: true });
      return { ...collected, ...recorded, unlisted };
    },
  );
  if (performed?.stoppedBy && !run.signal.aborted) {
    for (const note of notes) run.progress.note(note);
    throw performed.stoppedBy.error;
  }
  const results = new Map((performed?.results ?? []).map((result) => [result.step, result]));
  const resultOf = (finding: BadFinding) =>
    finding.kind === "unchecked" ? undefined : results.get(storeStepId(finding.store, finding.key));
  const onTheWay = [...results.values()].flatMap((result) =>
    isProven(result) && result.failure !== undefined ? [result.failure] : [],
  );
  return {
    commit: performed?.commit ?? null,
    plan: plan.steps.map(plannedStep),
    notes,
    failures: [...onTheWay, ...(performed?.spared ?? []), ...(performed?.unlisted ?? [])],
    isRepaired: (finding) => isProven(resultOf(finding)),
    failureOf: (finding) => stillBad(finding, resultOf(finding)),
  };
}
