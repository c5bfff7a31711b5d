import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The sizes of all files in a folder added up. */
export function folderBytes(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) sum += lstatSync(join(entry.parentPath, entry.name)).size;
  }
  return sum;
}
