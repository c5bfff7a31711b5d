import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PhotosyncError } from "../domain/errors.js";

/** The file whose presence makes a folder a library. */
const MARKER = join("config", "services.json");

async function holdsLibrary(directory: string): Promise<boolean> {
  try {
    await access(join(directory, MARKER));
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of the library to work on: the one given (flag or environment), else the nearest folder at or
 * above `start` that holds `config/services.json`. A given one is not looked into; opening it does that.
 * Throws `library.not-found` (user).
 */
export async function findLibrary(given: string | undefined, start: string): Promise<string> {
  if (given !== undefined && given !== "") return resolve(start, given);
  for (let directory = resolve(start); ; directory = dirname(directory)) {
    if (await holdsLibrary(directory)) return directory;
    if (dirname(directory) === directory) break;
  }
  throw new PhotosyncError({
    kind: "user",
    code: "library.not-found",
    message: `There is no library in ${resolve(start)} or any folder above it.`,
    next: [
      "Make one with `photosync init DIR`, or name one with --library DIR or the variable PHOTOSYNC_LIBRARY.",
    ],
  });
}
