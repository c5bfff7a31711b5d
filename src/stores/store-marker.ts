import { join } from "node:path";
import { type Disk, diskError, isErrno } from "./disk.js";

/** Lies in the root of every used local store, so that an empty mount point is never taken for the disk itself. */
export const MARKER = ".photosync-store";
const FORMAT = 1;

/** What the marker in a folder says: whose store it is, that there is none, or why it cannot be understood. */
export type MarkerReading =
  | { readonly kind: "store"; readonly name: string }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string };

/** The marker's text: small, human, and with the version of the layout that it stands for. */
export const markerText = (name: string): string =>
  `${JSON.stringify({ format: FORMAT, store: name }, null, 2)}\n`;

/** Reads the marker of a local store's root. Throws as `diskError` says when the folder cannot be read at all. */
export async function readMarker(disk: Disk, root: string): Promise<MarkerReading> {
  const path = join(root, MARKER);
  let text: string;
  try {
    text = await disk.readFile(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return { kind: "none" };
    throw diskError(error, path, "read");
  }
  return parseMarker(text, path);
}

/** What the text of a marker says; `path` is for people. */
export function parseMarker(text: string, path: string): MarkerReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "unreadable", why: `${path} is not JSON.` };
  }
  if (typeof json !== "object" || json === null || !("format" in json) || !("store" in json)) {
    return { kind: "unreadable", why: `${path} does not name a store and its format.` };
  }
  if (json.format !== FORMAT) {
    return { kind: "unreadable", why: `${path} has a format that this version of photosync does not know.` };
  }
  return typeof json.store === "string"
    ? { kind: "store", name: json.store }
    : { kind: "unreadable", why: `${path} does not name a store.` };
}
