import type { Phase } from "../../ports/phase.js";
import { executeReplication } from "../replicate/execute.js";
import type { SeenCopy, SeenReplicas, SeenStore } from "../replicate/observe.js";
import { planReplication } from "../replicate/plan.js";
import type { ReplicateDeps } from "../replicate/replicate-deps.js";
import type { ReplicateStep } from "../replicate/replicate-step.js";
import { NO_SERVICES } from "../replicate/services/observe-services.js";
import type { VerifyFinding } from "./finding.js";
import { type VerifyRequest, verifyReplicas } from "./verify-replicas.js";

const seenStore = (name: string): SeenStore => ({
  name,
  availability: "ready",
  target: true,
  recorded: 0,
  unrecorded: 0,
  unrecorded_bytes: 0,
});

function badCopy(finding: VerifyFinding): SeenCopy | null {
  if (finding.kind !== "missing" && finding.kind !== "corrupt") return null;
  const { photo_id, key, hash, bytes, role, store, held_bytes } = finding;
  if (held_bytes !== undefined) {
    // Nothing is wrong but the record: what stands under the right key is proven, and then recorded.
    const copy = { photo_id, key, hash, bytes, role, store, found_bytes: held_bytes };
    return { ...copy, recorded: false, suspect: false };
  }
  const isThere = finding.kind === "corrupt";
  const found_bytes = isThere ? bytes : null;
  return { photo_id, key, hash, bytes, role, store, recorded: true, found_bytes, suspect: isThere };
}

/**
 * Verifies, and refills what was found missing or corrupt with the steps of `replicate`: from another store, from bytes
 * kept at hand, or from where discover found them, each proven now. What verifying finds goes to `onFinding`, before the plan is
 * made. A replica that was found bad is no source; one without a good copy anywhere stays as it is, and its step fails.
 * Throws what `verifyReplicas` and `executeReplication` throw.
 */
export const repairPhase = (
  request: VerifyRequest,
  deps: ReplicateDeps,
  onFinding: (finding: VerifyFinding) => void,
): Phase<SeenReplicas, ReplicateStep> => ({
  async observe(run) {
    const copies: SeenCopy[] = [];
    for await (const finding of verifyReplicas(request, run)) {
      onFinding(finding);
      const copy = badCopy(finding);
      if (copy !== null) copies.push(copy);
    }
    const stores = [...deps.targets].map(seenStore);
    return {
      revision: deps.catalog.revision,
      stores,
      copies,
      complete: [],
      invalid: [],
      services: NO_SERVICES,
    };
  },
  plan: (seen) => planReplication(seen, deps.sha256Hex),
  execute: (plan, run) => executeReplication(plan, deps, run),
});
