import type { Failure } from "../../domain/errors.js";
import type { ContentHash } from "../../domain/ids.js";
import type { Location } from "../../domain/photo.js";

/** Why one place did not give a blob's bytes. */
export interface SourceProblem {
  readonly where: string;
  /** True when there were bytes, and they have another hash. */
  readonly changed: boolean;
  readonly message: string;
}

/** A location as a person reads it. */
export const placeName = ({ path, entry }: Location): string =>
  entry === undefined ? path : `${entry} in ${path}`;

/** More places than this are counted, not named. */
const MOST_NAMED = 4;

function listed(problems: readonly SourceProblem[]): string {
  const named = problems.slice(0, MOST_NAMED).map(({ where, message }) => `${where} (${message})`);
  const more = problems.length - named.length;
  return named.join("; ") + (more > 0 ? `; and ${more} more places` : "");
}

/**
 * The failure of a blob whose bytes no place gave: `original.changed` when some place holds other bytes than
 * recorded, else `original.not-found`.
 */
export function sourceFailure(
  blob: { readonly photoId: string; readonly filename: string; readonly hash: ContentHash },
  problems: readonly SourceProblem[],
): Failure {
  const other = problems.filter((problem) => problem.changed);
  if (other.length > 0) {
    return {
      subject: blob.photoId,
      code: "original.changed",
      message: `${blob.filename} no longer has the bytes that discover saw (${blob.hash}). Looked at: ${listed(other)}.`,
      hint: "Run: photosync discover PATH, on the place that holds the changed file; it is recorded beside the old one.",
    };
  }
  const where =
    problems.length === 0 ? "Its document names no place that holds it" : `Looked at: ${listed(problems)}`;
  return {
    subject: blob.photoId,
    code: "original.not-found",
    message: `${blob.filename} could not be read anywhere. ${where}.`,
    hint: "Connect the disk or put the file or archive back and run: photosync replicate --execute. If it has moved, run first: photosync discover PATH, on its new place.",
  };
}
