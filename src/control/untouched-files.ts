import { lstatSync, readdirSync } from "node:fs";
import { fromBytePath } from "./byte-path.js";
import type { GitIndex } from "./git-index.js";
import { isPlainFileAt } from "./tree-codec.js";

/** "100644 " */
const plainModeBytes = 7;

/**
 * Whether a folder certainly is as committed: it holds plain files only, those that its tree tells of, and tree, index and disk
 * agree about each. Goes along the bytes of tree and index side by side and makes no objects of them, since of 100,000 documents
 * nearly always all are so. `folder` is a byte path, `absolute` a real folder behind no link, `tree` the folder's tree object.
 * False says only that somebody has to look closely; nothing is thrown.
 */
export function isAsCommitted(staged: GitIndex, folder: string, absolute: string, tree: Buffer): boolean {
  const prefix = `${folder}/`;
  const names = new Set<string>();
  let position = staged.lowerBound(prefix);
  // "0" follows "/": all that begins with the prefix lies before.
  const end = staged.lowerBound(`${folder}0`);
  try {
    for (let at = 0, nul = 0; at < tree.length; at = nul + 21, position++) {
      nul = tree.indexOf(0, at + plainModeBytes);
      if (nul < 0 || position >= end || !isPlainFileAt(tree, at)) return false;
      if (!staged.agreesAt(position, prefix.length, tree, at + plainModeBytes, nul)) return false;
      const name = fromBytePath(tree.toString("latin1", at + plainModeBytes, nul));
      const stat = lstatSync(`${absolute}/${name}`, { bigint: true, throwIfNoEntry: false });
      if (stat?.isFile() !== true || !staged.isUnchangedAt(position, stat)) return false;
      names.add(name);
    }
    return position === end && readdirSync(absolute).every((name) => names.has(name));
  } catch {
    return false;
  }
}
