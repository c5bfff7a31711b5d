import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

const isHomePath = (path: string): boolean => path === "~" || path.startsWith("~/");

/**
 * How a place is written down in the library: relative to it, with `/`, when it lies inside, so that it still holds
 * after a clone; absolute otherwise. `fromPortable` gives the same place back.
 */
export function toPortable(libraryRoot: string, path: string): string {
  const inside = relative(libraryRoot, path);
  const isInside = inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  if (!isInside) return path;
  const portable = inside.split(sep).join("/");
  return isHomePath(portable) ? `./${portable}` : portable;
}

/** The absolute path of a place as the library or its configuration writes it; `~/` is the home folder. */
export function fromPortable(libraryRoot: string, path: string): string {
  if (isHomePath(path)) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(libraryRoot, path);
}
