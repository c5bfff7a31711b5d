import { cancelled } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { StepResult } from "../../ports/phase.js";
import type { BlobJob } from "./blob-job.js";
import type { GroupExecution } from "./execution.js";
import { fillBlob, type PassingEntry } from "./fill-blob.js";
import type { TarEntryBytes } from "./replicate-deps.js";
import { placeName } from "./source-failure.js";

function entryOf(job: BlobJob): PassingEntry["location"] | null {
  const source = job.sources[0];
  return source?.kind === "location" ? source.location : null;
}

function passingEntry(location: PassingEntry["location"], bytes: TarEntryBytes): PassingEntry {
  let taken = false;
  return {
    location,
    take() {
      if (taken) return null;
      taken = true;
      return bytes.open();
    },
  };
}

/**
 * Carries out the jobs that wait for one archive, reading it once from its start. A job whose entry the archive does not
 * give, because it is not in there or the archive breaks off, goes on to its next place.
 */
export async function* fillFromArchive(
  path: string,
  jobs: readonly BlobJob[],
  execution: GroupExecution,
  call: Call,
): AsyncGenerator<StepResult> {
  const { stops, deps } = execution;
  const waiting = new Map<string, BlobJob[]>();
  for (const job of jobs) {
    const entry = entryOf(job)?.entry;
    if (entry === undefined || job.pending.every((step) => stops.has(step.target))) {
      yield* fillBlob(job, execution, call);
    } else waiting.set(entry, [...(waiting.get(entry) ?? []), job]);
  }
  let trouble = "not in the archive";
  const entries = deps.locations.openTar(path, new Set(waiting.keys()), call)[Symbol.asyncIterator]();
  try {
    while (waiting.size > 0) {
      let next: IteratorResult<TarEntryBytes>;
      try {
        next = await entries.next();
      } catch (error) {
        if (call.signal.aborted) throw cancelled(call);
        trouble = error instanceof Error ? error.message : String(error);
        break;
      }
      if (next.done === true) break;
      const wanting = waiting.get(next.value.entry) ?? [];
      waiting.delete(next.value.entry);
      for (const job of wanting) {
        const location = entryOf(job);
        if (location === null) continue;
        yield* fillBlob(job, execution, call, passingEntry(location, next.value));
      }
    }
  } finally {
    await entries.return?.();
  }
  for (const job of [...waiting.values()].flat()) {
    const location = entryOf(job);
    job.sources.shift();
    if (location !== null)
      job.problems.push({ where: placeName(location), changed: false, message: trouble });
    yield* fillBlob(job, execution, call);
  }
}
