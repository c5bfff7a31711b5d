import type { Call } from "./call.js";

/**
 * By what a store tells its own library from others: the first commit of its history, which every clone and every recovered library has and no
 * other. Throws `cancelled` alone.
 */
export interface LibraryHistory {
  /** The id of the first commit; null where nobody can tell, as where there is no commit yet, or in a shallow clone. */
  first(call: Call): Promise<string | null>;
  /** Whether the library has this commit; true where nobody can tell. */
  knows(commit: string): Promise<boolean>;
}
