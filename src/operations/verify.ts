import type { Failure } from "../domain/errors.js";
import { checksumListFailures } from "../phases/verify/checksum-lists.js";
import {
  type BadFinding,
  countFinding,
  NOTHING_VERIFIED,
  type VerifyFinding,
} from "../phases/verify/finding.js";
import type { Arc } from "../phases/verify/sample.js";
import { type VerifyRequest, verifyReplicas } from "../phases/verify/verify-replicas.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { configuredStores, unsupportedStore } from "./open-stores.js";
import type { VerifyOptions } from "./options.js";
import { suspectKey } from "./record-proven.js";
import { NOTHING_REPAIRED, type Repaired, repair } from "./repair.js";
import { type Session, type SessionMode, withSession } from "./session.js";
import { arcOf, ProofTally, parseProof, proofAfter, type Way } from "./store-proofs.js";
import { sweepStores } from "./sweep-stores.js";
import type { VerifyResult } from "./verify-result.js";

/**
 * Proves the recorded replicas. What is found corrupt is remembered in the index, so that the next `replicate` refills
 * it; with `repair` it is refilled now, else no document and no blob is changed. Outcome `integrity` when bytes stay
 * wrong, `partial` when some stay missing or could not be looked at.
 */
export function verify(
  libraryRoot: string,
  control: ControlPlane,
  options: VerifyOptions,
  run: Run,
): Promise<VerifyResult> {
  const mode: SessionMode = !options.repair ? "read" : options.dryRun ? "scratch" : "write";
  return withSession(libraryRoot, control, "verify", mode, run, (session) => verifyIn(session, options, run));
}

async function verifyIn(session: Session, options: VerifyOptions, run: Run): Promise<VerifyResult> {
  const { catalog, config, index, libraryRoot } = session;
  const now = run.clock.now();
  const writes = options.repair && !options.dryRun;
  const configured = configuredStores(config.preferences, libraryRoot, options.surroundings);
  const stores = new Map<string, BlobStore>();
  for (const { name, store } of configured) {
    if (store !== null) stores.set(name, writes ? store : readonlyStore(store));
  }
  const wanted = (name: string) => options.store === undefined || options.store === name;
  const unsupported = configured.filter(({ name, store }) => store === null && wanted(name));
  const bad: BadFinding[] = [];
  const troubled = new Set<string>();
  let counts = NOTHING_VERIFIED;
  const way: Way = options.deep ? "deep" : options.checksums === true ? "checksums" : "listing";
  const percent = options.samplePercent ?? 100;
  const noted = (store: string) => parseProof(index.checked.get(`proof ${way} ${store}`));
  const samples = new Map<string, Arc>();
  const tallies = new Map<string, ProofTally>();
  for (const name of stores.keys()) {
    if (!wanted(name)) continue;
    tallies.set(name, new ProofTally());
    if (percent < 100) samples.set(name, arcOf(noted(name), percent));
  }
  const onFinding = (finding: VerifyFinding) => {
    counts = countFinding(counts, finding);
    if (finding.kind !== "unchecked") tallies.get(finding.store)?.add(finding);
    if (finding.kind === "ok") return;
    bad.push(finding);
    if (finding.kind === "unchecked") troubled.add(finding.store);
    if (finding.kind === "corrupt") index.suspects.putSync(suspectKey(finding.store, finding.key), true);
  };
  const request: VerifyRequest = {
    catalog,
    stores,
    deep: options.deep,
    ...(way === "checksums" ? { checksums: true } : {}),
    ...(options.store === undefined ? {} : { store: options.store }),
    ...(percent < 100 ? { samples } : {}),
  };
  let repaired: Repaired = NOTHING_REPAIRED;
  // What a killed run left would otherwise stay until the next replicate.
  const unswept = writes
    ? await sweepStores(
        [...stores.values()].filter(({ name }) => wanted(name)),
        run,
      )
    : [];
  if (options.repair)
    repaired = await repair(session, { request, configured, onFinding }, options.dryRun, run);
  else for await (const finding of verifyReplicas(request, run)) onFinding(finding);
  const proofs: VerifyResult["proofs"][number][] = [];
  for (const [store, tally] of tallies) {
    const isWhole = !troubled.has(store) && !run.signal.aborted;
    const done = { at: now, percent, arc: samples.get(store) ?? null };
    const proof = proofAfter(noted(store), done, tally.counts());
    const { checked, ok, by_size, missing, corrupt, whole_since } = proof;
    proofs.push({ store, way, percent, checked, ok, by_size, missing, corrupt, is_whole: isWhole });
    if (!isWhole) continue;
    index.checked.putSync(`proof ${way} ${store}`, JSON.stringify(proof));
    if (way === "deep" && whole_since !== null) index.checked.putSync(`verify ${store}`, whole_since);
  }
  const left = bad.filter((finding) => !repaired.isRepaired(finding));
  const lists = options.deep && options.samplePercent === undefined && !writes;
  const checkedLists = [...stores.values()].filter(
    ({ name }) => lists && wanted(name) && !troubled.has(name),
  );
  const failures: Failure[] = [
    ...unsupported.map(unsupportedStore),
    ...unswept,
    ...catalog.invalid(),
    ...left.map((finding) => repaired.failureOf(finding)),
    ...repaired.failures,
    ...(await checksumListFailures(catalog, checkedLists, run)),
  ];
  const isWrong = left.some(({ kind }) => kind === "corrupt");
  const { checked, ok, missing, corrupt, bytes_read, read_whole } = counts;
  const amiss = missing + corrupt;
  const unrepaired = left.filter(({ kind }) => kind !== "unchecked").length;
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: repaired.commit,
    counts: {
      checked,
      ok,
      missing,
      corrupt,
      bytes_read,
      read_whole,
      repaired: amiss - unrepaired,
      unrepaired: options.repair ? unrepaired : 0,
    },
    failures,
    outcome: run.signal.aborted
      ? "cancelled"
      : isWrong
        ? "integrity"
        : failures.length > 0
          ? "partial"
          : "done",
    deep: options.deep,
    checksums: way === "checksums",
    proofs,
    repair: options.repair,
    plan: repaired.plan,
    notes: repaired.notes,
  };
}
