import type { ContentHash } from "../../../../src/domain/ids.js";
import type { ScanMemory } from "../../../../src/phases/discover/examine.js";
import { type ScanOptions, scan } from "../../../../src/phases/discover/scan.js";
import type {
  Finding,
  PhotoSource,
  SourceEntry,
  SourceProblem,
  StreamAccount,
} from "../../../../src/ports/photo-source.js";
import { quietRun } from "../../../fakes/replicate-world.js";

/** Lets everything else that is ready go first. */
export const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

interface EntryOptions {
  readonly turns?: number;
  readonly error?: Error;
  readonly modifiedAt?: string;
  readonly streamed?: boolean;
}

/** A text file whose reading takes some turns of the event loop, or fails. */
export const entry = (name: string, { turns = 0, error, ...rest }: EntryOptions = {}): SourceEntry => ({
  kind: "entry",
  location: { path: `/pictures/${name}` },
  name,
  sizeBytes: name.length,
  stamp: name,
  ...rest,
  async *open() {
    for (let turn = 0; turn < turns; turn++) await pause();
    if (error !== undefined) throw error;
    yield new TextEncoder().encode(name);
  },
});

/** A source that gives each examined file one account. */
export const sourceOf = (
  entries: Iterable<SourceEntry | SourceProblem> | AsyncIterable<SourceEntry | SourceProblem>,
  extra: Partial<PhotoSource> = {},
): PhotoSource => ({
  service: "folder",
  async *entries() {
    yield* entries;
  },
  async *group(examined) {
    for (const { location, sizeBytes, name } of examined)
      yield { kind: "stream", location, sizeBytes, verdict: "ignored", detail: name };
  },
  ...extra,
});

/** Remembers nothing from one scan to the next. */
export const forgetful: ScanMemory = {
  recall: () => null,
  remember: () => {},
  keepReading: () => {},
  keepSmall: () => {},
  settled: async () => {},
};

/** What scanning a source hands on and comes to. */
export async function scanned(
  source: PhotoSource,
  { memory = forgetful, signal = new AbortController().signal, since = undefined as string | undefined } = {},
) {
  const findings: Finding[] = [];
  const accounts: StreamAccount[] = [];
  const media: ContentHash[] = [];
  const readSmall = async () => new Uint8Array();
  const options: ScanOptions = {
    fresh: false,
    readSmall,
    keeping: null,
    ...(since === undefined ? {} : { since }),
  };
  const sink = {
    listed: () => {},
    finding: (finding: Finding) => void findings.push(finding),
    stream: (account: StreamAccount) => void accounts.push(account),
    media: (hash: ContentHash) => void media.push(hash),
  };
  const outcome = await scan(source, memory, options, sink, quietRun(signal));
  return { ...outcome, findings, accounts, media };
}
