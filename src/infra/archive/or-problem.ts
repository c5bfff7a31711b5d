import { resolve } from "node:path";
import { PhotosyncError } from "../../domain/errors.js";
import type { SourceEntry, SourceProblem } from "../../ports/photo-source.js";
import { problemAt, readingError, shownLocation, systemCode } from "./archive-errors.js";

/**
 * The same entries; what ends them early comes as the last problem, about the whole archive. Throws only `cancelled` and
 * defects.
 */
export async function* orProblem(
  archivePath: string,
  entries: AsyncIterable<SourceEntry | SourceProblem>,
): AsyncGenerator<SourceEntry | SourceProblem, void, void> {
  try {
    yield* entries;
  } catch (error) {
    const location = { path: resolve(archivePath) };
    const code = systemCode(error);
    if (error instanceof PhotosyncError && error.code !== "cancelled") {
      yield problemAt(location, error);
    } else if (!(error instanceof PhotosyncError) && code !== "") {
      const message = `${shownLocation(location)} cannot be read (${code}).`;
      yield problemAt(location, readingError("archive.unreadable", message, error));
    } else {
      throw error;
    }
  }
}
