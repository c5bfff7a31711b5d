import { fileURLToPath } from "node:url";
import { cpuSum } from "./figures.js";
import { type Measured, type MeasureOptions, measure } from "./measure.js";

/** The program as users start it. */
export const RUN_JS = fileURLToPath(new URL("../bin/run.js", import.meta.url));

/** `resolve` ends with this code where conflicts are left to a person. */
const A_PERSON_MUST_DECIDE = 10;

/** Runs the real, built photosync on a library, measured. Throws when it fails. */
export function photosync(
  library: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Measured> {
  return measure([process.execPath, RUN_JS, ...args, "--library", library, "--quiet"], {
    ...options,
    alsoFine: [A_PERSON_MUST_DECIDE],
  });
}

/** Makes a library. */
export async function makeLibrary(library: string): Promise<void> {
  await measure([process.execPath, RUN_JS, "init", library, "--quiet"]);
}

/** The three phases of the way from a source into the default local store. */
export interface Phases {
  readonly discover: Measured;
  readonly resolve: Measured;
  readonly replicate: Measured;
  /** Of the three together. */
  readonly seconds: number;
  readonly cpuSeconds: number | null;
}

/** Discovers these sources into a new library, resolves, and replicates into the default local store. */
export async function intoLibrary(library: string, sources: readonly string[]): Promise<Phases> {
  await makeLibrary(library);
  const discover = await photosync(library, ["discover", ...sources]);
  const resolve = await photosync(library, ["resolve"]);
  const replicate = await photosync(library, ["replicate", "--execute"]);
  return {
    discover,
    resolve,
    replicate,
    seconds: discover.seconds + resolve.seconds + replicate.seconds,
    cpuSeconds: cpuSum([discover, resolve, replicate]),
  };
}
