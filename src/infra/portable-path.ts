import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

/**
 * How a place is written down in the library: relative to it, with `/`, when it lies inside, so that it still holds
 * after a clone; absolute otherwise.
 */
export function toPortable(libraryRoot: string, path: string): string {
  const inside = relative(libraryRoot, path);
  const isInside = inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside ? inside.split(sep).join("/") : path;
}

/** The absolute path of a place as the library or its configuration writes it; `~/` is the home folder. */
export function fromPortable(libraryRoot: string, path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(libraryRoot, path);
}
