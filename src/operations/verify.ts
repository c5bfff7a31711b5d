import type { Failure } from "../domain/errors.js";
import { checksumListFailures } from "../phases/verify/checksum-lists.js";
import {
  type BadFinding,
  countFinding,
  NOTHING_VERIFIED,
  type VerifyCounts,
  type VerifyFinding,
} from "../phases/verify/finding.js";
import { type VerifyRequest, verifyReplicas } from "../phases/verify/verify-replicas.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { readonlyStore } from "../stores/readonly-store.js";
import { KeptProofs } from "./kept-proofs.js";
import { configuredStores, unsupportedStore } from "./open-stores.js";
import type { VerifyOptions } from "./options.js";
import { suspectKey } from "./record-proven.js";
import { NOTHING_REPAIRED, type Repaired, repair } from "./repair.js";
import { type Session, type SessionMode, withSession } from "./session.js";
import type { Way } from "./store-proofs.js";
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
  const isWanted = ({ name }: { readonly name: string }) =>
    options.store === undefined || options.store === name;
  const wanted = [...stores.values()].filter(isWanted);
  const way: Way = options.deep ? "deep" : options.checksums === true ? "checksums" : "listing";
  const names = wanted.map(({ name }) => name);
  const proofs = new KeptProofs(index, names, way, options.samplePercent ?? 100);
  const bad: BadFinding[] = [];
  let counts = NOTHING_VERIFIED;
  const onFinding = (finding: VerifyFinding) => {
    counts = countFinding(counts, finding);
    proofs.add(finding);
    if (finding.kind !== "ok") bad.push(finding);
    if (finding.kind === "corrupt") index.suspects.putSync(suspectKey(finding.store, finding.key), true);
  };
  const request: VerifyRequest = {
    catalog,
    stores,
    deep: options.deep,
    ...(way === "checksums" ? { checksums: true } : {}),
    ...(options.store === undefined ? {} : { store: options.store }),
    ...(proofs.samples === null ? {} : { samples: proofs.samples }),
  };
  let repaired: Repaired = NOTHING_REPAIRED;
  // What a killed run left would otherwise stay until the next replicate.
  const unswept = writes ? await sweepStores(wanted, run) : [];
  if (options.repair)
    repaired = await repair(session, { request, configured, onFinding }, options.dryRun, run);
  else for await (const finding of verifyReplicas(request, run)) onFinding(finding);
  const left = bad.filter((finding) => !repaired.isRepaired(finding));
  const proven = proofs.end(now, run.signal.aborted);
  const readsLists = options.deep && options.samplePercent === undefined && !writes;
  const withLists = wanted.filter(({ name }) => readsLists && !proofs.troubled.has(name));
  const failures: Failure[] = [
    ...configured.filter((each) => each.store === null && isWanted(each)).map(unsupportedStore),
    ...unswept,
    ...catalog.invalid(),
    ...left.map((finding) => repaired.failureOf(finding)),
    ...repaired.failures,
    ...(await checksumListFailures(catalog, withLists, run)),
  ];
  return {
    library: libraryRoot,
    dry_run: options.dryRun,
    commit: repaired.commit,
    counts: sumsOf(counts, left, options.repair),
    failures,
    outcome: outcomeOf(left, failures, run.signal.aborted),
    deep: options.deep,
    checksums: way === "checksums",
    proofs: proven,
    repair: options.repair,
    plan: repaired.plan,
    notes: repaired.notes,
  };
}

function sumsOf(
  { unchecked: _, ...looked }: VerifyCounts,
  left: readonly BadFinding[],
  isRepair: boolean,
): VerifyResult["counts"] {
  const unrepaired = left.filter(({ kind }) => kind !== "unchecked").length;
  const repaired = looked.missing + looked.corrupt - unrepaired;
  return { ...looked, repaired, unrepaired: isRepair ? unrepaired : 0 };
}

function outcomeOf(
  left: readonly BadFinding[],
  failures: readonly Failure[],
  isCutShort: boolean,
): VerifyResult["outcome"] {
  if (isCutShort) return "cancelled";
  if (left.some(({ kind }) => kind === "corrupt")) return "integrity";
  return failures.length > 0 ? "partial" : "done";
}
