import { lstat, readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isBundleName } from "../domain/bundle-name.js";
import { isBlobKey } from "../domain/ids.js";
import { BUNDLES } from "../stores/bundle-file.js";
import { CHECKSUM_LIST } from "../stores/checksum-list.js";
import { SET_ASIDE } from "../stores/set-aside.js";
import { MARKER } from "../stores/store-marker.js";

const OWN_NAMES: ReadonlySet<string> = new Set([CHECKSUM_LIST, MARKER, SET_ASIDE]);
const TEMP_SUFFIX = ".photosync-tmp";

/** Tells of a real absolute path whether a store put it there. */
export type IsStoreFile = (realPath: string) => boolean;

/**
 * What the stores with these roots own: files under the name of a blob key, what was set aside, bundles, the marker, the
 * checksum list, half-written files. Everything else under a root is the owner's, and a store may well lie among photos.
 */
export async function storeFiles(roots: readonly string[]): Promise<IsStoreFile> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  return (path) => real.some((root) => path.startsWith(root + sep) && isOwn(relative(root, path)));
}

function isOwn(inside: string): boolean {
  const names = inside.split(sep);
  const [folder, name = "", ...below] = names;
  if (folder === BUNDLES && below.length === 0 && isBundleName(name)) return true;
  return OWN_NAMES.has(names[0] ?? "") || inside.endsWith(TEMP_SUFFIX) || isBlobKey(names.join("/"));
}

/** True when `path` lies in one of the stores and holds not one file that is not the store's own. */
export async function isStoreAlone(path: string, roots: readonly string[]): Promise<boolean> {
  const [real, ...stores] = await Promise.all(
    [path, ...roots].map((each) => realpath(each).catch(() => each)),
  );
  if (real === undefined || !stores.some((root) => real === root || real.startsWith(root + sep)))
    return false;
  return holdsNothingElse(real, await storeFiles(roots));
}

async function holdsNothingElse(path: string, isStoreFile: IsStoreFile): Promise<boolean> {
  if (isStoreFile(path)) return true;
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isDirectory()) return found === null;
  for (const name of await readdir(path).catch(() => [])) {
    if (!(await holdsNothingElse(join(path, name), isStoreFile))) return false;
  }
  return true;
}
