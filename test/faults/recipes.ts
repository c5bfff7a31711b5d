import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { damageBlobs } from "./damage-blobs.js";
import { git } from "./library-state.js";
import type { Sources } from "./sources.js";

/** The names of the stages, in their order. */
export const STAGE_NAMES = [
  "init",
  "discover a folder",
  "discover a Takeout",
  "resolve",
  "replicate",
  "verify with repair",
  "undo replicate",
  "undo resolve",
  "undo discover",
] as const;

/** A command, and what happens before it. */
export interface Recipe {
  readonly name: string;
  readonly args: (library: string) => readonly string[];
  /** Changes the library or its stores, in the folder that holds them. */
  readonly prepare?: (place: string) => Promise<void>;
  /** The life of the library goes on without it. */
  readonly isAside?: boolean;
  /** Brings a fresh copy of the library to where the command begins, whatever copying did to it. */
  readonly freshen?: (place: string) => Promise<void>;
  /** What else goes on while the command runs; returns what ends it. */
  readonly meanwhile?: (place: string) => () => void;
  /** Nothing but text, where that is all the command prints. */
  readonly tells?: "text";
  /** The documents name the folder that holds the library, which is another one in each run. */
  readonly namesPlace?: boolean;
  /** The command is given in the library's folder, as a person would. */
  readonly isInLibrary?: boolean;
  /** How an undisturbed run may end beside 0; conflicts that wait for a person (10) are part of the sweeps' library. */
  readonly exits?: readonly number[];
}

/** A command line of `--json` on the library that it is given. */
export const json =
  (...args: readonly string[]) =>
  (library: string) => [...args, "--json", "--library", library];

/** Every command that writes, in the order in which a library lives through them. */
export function recipes({ folder, zip }: Sources): readonly Recipe[] {
  const undo = { args: json("undo") };
  const repair = {
    args: json("verify", "--deep", "--repair"),
    prepare: damageBlobs,
    isAside: true,
    exits: [14],
  };
  return [
    { name: "init", args: (library) => ["init", library, "--json"] },
    { name: "discover a folder", args: json("discover", folder), prepare: addSecondStore },
    { name: "discover a Takeout", args: json("discover", zip) },
    { name: "resolve", args: json("resolve") },
    { name: "replicate", args: json("replicate", "--execute") },
    { name: "verify with repair", ...repair },
    { name: "undo replicate", ...undo },
    { name: "undo resolve", ...undo },
    { name: "undo discover", ...undo },
  ];
}

async function addSecondStore(place: string): Promise<void> {
  const library = join(place, "library");
  const path = join(library, "config", "user-preferences.json");
  const text = await readFile(path, "utf8");
  const second = `"blob_storage": {\n    "stores": { "second": { "type": "local", "path": "../second" } },`;
  await writeFile(path, text.replace(`"blob_storage": {`, second));
  const owner = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  await git(library, ...owner, "commit", "--quiet", "--all", "--message", "A second store");
}
