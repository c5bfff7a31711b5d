import { constants } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import type { LoggedOperation } from "../faults/preload/settings.mjs";
import { type Image, type InodeId, type Operation, type Place, ROOT } from "./model.js";

/** What the reader of a log knows of a file or folder as the running program sees it. */
type Live =
  | { readonly kind: "folder"; readonly entries: Map<string, InodeId> }
  | { readonly kind: "file"; size: number };

const { O_CREAT, O_TRUNC } = constants;

/**
 * Turns the log of recorded runs into operations on inodes. Follows names and open files as the system did, so that bytes
 * reach the file that was opened, whatever it is called by then. Several runs can be taken one after the other.
 */
export class Trace {
  readonly base: Image;
  readonly operations: Operation[] = [];
  readonly #root: string;
  readonly #skip: (path: string) => boolean;
  readonly #rewrite: (bytes: Buffer) => Buffer;
  readonly #live = new Map<InodeId, Live>();
  readonly #open = new Map<number, InodeId>();
  /** The number of the logged operation that each of `operations` came from, negative for earlier runs. */
  readonly #numbers: number[] = [];
  #nextInode: InodeId;

  /**
   * `root` is the absolute path of the folder that `base` is of. Paths below it for which `skip` is true (relative to it) are
   * left out. `rewrite` is applied to all bytes that were written.
   */
  constructor(
    root: string,
    base: Image,
    options: { readonly skip: (path: string) => boolean; readonly rewrite: (bytes: Buffer) => Buffer },
  ) {
    this.base = base;
    this.#root = root;
    this.#skip = options.skip;
    this.#rewrite = options.rewrite;
    this.#nextInode = Math.max(...base.keys()) + 1;
    for (const [id, inode] of base) {
      const live: Live =
        inode.kind === "file"
          ? { kind: "file", size: inode.bytes.length }
          : { kind: "folder", entries: new Map(inode.entries) };
      this.#live.set(id, live);
    }
  }

  /** Takes the log of one more run of the program. */
  takeRun(lines: readonly LoggedOperation[]): void {
    this.#open.clear();
    this.#numbers.fill(-1);
    for (const line of lines) this.#take(line);
  }

  #take(line: LoggedOperation): void {
    const { kind, ended } = line;
    if (ended === undefined) throw new Error("the log was not made in mode `record`");
    if (ended.errno !== null) return;
    const fd = ended.fd ?? null;
    if (kind === "close" && fd !== null) this.#open.delete(fd);
    if (this.#isOutside(line.path) || (line.to !== undefined && this.#isOutside(line.to))) return;
    const opened = fd === null || kind === "open" ? undefined : this.#open.get(fd);
    switch (kind) {
      case "open":
        if (fd !== null) this.#open.set(fd, this.#openFile(line, ended.value ?? 0));
        return;
      case "write":
      case "writev":
      case "writeFile":
      case "appendFile":
        this.#write(line, opened);
        return;
      case "truncate":
        this.#truncate(line.number, opened ?? this.#find(line.path), ended.value ?? 0);
        return;
      case "sync":
        if (opened !== undefined) this.#sync(line.number, opened);
        return;
      case "mkdir":
        this.#makeFolders(line.number, line.path);
        return;
      case "rename":
        this.#move(line);
        return;
      case "link":
        this.#name(line.number, this.#place(line.to ?? ""), this.#find(line.path), false);
        return;
      case "unlink":
      case "rmdir":
      case "rm":
        this.#remove(line.number, line.path);
        return;
      case "copyFile":
      case "symlink":
        throw new Error(`the model of a disk does not know ${kind} (${line.path})`);
      default:
        return;
    }
  }

  #isOutside(path: string): boolean {
    const inside = relative(this.#root, path);
    return inside === ".." || inside.startsWith(`..${sep}`) || this.#skip(inside);
  }

  #openFile({ number, path }: LoggedOperation, flags: number): InodeId {
    const found = this.#lookUp(path);
    if (found === undefined) return this.#create(number, path);
    if ((flags & O_TRUNC) !== 0) this.#truncate(number, found, 0);
    return found;
  }

  #create(number: number, path: string): InodeId {
    const inode = this.#nextInode++;
    this.#live.set(inode, { kind: "file", size: 0 });
    this.#name(number, this.#place(path), inode, false);
    return inode;
  }

  #write(line: LoggedOperation, opened: InodeId | undefined): void {
    const flags = line.kind === "writeFile" ? O_CREAT | O_TRUNC : O_CREAT;
    const inode = opened ?? this.#openFile(line, flags);
    const file = this.#live.get(inode);
    if (file?.kind !== "file") throw new Error(`bytes were written to no file (${line.path})`);
    const bytes = this.#rewrite(Buffer.from(line.ended?.bytes ?? "", "base64"));
    if (bytes.length === 0) return;
    const at = line.ended?.position ?? file.size;
    file.size = Math.max(file.size, at + bytes.length);
    this.#add(line.number, { kind: "write", inode, at, bytes });
  }

  #truncate(number: number, inode: InodeId, length: number): void {
    const file = this.#live.get(inode);
    if (file?.kind !== "file" || file.size === length) return;
    file.size = length;
    this.#add(number, { kind: "truncate", inode, length });
  }

  #sync(number: number, inode: InodeId): void {
    // Whatever began after the sync did may not be in it, nor what ended after that.
    const first = this.#numbers.findIndex((other) => other > number);
    this.#add(number, { kind: "sync", inode, covers: first < 0 ? this.operations.length : first });
  }

  #makeFolders(number: number, path: string): void {
    if (path === this.#root || this.#lookUp(path) !== undefined) return;
    this.#makeFolders(number, dirname(path));
    const inode = this.#nextInode++;
    this.#live.set(inode, { kind: "folder", entries: new Map() });
    this.#name(number, this.#place(path), inode, true);
  }

  #name(number: number, place: Place, inode: InodeId, isFolder: boolean): void {
    this.#entries(place.folder).set(place.name, inode);
    this.#add(number, { kind: "name", place, inode, isFolder });
  }

  #move({ number, path, to }: LoggedOperation): void {
    const from = this.#place(path);
    const place = this.#place(to ?? "");
    const inode = this.#find(path);
    // Two names of one file: POSIX has the rename do nothing.
    if (this.#entries(place.folder).get(place.name) === inode) return;
    this.#entries(from.folder).delete(from.name);
    this.#entries(place.folder).set(place.name, inode);
    this.#add(number, { kind: "move", from, place, inode });
  }

  #remove(number: number, path: string): void {
    const inode = this.#lookUp(path);
    if (inode === undefined) return;
    const live = this.#live.get(inode);
    if (live?.kind === "folder") {
      for (const name of [...live.entries.keys()]) this.#remove(number, `${path}${sep}${name}`);
    }
    const place = this.#place(path);
    this.#entries(place.folder).delete(place.name);
    this.#add(number, { kind: "forget", place });
  }

  #add(number: number, operation: Operation): void {
    this.operations.push(operation);
    this.#numbers.push(number);
  }

  #place(path: string): Place {
    return { folder: this.#find(dirname(path)), name: basename(path) };
  }

  #entries(folder: InodeId): Map<string, InodeId> {
    const live = this.#live.get(folder);
    if (live?.kind !== "folder") throw new Error("a name was given in what is no folder");
    return live.entries;
  }

  #find(path: string): InodeId {
    const inode = this.#lookUp(path);
    if (inode === undefined) throw new Error(`the log names ${path}, which nothing made`);
    return inode;
  }

  #lookUp(path: string): InodeId | undefined {
    const inside = relative(this.#root, path);
    let at: InodeId | undefined = ROOT;
    for (const name of inside === "" ? [] : inside.split(sep)) {
      const live: Live | undefined = at === undefined ? undefined : this.#live.get(at);
      at = live?.kind === "folder" ? live.entries.get(name) : undefined;
    }
    return at;
  }
}
