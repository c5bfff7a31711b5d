import { damaged } from "./git-object.js";

/** One line of a Git tree. `name` is a byte path of one part. */
export interface TreeEntry {
  /** Git's file mode as a number: 0o100644, 0o100755, 0o120000 (link), 0o40000 (folder), 0o160000 (submodule). */
  readonly mode: number;
  readonly name: string;
  readonly oid: string;
}

export const folderMode = 0o40000;
export const fileMode = 0o100644;
const submoduleMode = 0o160000;

export function isFolder(entry: { readonly mode: number }): boolean {
  return entry.mode === folderMode;
}

/** Whether the entry is a plain file, executable or not: what photosync may write over. */
export function isPlainFile(entry: { readonly mode: number }): boolean {
  return (entry.mode & 0o170000) === 0o100000;
}

/** Whether the entry has a blob of its own: files and links, not folders and submodules. */
export function hasBlob(entry: { readonly mode: number }): boolean {
  return entry.mode !== folderMode && entry.mode !== submoduleMode;
}

/** Git sorts a folder as if its name ended in "/"; this is the string to compare by. */
export function sortKey(entry: TreeEntry): string {
  return isFolder(entry) ? `${entry.name}/` : entry.name;
}

/** Entries of a tree object, in its order. Throws `library.damaged`. */
export function parseTree(bytes: Buffer, oid: string): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const nul = bytes.indexOf(0, at);
    if (nul < 0 || nul + 21 > bytes.length) throw damaged(`tree ${oid} is malformed`);
    entries.push(parseTreeEntry(bytes, at));
    at = nul + 21;
  }
  return entries;
}

/** Whether the entry that starts at `at` is a plain file with a mode of six digits: `100644` or `100755`. */
export function isPlainFileAt(bytes: Buffer, at: number): boolean {
  // It begins with "100"; links with "120", submodules with "160", and folders are "40000".
  return bytes[at] === 0x31 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x30 && bytes[at + 6] === 0x20;
}

/** The entry that starts at `at`: mode in octal, a space, the name, a NUL, 20 bytes of id. */
export function parseTreeEntry(bytes: Buffer, at: number): TreeEntry {
  const space = bytes.indexOf(0x20, at);
  const nul = bytes.indexOf(0, space);
  return {
    mode: Number.parseInt(bytes.toString("latin1", at, space), 8),
    name: bytes.toString("latin1", space + 1, nul),
    oid: bytes.toString("hex", nul + 1, nul + 21),
  };
}

/** The bytes of one line of a tree object. */
export function encodeTreeEntry({ mode, name, oid }: TreeEntry): Buffer {
  const line = `${mode.toString(8)} ${name}\0`;
  const bytes = Buffer.allocUnsafe(line.length + 20);
  bytes.write(line, 0, "latin1");
  bytes.write(oid, line.length, "hex");
  return bytes;
}

/** The bytes of a tree object with these entries, in Git's order. */
export function encodeTree(entries: Iterable<TreeEntry>): Buffer {
  const keyed = [...entries].map((entry) => ({ key: sortKey(entry), entry }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return Buffer.concat(keyed.map(({ entry }) => encodeTreeEntry(entry)));
}
