import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { photosync } from "./run-program.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of a library as `photosync init` leaves it, which the tests copy. */
    readonly newLibrary: string;
  }
}

/** Before the clock of any test, so that no library's first commit is younger than its second. */
const LONG_AGO = "1600000000";

/** Makes one library with the program for all the tests that begin with a new one. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-new-"));
  const path = join(folder, "library");
  const { exit, stderr } = await photosync(["init", path], { SOURCE_DATE_EPOCH: LONG_AGO });
  if (exit !== 0) throw new Error(`init ended in ${exit}: ${stderr}`);
  provide("newLibrary", path);
  return () => rm(folder, { recursive: true, force: true });
}
