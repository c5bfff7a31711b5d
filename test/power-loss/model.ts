/**
 * A disk that keeps only what was synced. Files and folders are inodes; a name is an entry of a folder. An operation
 * survives a power cut for certain once it was synced afterwards: bytes and lengths by a sync of their file, names by a
 * sync of their folder (a sync of a file makes no name durable, as on the strictest file systems), a move by a sync of
 * both folders. Everything else may survive or not; a move survives as a whole or not at all.
 */
export type InodeId = number;

export const ROOT: InodeId = 0;

export type Inode =
  | { readonly kind: "file"; readonly bytes: Buffer }
  | { readonly kind: "folder"; readonly entries: ReadonlyMap<string, InodeId> };

/** All inodes of a disk; `ROOT` is its outermost folder. */
export type Image = ReadonlyMap<InodeId, Inode>;

export interface Place {
  readonly folder: InodeId;
  readonly name: string;
}

/** A change of one file's contents. */
export type ContentOperation =
  | { readonly kind: "write"; readonly inode: InodeId; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly inode: InodeId; readonly length: number };

/** A change of names. `name` also makes the inode when it is new, and takes the name from what had it. */
export type NameOperation =
  | { readonly kind: "name"; readonly place: Place; readonly inode: InodeId; readonly isFolder: boolean }
  | { readonly kind: "forget"; readonly place: Place }
  | { readonly kind: "move"; readonly from: Place; readonly place: Place; readonly inode: InodeId };

export type SyncOperation = {
  readonly kind: "sync";
  readonly inode: InodeId;
  /** Operations from this place on may have been made while the sync was under way, and are not covered by it. */
  readonly covers: number;
};

export type Operation = ContentOperation | NameOperation | SyncOperation;

const isContent = (operation: Operation): operation is ContentOperation =>
  operation.kind === "write" || operation.kind === "truncate";

/** What may be lost at a cut: names by their place in the list of operations, contents by file. */
export interface Unsynced {
  readonly names: readonly number[];
  readonly contents: ReadonlyMap<InodeId, readonly number[]>;
}

/** What of the first `cut` operations was not synced by then. */
export function unsyncedAt(operations: readonly Operation[], cut: number): Unsynced {
  /** By inode: operations before this place are synced. */
  const covered = new Map<InodeId, number>();
  for (let index = 0; index < cut; index++) {
    const operation = operations[index];
    if (operation?.kind !== "sync") continue;
    covered.set(operation.inode, Math.max(covered.get(operation.inode) ?? 0, operation.covers));
  }
  const isSynced = (inode: InodeId, index: number) => index < (covered.get(inode) ?? 0);
  const names: number[] = [];
  const contents = new Map<InodeId, number[]>();
  for (let index = 0; index < cut; index++) {
    const operation = operations[index];
    if (operation === undefined || operation.kind === "sync") continue;
    if (isContent(operation)) {
      if (isSynced(operation.inode, index)) continue;
      const list = contents.get(operation.inode) ?? [];
      list.push(index);
      contents.set(operation.inode, list);
    } else {
      const source = operation.kind === "move" ? operation.from.folder : operation.place.folder;
      if (!isSynced(operation.place.folder, index) || !isSynced(source, index)) names.push(index);
    }
  }
  return { names, contents };
}

/**
 * What became of a file's contents that were not synced: all there; none; the length alone, with zeros or old bytes where the
 * new ones should be; the first so many bytes; or each sector of 512 bytes by the toss of a coin.
 */
export type Fate =
  | { readonly kind: "whole" | "none" | "length" }
  | { readonly kind: "prefix"; readonly bytes: number }
  | { readonly kind: "sectors"; readonly keep: (sector: number) => boolean };

/** One way in which a cut may end. */
export interface Choice {
  readonly cut: number;
  /** Unsynced name operations that are lost, by their place in the list. */
  readonly lostNames: ReadonlySet<number>;
  /** The fate of each file's unsynced contents; `whole` for those not named. */
  readonly fates: ReadonlyMap<InodeId, Fate>;
}

const SECTOR = 512;

/** A file's bytes, copied before they are changed. */
class Contents {
  bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  #resize(length: number): void {
    if (length <= this.bytes.length) this.bytes = Buffer.from(this.bytes.subarray(0, length));
    else this.bytes = Buffer.concat([this.bytes], length);
  }

  apply(operation: ContentOperation, fate: Fate): void {
    if (fate.kind === "none") return;
    if (operation.kind === "truncate") this.#resize(operation.length);
    else this.#write(operation.at, operation.bytes, fate);
  }

  #write(at: number, bytes: Buffer, fate: Fate): void {
    const kept = fate.kind === "prefix" ? bytes.subarray(0, Math.max(0, fate.bytes - at)) : bytes;
    if (kept.length === 0) return;
    if (at + kept.length > this.bytes.length) this.#resize(at + kept.length);
    else this.bytes = Buffer.from(this.bytes);
    if (fate.kind === "length") return;
    if (fate.kind !== "sectors") {
      kept.copy(this.bytes, at);
      return;
    }
    for (let start = 0; start < kept.length; ) {
      const sector = Math.floor((at + start) / SECTOR);
      const end = Math.min(kept.length, (sector + 1) * SECTOR - at);
      if (fate.keep(sector)) kept.copy(this.bytes, at + start, start, end);
      start = end;
    }
  }
}

/** A file or folder of a disk after a cut; `changedAt` is the place of the last operation that shows in it, or -1. */
export interface Found {
  readonly path: string;
  readonly changedAt: number;
  /** Null for a folder. */
  readonly bytes: Buffer | null;
}

/** What a disk holds after a cut, folders before what is in them; inodes without a name are gone. */
export function diskAfter(base: Image, operations: readonly Operation[], choice: Choice): readonly Found[] {
  const { contents: unsyncedContents } = unsyncedAt(operations, choice.cut);
  const unsynced = new Set([...unsyncedContents.values()].flat());
  const files = new Map<InodeId, Contents>();
  const folders = new Map<InodeId, Map<string, InodeId>>();
  const changedAt = new Map<InodeId, number>();
  for (const [id, inode] of base) {
    if (inode.kind === "file") files.set(id, new Contents(inode.bytes));
    else folders.set(id, new Map(inode.entries));
  }
  for (let index = 0; index < choice.cut; index++) {
    const operation = operations[index];
    if (operation === undefined || operation.kind === "sync") continue;
    if (isContent(operation)) {
      const file = files.get(operation.inode) ?? new Contents(Buffer.alloc(0));
      files.set(operation.inode, file);
      const fate = unsynced.has(index) ? choice.fates.get(operation.inode) : undefined;
      file.apply(operation, fate ?? { kind: "whole" });
      changedAt.set(operation.inode, index);
      continue;
    }
    if (operation.kind === "name" && !files.has(operation.inode) && !folders.has(operation.inode)) {
      if (operation.isFolder) folders.set(operation.inode, new Map());
      else files.set(operation.inode, new Contents(Buffer.alloc(0)));
    }
    if (choice.lostNames.has(index)) continue;
    rename(folders, operation);
    if (operation.kind !== "forget") changedAt.set(operation.inode, index);
  }
  return [...walk(folders, files, changedAt, ROOT, "")];
}

function rename(folders: Map<InodeId, Map<string, InodeId>>, operation: NameOperation): void {
  const target = folders.get(operation.place.folder);
  if (operation.kind === "forget") {
    target?.delete(operation.place.name);
    return;
  }
  if (operation.kind === "move") {
    const source = folders.get(operation.from.folder);
    // The name may belong to another file by now, if an operation in between was lost.
    if (source?.get(operation.from.name) === operation.inode) source.delete(operation.from.name);
  }
  target?.set(operation.place.name, operation.inode);
}

function* walk(
  folders: ReadonlyMap<InodeId, ReadonlyMap<string, InodeId>>,
  files: ReadonlyMap<InodeId, Contents>,
  changedAt: ReadonlyMap<InodeId, number>,
  folder: InodeId,
  path: string,
): Generator<Found> {
  for (const [name, id] of folders.get(folder) ?? []) {
    const found = { path: path === "" ? name : `${path}/${name}`, changedAt: changedAt.get(id) ?? -1 };
    const file = files.get(id);
    yield { ...found, bytes: file?.bytes ?? null };
    if (file === undefined) yield* walk(folders, files, changedAt, id, found.path);
  }
}
