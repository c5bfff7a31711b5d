import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Image, type Inode, type InodeId, ROOT } from "./model.js";

/** The folder at `root` as the disk holds it when all is synced. Only files and folders; paths that `skip` names are left out. */
export function imageOf(
  root: string,
  options: { readonly skip: (path: string) => boolean; readonly rewrite: (bytes: Buffer) => Buffer },
): Image {
  const image = new Map<InodeId, Inode>();
  let next = ROOT;
  const read = (path: string): InodeId => {
    const id = next++;
    const absolute = join(root, path);
    if (!lstatSync(absolute).isDirectory()) {
      image.set(id, { kind: "file", bytes: options.rewrite(readFileSync(absolute)) });
      return id;
    }
    const entries = new Map<string, InodeId>();
    for (const name of readdirSync(absolute).sort()) {
      const inside = join(path, name);
      if (!options.skip(inside)) entries.set(name, read(inside));
    }
    image.set(id, { kind: "folder", entries });
    return id;
  };
  read("");
  return image;
}
