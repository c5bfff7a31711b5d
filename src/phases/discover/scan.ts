import PQueue from "p-queue";
import type { Failure } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Run } from "../../ports/phase.js";
import type { Examined, Finding, PhotoSource, SourceEntry, StreamAccount } from "../../ports/photo-source.js";
import { type Examination, examine, type ScanMemory, subjectOf } from "./examine.js";

/** Files read at the same time: enough to hide the disk's latency, few enough to bound memory. */
const PARALLEL_READS = 4;

export interface ScanOptions {
  readonly fresh: boolean;
  readonly since?: string;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
}

/** What one source showed. Findings and stream accounts are handed on as they come, not held. */
export interface ScanOutcome {
  readonly filesSeen: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
}

interface Sink {
  finding(finding: Finding): void;
  stream(account: StreamAccount): void;
}

const bySourceOrder = (a: Examined, b: Examined): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : subjectOf(a) < subjectOf(b) ? -1 : 1;

/**
 * Reads a whole source: every stream is examined once, in parallel where the source allows, then grouped into photos.
 * The order of findings does not depend on the order in which reading finished. The hashes of all media go to `hashes`.
 */
export async function scan(
  source: PhotoSource,
  memory: ScanMemory,
  options: ScanOptions,
  sink: Sink,
  hashes: Set<ContentHash>,
  run: Run,
): Promise<ScanOutcome> {
  const queue = new PQueue({ concurrency: PARALLEL_READS });
  const examined: Examined[] = [];
  const failures: Failure[] = [];
  const notes: string[] = [];
  let skipped = 0;
  let thrown: { readonly error: unknown } | null = null;

  const failed = (entry: Pick<SourceEntry, "location" | "sizeBytes">, failure: Failure) => {
    failures.push(failure);
    sink.stream({
      kind: "stream",
      location: entry.location,
      sizeBytes: entry.sizeBytes,
      verdict: "failed",
      detail: failure.message,
    });
  };
  const take = (entry: SourceEntry, result: Examination) => {
    run.progress.advance({ items: 1, bytes: entry.sizeBytes });
    if (result.kind === "examined") examined.push(result.examined);
    else failed(entry, result.failure);
  };
  const look = async (entry: SourceEntry) => take(entry, await examine(entry, memory, options, run));

  for await (const entry of source.entries(run)) {
    throwIfAborted(run);
    if (thrown !== null) break;
    if (entry.kind === "problem") {
      failed({ location: entry.location, sizeBytes: 0 }, entry.failure);
      continue;
    }
    if (options.since !== undefined && entry.modifiedAt !== undefined && entry.modifiedAt < options.since) {
      skipped += 1;
      continue;
    }
    if (entry.streamed === true) {
      await look(entry);
      continue;
    }
    await queue.onSizeLessThan(PARALLEL_READS * 2);
    void queue
      .add(() => look(entry))
      .catch((error: unknown) => {
        thrown ??= { error };
      });
  }
  await queue.onIdle();
  if (thrown !== null) throw (thrown as { readonly error: unknown }).error;

  await memory.settled();
  examined.sort(bySourceOrder);
  for await (const result of source.group(examined, options.readSmall, run)) {
    if (result.kind === "note") notes.push(result.message);
    else if (result.kind === "problem") failures.push(result.failure);
    else if (result.kind === "stream") sink.stream(result);
    else {
      const arrived = source.arrivedAt?.(result);
      if (options.since !== undefined && arrived !== undefined && arrived < options.since) skipped += 1;
      else sink.finding(result);
    }
  }
  const media = examined.filter((file) => file.kind === "media");
  for (const file of media) hashes.add(file.hash);
  const filesSeen = media.length;
  return { filesSeen, skipped, failures, notes };
}
