/** How the first argument names the file: a path, an open file's number, or either of them (or a FileHandle). */
export type Subject = "path" | "fd" | "any";

export interface OperationKind {
  /** The name that the synchronous, the callback and the promise form share. */
  readonly kind: string;
  readonly subject: Subject;
  /** Changes what is on the disk; `open` does by its flags. */
  readonly changes: boolean;
  /** The path stands second and the first is what it points to or comes from. */
  readonly twoPaths?: boolean;
  /** Position of the bytes among the arguments. */
  readonly bytesAt?: number;
}

const reading = (kind: string, subject: Subject): OperationKind => ({ kind, subject, changes: false });
const changing = (
  kind: string,
  subject: Subject,
  more: { readonly twoPaths?: boolean; readonly bytesAt?: number } = {},
): OperationKind => ({ kind, subject, changes: true, ...more });

/** Functions of `node:fs` (with and without `Sync`) and `node:fs/promises` by name. Streams end in `open`, `read` and `write`. */
export const FUNCTIONS: Readonly<Record<string, OperationKind>> = {
  open: reading("open", "path"),
  close: reading("close", "fd"),
  read: reading("read", "fd"),
  readv: reading("readv", "fd"),
  readFile: reading("readFile", "any"),
  write: changing("write", "fd", { bytesAt: 1 }),
  writev: changing("writev", "fd", { bytesAt: 1 }),
  writeFile: changing("writeFile", "any", { bytesAt: 1 }),
  appendFile: changing("appendFile", "any", { bytesAt: 1 }),
  fsync: reading("sync", "fd"),
  fdatasync: reading("sync", "fd"),
  truncate: changing("truncate", "path"),
  ftruncate: changing("truncate", "fd"),
  rename: changing("rename", "path", { twoPaths: true }),
  link: changing("link", "path", { twoPaths: true }),
  symlink: changing("symlink", "path", { twoPaths: true }),
  copyFile: changing("copyFile", "path", { twoPaths: true }),
  cp: changing("cp", "path", { twoPaths: true }),
  unlink: changing("unlink", "path"),
  rm: changing("rm", "path"),
  mkdir: changing("mkdir", "path"),
  mkdtemp: changing("mkdtemp", "path"),
  rmdir: changing("rmdir", "path"),
  chmod: changing("chmod", "path"),
  fchmod: changing("chmod", "fd"),
  utimes: changing("utimes", "path"),
  lutimes: changing("utimes", "path"),
  futimes: changing("utimes", "fd"),
  readdir: reading("readdir", "path"),
  opendir: reading("readdir", "path"),
  stat: reading("stat", "path"),
  lstat: reading("stat", "path"),
  fstat: reading("stat", "fd"),
  statfs: reading("statfs", "path"),
  realpath: reading("realpath", "path"),
  readlink: reading("readlink", "path"),
  access: reading("access", "path"),
  exists: reading("exists", "path"),
};

/** Methods of a FileHandle; `this` is the file. */
export const METHODS: Readonly<Record<string, OperationKind>> = {
  read: reading("read", "fd"),
  readv: reading("readv", "fd"),
  readFile: reading("readFile", "fd"),
  stat: reading("stat", "fd"),
  sync: reading("sync", "fd"),
  datasync: reading("sync", "fd"),
  write: changing("write", "fd", { bytesAt: 0 }),
  writev: changing("writev", "fd", { bytesAt: 0 }),
  writeFile: changing("writeFile", "fd", { bytesAt: 0 }),
  appendFile: changing("appendFile", "fd", { bytesAt: 0 }),
  truncate: changing("truncate", "fd"),
  chmod: changing("chmod", "fd"),
  utimes: changing("utimes", "fd"),
};
