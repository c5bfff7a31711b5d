import type { Failure } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Run } from "../../ports/phase.js";
import type {
  Examined,
  Finding,
  PhotoSource,
  SourceEntry,
  SourceProblem,
  StreamAccount,
} from "../../ports/photo-source.js";
import { examine, type ScanMemory, subjectOf } from "./examine.js";
import type { Keeping } from "./read-entry.js";
import { ReadQueue } from "./read-queue.js";

export interface ScanOptions {
  readonly fresh: boolean;
  readonly since?: string;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
  /** Where originals are kept for later, or null. */
  readonly keeping: Keeping | null;
}

/** What one source showed. Findings and stream accounts are handed on as they come, not held. */
export interface ScanOutcome {
  readonly filesSeen: number;
  /** Further ones of which the source says that they are as they were known, so that nothing is told of them; 0 unless given. */
  readonly filesKnown?: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** True when every stream that was listed has been read, now or earlier. */
  readonly isComplete: boolean;
}

export interface ScanSink {
  /** All that the source lists, in its order. */
  listed(found: SourceEntry | SourceProblem): void;
  finding(finding: Finding): void;
  stream(account: StreamAccount): void;
  /** The content hash of each picture or video. */
  media(hash: ContentHash): void;
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An archive may hold two entries of one name: their bytes tell them apart, not which was read first. */
const bySourceOrder = (a: Examined, b: Examined): number =>
  inOrder(a.name, b.name) || inOrder(subjectOf(a), subjectOf(b)) || inOrder(a.hash, b.hash);

/** True for a file that `--since` leaves out by its own time; a source that tells when photos arrived is asked later. */
const isOld = (entry: SourceEntry, source: PhotoSource, since: string | undefined): boolean =>
  since !== undefined &&
  source.arrivedAt === undefined &&
  entry.modifiedAt !== undefined &&
  entry.modifiedAt < since;

/**
 * Reads a whole source: every stream is examined once, in parallel where the source allows, then grouped into photos.
 * The order of findings does not depend on the order in which reading finished. Every stream that was listed gets one
 * account; a source that loses count of them is a defect, and reported as one.
 */
export async function scan(
  source: PhotoSource,
  memory: ScanMemory,
  options: ScanOptions,
  sink: ScanSink,
  run: Run,
): Promise<ScanOutcome> {
  const failures: Failure[] = [];
  const notes: string[] = [];
  let unaccounted = 0;
  let skipped = 0;
  let isComplete = true;
  const account = (stream: StreamAccount) => {
    unaccounted -= 1;
    sink.stream(stream);
  };
  /** However a source names things, a person is told the place as a whole. */
  const report = (about: Pick<SourceEntry, "location">, failure: Failure) =>
    failures.push({ ...failure, subject: subjectOf(about) });
  const fail = (about: Pick<SourceEntry, "location">, sizeBytes: number, failure: Failure) => {
    report(about, failure);
    const { location } = about;
    account({ kind: "stream", location, sizeBytes, verdict: "failed", detail: failure.message });
  };

  const examined: Examined[] = [];
  const look = async (entry: SourceEntry) => {
    const result = await examine(entry, memory, options.keeping, run);
    run.progress.advance({ count: 1, bytes: entry.sizeBytes });
    if (result.kind === "examined") examined.push(result.examined);
    else {
      isComplete = false;
      fail(entry, entry.sizeBytes, result.failure);
    }
  };
  const queue = new ReadQueue();
  const take = async (entry: SourceEntry) => {
    const known = options.fresh ? null : memory.recall(entry);
    if (known !== null) {
      examined.push(known);
      run.progress.advance({ count: 1, bytes: entry.sizeBytes });
    } else if (entry.streamed === true) await look(entry);
    else await queue.add(entry.sizeBytes, () => look(entry));
  };
  try {
    for await (const entry of source.entries(run)) {
      throwIfAborted(run);
      if (queue.isBroken) break;
      sink.listed(entry);
      if (entry.kind === "entry" && isOld(entry, source, options.since)) {
        skipped += 1;
        continue;
      }
      unaccounted += 1;
      if (entry.kind === "problem") fail(entry, 0, entry.failure);
      else await take(entry);
    }
  } finally {
    // Reads that have begun keep what they learn in the index, which the caller closes once this has failed.
    await queue.ended();
  }

  await memory.settled();
  examined.sort(bySourceOrder);
  for await (const result of source.group(examined, options.readSmall, run)) {
    if (result.kind === "note") notes.push(result.message);
    else if (result.kind === "problem") report(result, result.failure);
    else if (result.kind === "stream") account(result);
    else {
      const arrived = source.arrivedAt?.(result);
      if (options.since !== undefined && arrived !== undefined && arrived < options.since) skipped += 1;
      else sink.finding(result);
    }
  }
  if (unaccounted !== 0) failures.push(lostCount(source, unaccounted));
  const media = examined.filter((file) => file.kind === "media");
  for (const file of media) sink.media(file.hash);
  return { filesSeen: media.length, skipped, failures, notes, isComplete };
}

const lostCount = (source: PhotoSource, unaccounted: number): Failure => ({
  subject: source.service,
  code: "bug.accounting",
  message: `Of the files of ${source.service}, ${Math.abs(unaccounted)} were ${unaccounted > 0 ? "not accounted for" : "accounted for twice"}.`,
  hint: "What was found is recorded all the same. Please report this with the export's list of files.",
});
