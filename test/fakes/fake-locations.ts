import { PhotosyncError } from "../../src/domain/errors.js";
import type { Location } from "../../src/domain/photo.js";
import { throwIfAborted } from "../../src/infra/until-aborted.js";
import type { LocationReader } from "../../src/phases/replicate/replicate-deps.js";

/** Source files in memory, some of them tar archives, and a record of what was read. */
export interface FakeLocations extends LocationReader {
  /** Content of plain files by path. */
  readonly files: Map<string, string>;
  /** Entries of streamed archives by path. A missing archive is no archive. */
  readonly archives: Map<string, ReadonlyMap<string, string>>;
  /** Every opening, in order: `open /a.jpg`, `tar /x.tgz`. */
  readonly log: string[];
}

/** What a missing file throws. */
const notThere = ({ path }: Location): PhotosyncError =>
  new PhotosyncError({ kind: "user", code: "source.not-found", message: `${path} is not there` });

/** Files and archives to read originals from; chunks of a few bytes, so that streams are really streams. */
export function fakeLocations(): FakeLocations {
  const files = new Map<string, string>();
  const archives = new Map<string, ReadonlyMap<string, string>>();
  const log: string[] = [];
  async function* chunks(content: string): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(content);
    for (let at = 0; at < bytes.length; at += 3) yield bytes.slice(at, at + 3);
  }
  return {
    files,
    archives,
    log,
    isStreamed: async (path) => archives.has(path),
    async *open(location, call) {
      throwIfAborted(call);
      const { path, entry } = location;
      log.push(`open ${path}`);
      const content = entry === undefined ? files.get(path) : archives.get(path)?.get(entry);
      if (content === undefined) throw notThere(location);
      yield* chunks(content);
    },
    async *openTar(path, wanted, call) {
      throwIfAborted(call);
      log.push(`tar ${path}`);
      for (const [entry, content] of archives.get(path) ?? []) {
        if (wanted.has(entry)) yield { entry, open: () => chunks(content) };
      }
    },
  };
}
