import type { Phase } from "../../ports/phase.js";
import { executeReplication, refuseStale } from "./execute.js";
import { observeReplicas, type SeenReplicas } from "./observe.js";
import { planReplication } from "./plan.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import { isServiceStep, type ReplicateStep } from "./replicate-step.js";
import type { ServiceWork } from "./service-work.js";
import { executeServices } from "./services/execute-services.js";
import { observeServices } from "./services/observe-services.js";
import { Original } from "./services/original-bytes.js";
import type { ServiceDeps } from "./services/service-deps.js";
import { isNarrowing, type ServiceStepResult } from "./services/service-step.js";
import { ServiceStops } from "./services/service-stop.js";

/**
 * Phase 3: every enabled store gets every blob, proven, and the services get what the library says, as far as `work` goes (null
 * for no services). What is too visible on a service is narrowed before all else; uploads go last, from the stores that
 * were filled before. Recording is up to the caller: `recordReplicas`.
 */
export const replicatePhase = (
  deps: ReplicateDeps,
  work: ServiceWork | null = null,
): Phase<SeenReplicas, ReplicateStep, ServiceStepResult> => ({
  async observe(run) {
    const seen = await observeReplicas(deps, run);
    if (work === null) return seen;
    const { catalog, documents } = deps;
    const { views: services, anew, journal } = work;
    const targets = new Set(work.targets.keys());
    const asked = { catalog, documents, services, targets, anew, journal };
    return { ...seen, services: await observeServices(asked, run) };
  },
  plan: (seen) => planReplication(seen, deps.sha256Hex),
  async *execute(plan, run) {
    refuseStale(plan, deps);
    if (work === null) {
      yield* executeReplication(plan, deps, run);
      return;
    }
    const { targets, journal, sleep } = work;
    const stops = new ServiceStops();
    const services: ServiceDeps = {
      targets,
      stops,
      journal,
      sleep,
      originalOf: (step, call) => new Original(step, deps, call),
    };
    const steps = plan.steps.filter(isServiceStep);
    yield* executeServices(steps.filter(isNarrowing), services, run);
    yield* executeReplication(plan, deps, run);
    yield* executeServices(
      steps.filter((step) => !isNarrowing(step)),
      services,
      run,
    );
    yield* stops.results();
  },
});
