import { type BigIntStats, statSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { Call } from "../../ports/call.js";
import type { SourceEntry, SourceProblem } from "../../ports/photo-source.js";
import { throwIfAborted } from "../until-aborted.js";
import { problem, shownLocation, systemCode } from "./archive-errors.js";
import { listedFileBytes } from "./file-stream.js";
import { type FolderFilter, folderFilter } from "./folder-filter.js";
import { type Listed, listFolder } from "./folder-listing.js";

/**
 * A place in the tree: where it is on disk, as it was reached and with every link above it followed, and its name
 * inside the source (`""` for the root).
 */
interface Place {
  readonly path: string;
  readonly real: string;
  readonly name: string;
}

/** As `join` of a resolved folder and a bare name, at a tenth of its price. */
const below = (folder: string, name: string): string =>
  folder.endsWith(sep) ? folder + name : folder + sep + name;

function childOf(folder: Place, child: Listed): Place {
  const path = below(folder.path, child.raw);
  return {
    path,
    real: folder.real === folder.path ? path : below(folder.real, child.raw),
    name: folder.name === "" ? child.name : `${folder.name}/${child.name}`,
  };
}

const trouble = (place: Place, code: Parameters<typeof problem>[1], what: string, cause?: unknown) => {
  const location = { path: place.path };
  return problem(location, code, `${shownLocation(location)} ${what}.`, cause);
};

function modifiedAt({ mtimeNs }: BigIntStats): string | undefined {
  const modifiedMs = Number(mtimeNs / 1_000_000n);
  return Math.abs(modifiedMs) <= 8.64e15 ? new Date(modifiedMs).toISOString() : undefined;
}

function entryOf(place: Place, stats: BigIntStats, call: Call): SourceEntry {
  const listed = { sizeBytes: Number(stats.size), mtimeNs: stats.mtimeNs };
  return {
    kind: "entry",
    location: { path: place.path },
    name: place.name,
    sizeBytes: listed.sizeBytes,
    // Programs set the modified time back; nobody can do so with the time of the last change of the file itself.
    stamp: `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}`,
    get modifiedAt() {
      return modifiedAt(stats);
    },
    open: () => listedFileBytes(place.path, listed, call),
  };
}

const identityOf = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}`;

/** One walk: what it has visited, and the links it keeps for later. */
class Walk {
  readonly #filter: ReturnType<typeof folderFilter>;
  readonly #call: Call;
  readonly #without: readonly string[];
  readonly #isLeftOut: (realPath: string) => boolean;
  /** Device and inode of every folder visited, and of what must not be. */
  readonly #visited = new Set<string>();
  /** Inodes of what is never listed: a quick look that spares most files the exact one. */
  readonly #shunned = new Set<bigint>();
  /** Links to folders wait until all real folders are visited, so that those keep their own names. */
  readonly #links: Place[] = [];

  constructor(filter: FolderFilter, call: Call) {
    this.#filter = folderFilter(filter);
    this.#without = filter.without ?? [];
    this.#isLeftOut = filter.isLeftOut ?? (() => false);
    this.#call = call;
  }

  async *from(root: Place): AsyncGenerator<SourceEntry | SourceProblem> {
    for (const path of this.#without) {
      const stats = await stat(path, { bigint: true }).catch(() => null);
      if (stats === null) continue;
      this.#visited.add(identityOf(stats));
      this.#shunned.add(stats.ino);
    }
    yield* this.#below(root, true);
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift()) {
      yield* this.#below(link, false);
    }
  }

  async *#below(reached: Place, isRoot: boolean): AsyncGenerator<SourceEntry | SourceProblem> {
    const start = { ...reached, real: await realpath(reached.path).catch(() => reached.real) };
    if (this.#isLeftOut(start.real)) return;
    // A stack of its own: nested generators would pass each file up through every level of a deep tree.
    const stack: { readonly folder: Place; readonly rest: Iterator<Listed> }[] = [];
    const first = await this.#enter(start, isRoot);
    if (first === null) return;
    if ("kind" in first) yield first;
    else stack.push({ folder: start, rest: first.values() });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      throwIfAborted(this.#call);
      const step = top.rest.next();
      if (step.done === true) {
        stack.pop();
        continue;
      }
      const place = childOf(top.folder, step.value);
      if (this.#isLeftOut(place.real)) continue;
      if (step.value.type !== "folder") {
        const found = this.#look(place, step.value.type);
        if (found !== null) yield found;
      } else if (this.#filter.folder(place.name)) {
        const inside = await this.#enter(place, false);
        if (inside === null) continue;
        if ("kind" in inside) yield inside;
        else stack.push({ folder: place, rest: inside.values() });
      }
    }
  }

  /** What the folder holds, or null when it was visited before. */
  async #enter(place: Place, isRoot: boolean): Promise<readonly Listed[] | SourceProblem | null> {
    try {
      const stats = await stat(place.path, { bigint: true });
      const identity = identityOf(stats);
      if (this.#visited.has(identity)) return null;
      this.#visited.add(identity);
      return await listFolder(place.path);
    } catch (cause) {
      const code = systemCode(cause);
      if (code === "ENOENT") {
        return isRoot
          ? trouble(place, "file.not-found", "is not there", cause)
          : trouble(place, "file.vanished", "has vanished", cause);
      }
      return trouble(place, "file.unreadable", `cannot be listed (${code})`, cause);
    }
  }

  /**
   * A name that is no folder in its own right; null for what is not wanted. Makes one stat, and waits for it: the folder was
   * just listed, and the way through the thread pool takes five times as long as the stat itself.
   */
  #look(place: Place, type: Listed["type"]): SourceEntry | SourceProblem | null {
    const wanted = this.#filter.file(place.name);
    if (type === "unnameable") {
      return wanted ? trouble(place, "file.name-not-utf8", "has a name that is not in UTF-8") : null;
    }
    if (!wanted && !(type === "link" && this.#filter.folder(place.name))) return null;
    if (type === "other") return trouble(place, "file.not-regular", "is a device, socket or pipe");
    let stats: BigIntStats;
    try {
      stats = statSync(place.path, { bigint: true });
    } catch (cause) {
      const code = systemCode(cause);
      if (type === "link" && (code === "ENOENT" || code === "ELOOP")) {
        return wanted ? trouble(place, "file.broken-link", "is a link that leads nowhere", cause) : null;
      }
      if (code === "ENOENT") return trouble(place, "file.vanished", "has vanished", cause);
      return trouble(place, "file.unreadable", `cannot be looked at (${code})`, cause);
    }
    if (stats.isDirectory() && this.#filter.folder(place.name)) this.#links.push(place);
    if (stats.isDirectory() || !wanted) return null;
    if (this.#shunned.has(stats.ino) && this.#visited.has(identityOf(stats))) return null;
    return stats.isFile()
      ? entryOf(place, stats, this.#call)
      : trouble(place, "file.not-regular", "is a device, socket or pipe");
  }
}

/**
 * The files in a folder and the folders below, sorted within each folder by code point. Links to files are followed; links
 * to folders as well, after all real folders and each real folder only once, so that loops end. `location.path` is
 * absolute and spelt as on disk; `name` is relative to `root`, in NFC. Never listed: repositories, thumbnails, bins and what
 * systems keep beside photos (`.git`, `.photosync`, `@eaDir`, `Thumbs.db`, `._*` and the like). A file is opened only by
 * `open`, which throws `file.vanished`, `file.changed-while-read`, `file.unreadable`, `cancelled`.
 *
 * What cannot be listed comes as a problem: `file.broken-link`, `file.unreadable`, `file.not-regular` (pipes and devices are
 * never opened), `file.name-not-utf8`, `file.vanished`; `file.not-found` for the root. Throws only `cancelled`.
 */
export const folderEntries = (
  root: string,
  filter: FolderFilter,
  call: Call,
): AsyncIterable<SourceEntry | SourceProblem> =>
  new Walk(filter, call).from({ path: resolve(root), real: resolve(root), name: "" });
