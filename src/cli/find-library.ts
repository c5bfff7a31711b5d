import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf, fileError } from "../infra/durable-file.js";

/** The file whose presence makes a folder a library. */
const MARKER = join("config", "services.json");

/** Folders above may well be closed to who works in one below. */
const ABSENT: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM"]);

/** Null where the folder holds a library, else what the system said. */
const refusal = (directory: string): Promise<unknown> =>
  access(join(directory, MARKER)).then(
    () => null,
    (error: unknown) => error,
  );

/**
 * The absolute path of the library to work on: the one given (flag or environment), else the nearest folder at or
 * above `start` that holds `config/services.json`. A given one is not looked into; opening it does that.
 * Throws `library.not-found` (user), or what `fileError` makes of the first place that could not be looked at.
 */
export async function findLibrary(given: string | undefined, start: string): Promise<string> {
  if (given !== undefined && given !== "") return resolve(start, given);
  const unclear: unknown[] = [];
  for (let directory = resolve(start); ; directory = dirname(directory)) {
    const refused = await refusal(directory);
    if (refused === null) return directory;
    if (!ABSENT.has(errnoOf(refused))) unclear.push(fileError(refused, join(directory, MARKER), "look for"));
    if (dirname(directory) === directory) break;
  }
  if (unclear.length > 0) throw unclear[0];
  throw new PhotosyncError({
    kind: "user",
    code: "library.not-found",
    message: `There is no library in ${resolve(start)} or any folder above it.`,
    next: [
      "Make one with `photosync init DIR`, or name one with --library DIR or the variable PHOTOSYNC_LIBRARY.",
    ],
  });
}
