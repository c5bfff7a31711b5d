import { chmod, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blobsOf, git } from "./library-state.js";
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
  readonly name: (typeof STAGE_NAMES)[number];
  readonly args: (library: string) => readonly string[];
  /** Changes the library or its stores, in the folder that holds them. */
  readonly prepare?: (place: string) => Promise<void>;
  /** The life of the library goes on without it. */
  readonly isAside?: boolean;
}

const json =
  (...args: readonly string[]) =>
  (library: string) => [...args, "--json", "--library", library];

/** Every command that writes, in the order in which a library lives through them. */
export function recipes({ folder, zip }: Sources): readonly Recipe[] {
  const undo = { args: json("undo") };
  const repair = { args: json("verify", "--deep", "--repair"), prepare: damageBlobs, isAside: true };
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

/** In one store a blob with other bytes and one cut short, in the other one that is missing: three different ones. */
async function damageBlobs(place: string): Promise<void> {
  const [first, second, third] = [...(await blobsOf(join(place, "second"))).keys()];
  const at = (store: string, name = ""): string => join(place, store, name);
  const bytes = await readFile(at("library/blobs", first));
  await rm(at("library/blobs", first));
  await writeFile(
    at("library/blobs", first),
    bytes.map((byte) => byte ^ 1),
    { mode: 0o444 },
  );
  await chmod(at("library/blobs", second), 0o644);
  await truncate(at("library/blobs", second), 10);
  await rm(at("second", third));
}
