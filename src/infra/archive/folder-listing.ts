import { isUtf8 } from "node:buffer";
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { shownBytes } from "./entry-name.js";

/** A name in a folder. */
export interface Listed {
  /** As the file system has it; for names that are no UTF-8 as it may be shown. */
  readonly raw: string;
  /** In NFC. */
  readonly name: string;
  readonly type: "file" | "folder" | "link" | "other" | "unnameable";
}

function typeOf(found: Dirent<Buffer>): Listed["type"] {
  if (!isUtf8(found.name)) return "unnameable";
  if (found.isSymbolicLink()) return "link";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

/** What a folder holds, sorted by code point of the NFC name. Errors are Node's own. */
export async function listFolder(path: string): Promise<Listed[]> {
  // As bytes: a name that is no UTF-8 would come as another name, which no file has.
  const found = await readdir(path, { encoding: "buffer", withFileTypes: true });
  const listed = found.map((dirent) => {
    const type = typeOf(dirent);
    const raw = type === "unnameable" ? shownBytes(dirent.name) : dirent.name.toString("utf8");
    const name = raw.normalize("NFC");
    // UTF-8 sorts as code points do, JavaScript's own strings do not.
    return { order: [Buffer.from(name), dirent.name] as const, listed: { raw, name, type } };
  });
  listed.sort((a, b) => Buffer.compare(a.order[0], b.order[0]) || Buffer.compare(a.order[1], b.order[1]));
  return listed.map((each) => each.listed);
}
