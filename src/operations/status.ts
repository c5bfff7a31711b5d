import { hasDecisionJournal } from "../control/decision-journal-path.js";
import { readTombstones } from "../control/tombstones.js";
import type { Tombstone } from "../domain/tombstone.js";
import type { CatalogSums } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { routeNote } from "../services/routes.js";
import { cameBack } from "./came-back.js";
import { keptProof } from "./kept-proofs.js";
import { countStaged } from "./open-staging.js";
import { type ConfiguredStore, namedStores, type StoreSurroundings } from "./open-stores.js";
import type { StatusResult } from "./results.js";
import { type Session, withSession } from "./session.js";
import { roundPercent, WAYS } from "./store-proofs.js";
import type { WaitingUploads } from "./waiting-uploads.js";

/** What the library holds, how far each phase has come, how fresh each source and store is, what to do next. */
export function status(
  libraryRoot: string,
  control: ControlPlane,
  run: Run,
  surroundings?: StoreSurroundings,
): Promise<StatusResult> {
  return withSession(libraryRoot, control, "status", "read", run, (session) =>
    statusOf(session, run, surroundings),
  );
}

const later = (a: string | undefined, b: string | undefined): string | null =>
  a === undefined ? (b ?? null) : b === undefined || a > b ? a : b;

function servicesOf({ config, index }: Session, sums: CatalogSums): StatusResult["services"] {
  const enabled = Object.entries(config.services).filter(([, settings]) => settings.enabled);
  const names = new Set([...enabled.map(([name]) => name), ...sums.byService.keys()]);
  return [...names].sort().map((name) => {
    const provider = config.services[name]?.provider ?? name;
    const state = config.syncState.services[name];
    return {
      name,
      provider,
      photos: sums.byService.get(name) ?? 0,
      last_discover: later(state?.last_discover, index.checked.get(`discover ${name}`)),
      note: routeNote(provider),
    };
  });
}

function proofsOf(store: string, index: Session["index"]): StatusResult["stores"][number]["proofs"] {
  const proofs = WAYS.flatMap((way) => {
    const kept = keptProof(index, way, store);
    if (kept === null) return [];
    const { next: _next, round: _round, ...proof } = kept;
    return [{ way, ...proof, round_percent: roundPercent(kept) }];
  });
  return proofs.sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
}

async function storeStatus(each: ConfiguredStore, { index }: Session, sums: CatalogSums, run: Run) {
  const replicas = sums.byStore.get(each.name) ?? 0;
  const availability = await each.store?.availability(run);
  let note: string | null = null;
  if (each.store === null) note = "It was not looked at.";
  else if (each.badPlace !== null) note = `${each.badPlace}.`;
  else if (availability === "gone" || (availability === "new" && replicas > 0))
    note = each.store?.trouble?.()?.message ?? "Not reachable now.";
  return {
    name: each.name,
    type: each.settings.type,
    where: each.where,
    replicas,
    missing: sums.blobs - replicas,
    last_verify: index.checked.get(`verify ${each.name}`) ?? null,
    proofs: proofsOf(each.name, index),
    note,
  };
}

/** What waits to be uploaded; what knows the services is loaded only where some account may be written to. */
async function waitingFor(session: Session, run: Run): Promise<readonly WaitingUploads[]> {
  const accounts = Object.values(session.config.services);
  if (!accounts.some(({ enabled, replicate }) => enabled && replicate !== undefined)) return [];
  const { waitingUploads } = await import("./waiting-uploads.js");
  return waitingUploads(session, run);
}

/** How many decisions no commit holds yet. */
async function decisionsWaiting(libraryRoot: string): Promise<number> {
  if (!hasDecisionJournal(libraryRoot)) return 0;
  const { readDecisions } = await import("../control/decision-journal.js");
  return readDecisions(libraryRoot).size;
}

function nextSteps(
  sums: CatalogSums,
  stores: StatusResult["stores"],
  uncommitted: readonly string[],
  waiting: readonly WaitingUploads[],
  decisions: number,
  tombstones: readonly Tombstone[],
): StatusResult["next"] {
  const next: { command: string; why: string }[] = [];
  if (decisions > 0) {
    const count = decisions === 1 ? "1 decision of yours waits" : `${decisions} decisions of yours wait`;
    next.push({ command: "photosync resolve", why: `${count} to be recorded` });
  }
  if (uncommitted.length > 0) {
    next.push({
      command: "git status",
      why: `${uncommitted.length} ${uncommitted.length === 1 ? "file has" : "files have"} changes of yours that are not committed`,
    });
  }
  if (sums.photos === 0) {
    next.push({
      command: "photosync discover ~/Pictures",
      why: "the library is empty; give a folder or a Takeout archive",
    });
  }
  if (sums.unresolved > 0)
    next.push({
      command: "photosync resolve",
      why: `${sums.unresolved} ${sums.unresolved === 1 ? "photo is" : "photos are"} new or changed`,
    });
  const missing = stores.reduce((sum, store) => sum + (store.note === null ? store.missing : 0), 0);
  if (missing > 0)
    next.push({
      command: "photosync replicate --execute",
      why: `${missing} ${missing === 1 ? "original is" : "originals are"} not in every store yet`,
    });
  const uncleared = tombstones.filter(({ pending }) => pending.length > 0);
  if (uncleared.length > 0) {
    const names = [...new Set(uncleared.flatMap(({ pending }) => pending))].sort().join(", ");
    next.push({
      command: "photosync replicate --execute",
      why: `${uncleared.length} forgotten ${uncleared.length === 1 ? "photo is" : "photos are"} still to be removed from ${names}`,
    });
  }
  for (const { account, photos, isExact } of waiting) {
    const count = `${isExact ? "" : "about "}${photos} ${photos === 1 ? "photo waits" : "photos wait"}`;
    next.push({ command: "photosync replicate", why: `${count} to be uploaded to ${account}` });
  }
  if (sums.conflicts > 0) {
    next.push({
      command: "photosync resolve --interactive",
      why: `${sums.conflicts} ${sums.conflicts === 1 ? "conflict waits" : "conflicts wait"} for a person`,
    });
  }
  if (sums.discrepancies > 0) {
    next.push({
      command: "photosync audit",
      why: `${sums.discrepancies} ${sums.discrepancies === 1 ? "photo" : "photos"} may be more visible than they should be`,
    });
  }
  const unproven = stores.filter(
    ({ replicas, note, last_verify }) => replicas > 0 && note === null && last_verify === null,
  );
  if (unproven.length > 0) {
    next.push({
      command: "photosync verify --deep",
      why: `the bytes in ${unproven.map(({ name }) => name).join(", ")} were never proven again on this computer`,
    });
  }
  return next;
}

async function statusOf(session: Session, run: Run, surroundings?: StoreSurroundings): Promise<StatusResult> {
  const { catalog, config, control, libraryRoot } = session;
  const sums = catalog.sums();
  const stores = await Promise.all(
    namedStores(config.preferences, libraryRoot, surroundings).map((each) =>
      storeStatus(each, session, sums, run),
    ),
  );
  const tombstones = await readTombstones(control, catalog.revision, run);
  const uncommitted = (await control.uncommitted(["photos", "config"], run)).map((file) => file.path);
  const failures = [
    ...(config.syncStateFailure === undefined ? [] : [config.syncStateFailure]),
    ...catalog.invalid(),
    ...(await cameBack(catalog, tombstones)).failures,
  ];
  return {
    library: libraryRoot,
    dry_run: false,
    commit: null,
    counts: {
      photos: sums.photos,
      ...sums.states,
      conflicts: sums.conflicts,
      discrepancies: sums.discrepancies,
      bytes: sums.bytes,
      forgotten: tombstones.length,
    },
    failures,
    outcome: failures.length > 0 ? "partial" : "done",
    services: servicesOf(session, sums),
    stores,
    staged: await countStaged(libraryRoot, run),
    uncommitted,
    next: nextSteps(
      sums,
      stores,
      uncommitted,
      await waitingFor(session, run),
      await decisionsWaiting(libraryRoot),
      tombstones,
    ),
  };
}
