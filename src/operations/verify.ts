import type { Failure } from "../domain/errors.js";
import { countFinding, NOTHING_VERIFIED } from "../phases/verify/finding.js";
import { verifyReplicas } from "../phases/verify/verify-replicas.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { configuredStores, unsupportedStore } from "./open-stores.js";
import type { VerifyOptions } from "./options.js";
import type { VerifyResult } from "./results.js";
import { withSession } from "./session.js";

/**
 * Proves the recorded replicas. Changes no document and no blob; what is found corrupt is remembered in the index, so that
 * the next `replicate` refills it. Outcome `integrity` when bytes are wrong, `partial` when some are missing or unreachable.
 */
export function verify(
  libraryRoot: string,
  control: ControlPlane,
  options: VerifyOptions,
  run: Run,
): Promise<VerifyResult> {
  return withSession(libraryRoot, control, "verify", "read", run, async ({ catalog, config, index }) => {
    const configured = configuredStores(config.preferences, libraryRoot);
    const stores = new Map<string, BlobStore>();
    for (const { name, store } of configured) if (store !== null) stores.set(name, store);
    const wanted = (name: string) => options.store === undefined || options.store === name;
    const failures: Failure[] = configured
      .filter(({ name, store }) => store === null && wanted(name))
      .map(unsupportedStore);
    failures.push(...catalog.invalid());
    const now = run.clock.now();
    const troubled = new Set<string>();
    let counts = NOTHING_VERIFIED;
    const request = { catalog, stores, deep: options.deep, seed: now.slice(0, 10) };
    const findings = verifyReplicas(
      {
        ...request,
        ...(options.store === undefined ? {} : { store: options.store }),
        ...(options.samplePercent === undefined ? {} : { samplePercent: options.samplePercent }),
      },
      run,
    );
    for await (const finding of findings) {
      counts = countFinding(counts, finding);
      if (finding.kind === "ok") continue;
      failures.push(finding.failure);
      if (finding.kind === "unchecked") troubled.add(finding.store);
      if (finding.kind === "corrupt") index.suspects.putSync(`${finding.store} ${finding.key}`, true);
    }
    if (options.deep && options.samplePercent === undefined) {
      for (const name of stores.keys()) {
        if (wanted(name) && !troubled.has(name)) index.checked.putSync(`verify ${name}`, now);
      }
    }
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: {
        checked: counts.checked,
        ok: counts.ok,
        missing: counts.missing,
        corrupt: counts.corrupt,
        bytes_read: counts.bytes_read,
      },
      failures,
      outcome: counts.corrupt > 0 ? "integrity" : failures.length > 0 ? "partial" : "done",
      deep: options.deep,
    };
  });
}
