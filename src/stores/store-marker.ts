import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { type Disk, diskError, isErrno } from "./disk.js";

/** Lies in the root of every used local store, so that an empty mount point is never taken for the disk itself. */
export const MARKER = ".photosync-store";
const FORMAT = 1;

/**
 * What the marker in a folder says: which store it is and the first commit of its library (null in those from before that was said), that there is
 * none, or why it cannot be understood.
 */
export type MarkerReading =
  | { readonly kind: "store"; readonly name: string; readonly library: string | null }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string };

/** True for a folder right under the root that blobs lie in, by its name (`2024`, `undated`): it shows a used store that lacks its marker. */
export const isBlobFolder = (name: string): boolean => /^(?:\d{4}|undated)$/.test(name);

/** The marker's text: small, human, and with the version of the layout that it stands for. */
export const markerText = (name: string, library: string | null): string =>
  `${JSON.stringify({ format: FORMAT, store: name, ...(library === null ? {} : { library }) }, null, 2)}\n`;

/** `store.other-library` (user): a store of this name is there, and another library's. `first` is the first commit of that one. */
export const otherLibrary = (store: string, where: string, first: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.other-library",
    message: `What is at ${where} is a store ${store} of another library, whose history begins with commit ${first.slice(0, 12)}; nothing there was changed.`,
    next: [
      "Give the store a folder, or a bucket and prefix, of its own.",
      `If it is this library's, and its history was written anew: bring that commit back with git fetch from an older clone or a bundle.`,
    ],
    data: { store, first },
  });

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
  const library = "library" in json && typeof json.library === "string" ? json.library : null;
  return typeof json.store === "string"
    ? { kind: "store", name: json.store, library }
    : { kind: "unreadable", why: `${path} does not name a store.` };
}
