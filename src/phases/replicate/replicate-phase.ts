import type { Phase } from "../../ports/phase.js";
import { executeReplication } from "./execute.js";
import { observeReplicas, type SeenReplicas } from "./observe.js";
import { planReplication } from "./plan.js";
import type { ReplicateDeps } from "./replicate-deps.js";
import type { ReplicateStep } from "./replicate-step.js";

/** Phase 3 for stores: every enabled store gets every blob, proven. Recording is up to the caller: `recordReplicas`. */
export const replicatePhase = (deps: ReplicateDeps): Phase<SeenReplicas, ReplicateStep> => ({
  observe: (run) => observeReplicas(deps, run),
  plan: (seen) => planReplication(seen, deps.sha256Hex),
  execute: (plan, run) => executeReplication(plan, deps, run),
});
