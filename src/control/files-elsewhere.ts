import { PhotosyncError } from "../domain/errors.js";
import { type BringTools, type FileMove, isNewFile } from "./bring-file.js";
import { parentOf } from "./byte-path.js";
import { indexStatBytes } from "./git-index-stat.js";
import type { MadeFiles } from "./new-files.js";
import type { SideThread } from "./side-thread.js";

const mostFiles = 512;
const mostBytes = 4 * 1024 * 1024;

/** Where a run of moves ends that make new files in one folder: two threads in one folder would wait for each other. */
export function endOfRun(moves: readonly FileMove[], start: number): number {
  const first = moves[start];
  if (first === undefined || !isAddition(first)) return start + 1;
  const folder = parentOf(first.path);
  let end = start + 1;
  for (; end < moves.length && end - start < mostFiles; end++) {
    const move = moves[end];
    if (move === undefined || !isAddition(move) || parentOf(move.path) !== folder) break;
  }
  return end;
}

const isAddition = (move: FileMove): boolean => move.from === null && move.to !== null;

/** New files that the second thread makes. `tell` gets the stat fields of each move by its place, null for a file that could not be made. */
export class FilesElsewhere {
  readonly #tools: BringTools;
  readonly #side: SideThread;
  readonly #tell: (place: number, stat: Buffer | null) => void;
  readonly #underWay: Promise<void>[] = [];
  #failure: { readonly error: unknown } | null = null;

  constructor(tools: BringTools, side: SideThread, tell: (place: number, stat: Buffer | null) => void) {
    this.#tools = tools;
    this.#side = side;
    this.#tell = tell;
  }

  /** Takes the moves from `start` up to `end`, a run of `endOfRun`; false leaves them to the caller. */
  take(moves: readonly FileMove[], start: number, end: number): boolean {
    if (end - start < 2 || !this.#side.isFree) return false;
    const { working, contentOf } = this.#tools;
    const paths: string[] = [];
    const contents: Uint8Array[] = [];
    let size = 0;
    for (const move of moves.slice(start, end)) {
      if (!isNewFile(this.#tools, move)) return false;
      const content = contentOf(move.to.oid);
      size += content.byteLength;
      if (size > mostBytes) return false;
      contents.push(content);
      paths.push(working.absolute(move.path));
    }
    const bytes = new Uint8Array(size);
    const ends = new Float64Array(contents.length);
    let at = 0;
    contents.forEach((content, place) => {
      bytes.set(content, at);
      at += content.byteLength;
      ends[place] = at;
    });
    const modes = Uint32Array.from(moves.slice(start, end), ({ to }) => to?.mode ?? 0);
    const made = this.#side.create({ paths, modes, bytes, ends });
    if (made === null) return false;
    this.#underWay.push(
      made
        .catch((error) => Promise.reject(endedEarly(error)))
        .then((files) => this.#told(files, start))
        .catch((error) => {
          this.#failure ??= { error };
        }),
    );
    return true;
  }

  /** Resolves when all were told of. Throws the first error of `tell`, or `commit.thread-ended` (transient). */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure !== null) throw this.#failure.error;
  }

  #told({ stats, made }: MadeFiles, start: number): void {
    made.forEach((isMade, at) => {
      const stat = Buffer.from(stats.buffer, stats.byteOffset + at * indexStatBytes, indexStatBytes);
      this.#tell(start + at, isMade === 1 ? stat : null);
    });
  }
}

/** Some files may be half written: `recover` knows what to do with them, as after a kill. */
function endedEarly(cause: unknown): PhotosyncError {
  return new PhotosyncError({
    kind: "transient",
    code: "commit.thread-ended",
    message:
      "The commit is made, but the thread that writes its documents into the library's folders ended early.",
    next: ["Run any photosync command that writes: it writes the missing documents first."],
    cause,
  });
}
