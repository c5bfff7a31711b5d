import type { ErrorKind } from "../domain/errors.js";
import type { Outcome } from "../operations/results.js";

const EXIT_CODES: Readonly<Record<ErrorKind | "done", number>> = {
  done: 0,
  bug: 1,
  user: 2,
  partial: 3,
  conflict: 10,
  auth: 11,
  transient: 12,
  busy: 13,
  integrity: 14,
  cancelled: 130,
};

/** The exit code of a run that ended so: the one table for results and errors alike. */
export const exitCodeOf = (end: ErrorKind | Outcome): number => EXIT_CODES[end];
