import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { git, start } from "../cli/run-program.js";
import { sha256Hex } from "../cli/sha256.js";
import type { Blobs } from "./scenario.js";

const STILL_CLOCK = "1780000000";

/** The environment of every run: a clock that stands still, so that equal runs write equal documents. */
export const ENVIRONMENT = { SOURCE_DATE_EPOCH: STILL_CLOCK };

/** Runs the real program to its end; throws what it printed when it does not end well. */
export async function runProgram(
  args: readonly string[],
  library: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const place = args[0] === "init" ? [library] : ["--library", library];
  const { exit, stdout, stderr } = await start([...args, ...place], { ...ENVIRONMENT, ...environment }).ended;
  if (exit !== 0) throw new Error(`photosync ${args.join(" ")} ended with ${exit}: ${stdout}${stderr}`);
}

/** The commit that HEAD names, or null where there is no repository or no commit. */
export function headOf(library: string): string | null {
  try {
    return git(library, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  } catch {
    return null;
  }
}

/** The tree of the commit that HEAD names. */
export const treeOf = (library: string): string => git(library, "rev-parse", "HEAD^{tree}");

/** The blobs in the stores of a world, by `store/key`; what is unfinished begins with a dot and is none. */
export function blobsOf(world: string): Blobs {
  const found: Record<string, string> = {};
  for (const store of [join("library", "blobs"), "usb"]) {
    for (const name of namesBelow(join(world, store))) {
      if (/^(\d{4}|undated)\/(?:.*\/)?[^./][^/]*$/.test(name))
        found[`${store}/${name}`] = sha256Hex(readFileSync(join(world, store, name)));
    }
  }
  return found;
}

/** Files below a folder, relative to it, sorted; none where there is no folder. */
export function namesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
}
