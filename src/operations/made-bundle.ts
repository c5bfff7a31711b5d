import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BundleName, bundleName, timeOfBundle } from "../domain/bundle-name.js";
import { fileError } from "../infra/durable-file.js";
import type { BundleSource } from "../ports/bundle-shelf.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";

const CHUNK_BYTES = 1024 * 1024;

/** A bundle of the library in a file of its own. */
export interface MadeBundle {
  readonly source: BundleSource;
  /** Every commit in it. */
  readonly commits: readonly string[];
}

/** The folder in which the one bundle of a run is made; what a killed run left there goes with the next one's. */
const folderOf = (libraryRoot: string): string => join(libraryRoot, ".photosync", "bundle");

/** A clock that was set back must not make a bundle look older than those that are there. */
function timeAfter(now: string, others: readonly BundleName[]): string {
  const newest = [...others].sort().at(-1);
  const next = newest === undefined ? 0 : Date.parse(timeOfBundle(newest)) + 1000;
  return new Date(Math.max(Date.parse(now), next)).toISOString();
}

/**
 * Makes a bundle of `revision` under a name later than those of `others`, hands it to `use`, and removes it. Throws what `writeBundle` and `use`
 * throw.
 */
export async function withBundle<T>(
  libraryRoot: string,
  control: ControlPlane,
  revision: string,
  others: readonly BundleName[],
  run: Run,
  use: (made: MadeBundle) => Promise<T>,
): Promise<T> {
  const folder = folderOf(libraryRoot);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, folder, "make the folder");
  }
  try {
    const name = bundleName(timeAfter(run.clock.now(), others), revision);
    const file = join(folder, name);
    const { hash, sizeBytes, commits } = await control.writeBundle(revision, file, run);
    const open = () => createReadStream(file, { highWaterMark: CHUNK_BYTES });
    return await use({ source: { name, hash, sizeBytes, open }, commits });
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
