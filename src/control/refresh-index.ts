import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { Call } from "../ports/call.js";
import type { ControlPlane } from "../ports/control-plane.js";
import { RunningSums } from "./catalog-sums.js";
import { applyBatch, type Batch } from "./index-documents.js";
import type { LocalIndex } from "./local-index.js";
import { judge, ownIdentity, parseIdentity } from "./process-identity.js";
import { clearTold } from "./told.js";

/** How many documents are indexed in one transaction: bounds memory and the size of a torn one. */
const BATCH = 1000;
/** How often to look whether another process has finished. */
const POLL_MS = 50;

interface Changed {
  readonly path: string;
  readonly oid: string | null;
}

async function* everything(control: ControlPlane, revision: string, call: Call): AsyncIterable<Changed> {
  for await (const file of control.listFiles(revision, "photos", call))
    yield { path: file.path, oid: file.oid };
}

async function* since(control: ControlPlane, from: string, to: string, call: Call): AsyncIterable<Changed> {
  for await (const change of control.changes(from, to, "photos", call))
    yield { path: change.path, oid: change.after };
}

const isOthers = (builder: string | undefined, own: string): boolean => {
  if (builder === undefined || builder === own) return false;
  try {
    const identity = parseIdentity(JSON.parse(builder));
    return identity !== null && judge(identity) !== "dead";
  } catch {
    return false;
  }
};

/**
 * Makes this process the one that refreshes the index, and tells which revision is indexed; null when that is `revision`
 * already. Waits while another living process is at it: two at once would each take half of the other's work for done.
 */
async function begin(
  index: LocalIndex,
  own: string,
  revision: string,
  call: Call,
): Promise<{ readonly indexed: string | undefined } | null> {
  for (;;) {
    throwIfAborted(call);
    const begun = index.root.transactionSync(() => {
      const indexed = index.state.get("revision");
      if (indexed === revision) return { kind: "current" } as const;
      if (isOthers(index.state.get("builder"), own)) return { kind: "busy" } as const;
      index.state.putSync("builder", own);
      index.state.removeSync("revision");
      return { kind: "mine", indexed } as const;
    });
    if (begun.kind === "current") return null;
    if (begun.kind === "mine") return { indexed: begun.indexed };
    await sleep(POLL_MS);
  }
}

async function apply(
  index: LocalIndex,
  control: ControlPlane,
  changed: AsyncIterable<Changed>,
  conclude: () => void,
): Promise<void> {
  let batch: Batch[number][] = [];
  for await (const { path, oid } of changed) {
    if (!path.endsWith(".json")) continue;
    batch.push({ path, bytes: oid === null ? null : await control.readObject(oid) });
    if (batch.length < BATCH) continue;
    index.root.transactionSync(() => applyBatch(index, batch));
    batch = [];
  }
  index.root.transactionSync(() => {
    applyBatch(index, batch);
    conclude();
  });
}

/**
 * Brings the index to `revision`: by the files that changed since the indexed revision, or from nothing when there is none
 * or Git no longer has it. A process killed in the middle leaves no indexed revision, and the next one starts from nothing.
 */
export async function refreshIndex(
  index: LocalIndex,
  control: ControlPlane,
  revision: string,
  call: Call,
): Promise<void> {
  const own = JSON.stringify(ownIdentity());
  const begun = await begin(index, own, revision, call);
  if (begun === null) return;
  const { indexed } = begun;
  const conclude = () => {
    index.state.putSync("revision", revision);
    index.state.removeSync("builder");
  };
  const known = indexed === undefined ? null : await control.treeId(indexed, "").catch(() => null);
  if (indexed !== undefined && known !== null) {
    await apply(index, control, since(control, indexed, revision, call), conclude);
    return;
  }
  for (const table of [
    index.rows,
    index.photoOfHash,
    index.photoOfPath,
    index.invalid,
    index.merged,
    index.instances,
    index.instancesOfPath,
    index.pictures,
    index.candidates,
  ]) {
    table.clearSync();
  }
  index.root.transactionSync(() => new RunningSums().keep(index));
  clearTold(index);
  await apply(index, control, everything(control, revision, call), conclude);
}
