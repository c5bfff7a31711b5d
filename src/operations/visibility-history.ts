import { ByteBoundedCache } from "../control/byte-bounded-cache.js";
import { nullOid } from "../control/git-object.js";
import { parsePhoto } from "../control/records.js";
import {
  isPrivate,
  type VisibilityFacts,
  visibilityCause,
  visibilityFacts,
  visibilityShift,
} from "../domain/visibility-story.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { OperationSummary } from "./results.js";
import { type SubjectChange, subjectChanges, type Version } from "./subject-changes.js";
import type { VisibilityEvent } from "./visibility-results.js";

/** What a document's version says, and by which file name. */
interface Told {
  readonly facts: VisibilityFacts;
  readonly filename: string;
}

/** Facts of the versions read last: what an operation left is what the next one found. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** A table's entry, its keys, and what is shared less often than not. */
const FACTS_BYTES = 400;

class Versions {
  readonly #control: ControlPlane;
  readonly #known = new ByteBoundedCache<Told | null>(CACHE_BYTES);
  /** Nearly all photos say the same of who may see them. */
  readonly #shared = new ByteBoundedCache<VisibilityFacts>(CACHE_BYTES / 8);

  constructor(control: ControlPlane) {
    this.#control = control;
  }

  /** Null for no document, and for one that cannot be read: nobody knows what it allows. */
  async told(version: Version | null): Promise<Told | null> {
    if (version === null) return null;
    const known = this.#known.get(version.oid);
    if (known !== undefined) return known;
    const read = parsePhoto(version.path, await this.#control.readObject(version.oid));
    const told =
      read.kind === "ok"
        ? { facts: this.#one(visibilityFacts(read.document)), filename: read.document.metadata.filename }
        : null;
    this.#known.set(version.oid, told, FACTS_BYTES);
    return told;
  }

  #one(facts: VisibilityFacts): VisibilityFacts {
    const key = JSON.stringify(facts);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    this.#shared.set(key, facts, 2 * key.length);
    return facts;
  }
}

async function eventOf(
  operation: OperationSummary,
  { subject, before, after }: SubjectChange,
  versions: Versions,
  isWhole: boolean,
): Promise<VisibilityEvent | null> {
  const [was, is] = [await versions.told(before), await versions.told(after)];
  const [from, to] = [was?.facts ?? null, is?.facts ?? null];
  if (!isWhole && isPrivate(from) && isPrivate(to)) return null;
  const shift = visibilityShift(from, to);
  if (shift === null) return null;
  const cause = visibilityCause(operation.command, shift);
  const { canonical, services, approved, withdrawn, rule } = shift;
  return {
    operation: operation.id,
    at: operation.at,
    author: operation.author,
    command: operation.command,
    undoes: operation.undoes,
    photo_id: subject,
    filename: is?.filename ?? was?.filename ?? "",
    cause,
    wider: shift.isWider,
    canonical,
    services,
    approved,
    withdrawn,
    rule,
    rests_on: cause === "carried-out" ? shift.restsOn : null,
  };
}

const isDocument = ({ before, after }: SubjectChange): boolean =>
  /^photos\/.*\.json$/.test((after ?? before)?.path ?? "");

/**
 * How the visibility of photos came to be, from Git alone, oldest first: for each of `operations` (newest first, first
 * parents), the photos whose canonical level, level at a service or approvals it changed. With `photo`, that one's whole
 * story; else what happened to photos beyond being private all along. Only documents that an operation changed are
 * opened, one at a time.
 */
export async function* visibilityHistory(
  control: ControlPlane,
  operations: readonly OperationSummary[],
  photo: string | null,
  run: Run,
): AsyncIterable<VisibilityEvent> {
  const versions = new Versions(control);
  run.progress.stage("Reading the history", { count: operations.length });
  for (const [at, operation] of [...operations.entries()].reverse()) {
    throwIfAborted(run);
    const parent = operations[at + 1]?.revision ?? nullOid;
    for await (const change of subjectChanges(control, parent, operation.revision, run)) {
      if (!isDocument(change) || (photo !== null && change.subject !== photo)) continue;
      const event = await eventOf(operation, change, versions, photo !== null);
      if (event !== null) yield event;
    }
    run.progress.advance({ count: 1 });
  }
}
