import { type Stats, statSync } from "node:fs";
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

function modifiedAt({ mtimeMs }: Stats): string | undefined {
  const modifiedMs = Math.floor(mtimeMs);
  return Math.abs(modifiedMs) <= 8.64e15 ? new Date(modifiedMs).toISOString() : undefined;
}

function entryOf(place: Place, stats: Stats, call: Call): SourceEntry {
  const { size: sizeBytes, mtimeMs } = stats;
  const listed = { sizeBytes, mtimeMs };
  return {
    kind: "entry",
    location: { path: place.path },
    name: place.name,
    sizeBytes,
    // Programs set the modified time back; nobody can do so with the time of the last change of the file itself.
    stamp: `${sizeBytes}:${mtimeMs}:${stats.ctimeMs}:${stats.ino}`,
    get modifiedAt() {
      return modifiedAt(stats);
    },
    open: () => listedFileBytes(place.path, listed, call),
  };
}

const identityOf = (stats: { readonly dev: bigint; readonly ino: bigint }): string =>
  `${stats.dev}:${stats.ino}`;

/** A folder, and what of it is still to be looked at. */
interface Entered {
  readonly folder: Place;
  readonly rest: Iterator<Listed>;
}

/** One walk: what it has visited, and the links it keeps for later. */
class Walk {
  readonly #filter: ReturnType<typeof folderFilter>;
  readonly #call: Call;
  readonly #without: readonly string[];
  readonly #leftOut: () => Promise<(realPath: string) => boolean>;
  /** Device and inode of every folder visited, and of what must not be. */
  readonly #visited = new Set<string>();
  /** Inodes of what is never listed, as numbers, which may be rounded: a quick look that spares most files the exact one. */
  readonly #shunned = new Set<number>();
  /** Links to folders wait until all real folders are visited, so that those keep their own names. */
  readonly #links: Place[] = [];

  constructor(filter: FolderFilter, call: Call) {
    this.#filter = folderFilter(filter);
    this.#without = filter.without ?? [];
    this.#leftOut = filter.leftOut ?? (async () => () => false);
    this.#call = call;
  }

  async *from(root: Place): AsyncGenerator<SourceEntry | SourceProblem> {
    for (const path of this.#without) {
      const stats = await stat(path, { bigint: true }).catch(() => null);
      if (stats === null) continue;
      this.#visited.add(identityOf(stats));
      this.#shunned.add(Number(stats.ino));
    }
    const isLeftOut = await this.#leftOut();
    // One generator with a stack of its own: each level of nesting would pass every file up at the price of a stat.
    for (let next: Place | undefined = root; next !== undefined; next = this.#links.shift()) {
      const begun = await this.#begin(next, next === root, isLeftOut);
      if (begun !== null && "kind" in begun) yield begun;
      const stack = begun === null || "kind" in begun ? [] : [begun];
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        throwIfAborted(this.#call);
        const step = top.rest.next();
        if (step.done === true) {
          stack.pop();
          continue;
        }
        const place = childOf(top.folder, step.value);
        if (isLeftOut(place.real)) continue;
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
  }

  /** A folder to walk from: the root, or one that a link leads to. */
  async #begin(
    reached: Place,
    isRoot: boolean,
    isLeftOut: (realPath: string) => boolean,
  ): Promise<Entered | SourceProblem | null> {
    const folder = { ...reached, real: await realpath(reached.path).catch(() => reached.real) };
    if (isLeftOut(folder.real)) return null;
    const inside = await this.#enter(folder, isRoot);
    if (inside === null || "kind" in inside) return inside;
    return { folder, rest: inside.values() };
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
   * just listed, and the way through the thread pool takes five times as long as the stat itself. Times are in ms with a
   * fraction, exact to a quarter of a microsecond: in ns, as big integers, they cost twice the stat.
   */
  #look(place: Place, type: Listed["type"]): SourceEntry | SourceProblem | null {
    const wanted = this.#filter.file(place.name);
    if (type === "unnameable") {
      return wanted ? trouble(place, "file.name-not-utf8", "has a name that is not in UTF-8") : null;
    }
    if (!wanted && !(type === "link" && this.#filter.folder(place.name))) return null;
    if (type === "other") return trouble(place, "file.not-regular", "is a device, socket or pipe");
    let stats: Stats;
    let isShunned = false;
    try {
      stats = statSync(place.path);
      if (this.#shunned.has(stats.ino))
        isShunned = this.#visited.has(identityOf(statSync(place.path, { bigint: true })));
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
    if (isShunned) return null;
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
