import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the `git` program prints in `folder`, without its last line break; its own words where it fails. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const environment = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
  return run("git", ["-C", folder, ...args], { env: environment }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`.trimEnd(),
    (error: unknown) => `git ${args.join(" ")}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** A blob of a store by name: the hash of its bytes, and the file it is. */
export interface StoredBlob {
  readonly sha256: string;
  readonly inode: bigint;
}

/** Every file of a store under a blob's name. */
export async function blobsOf(store: string): Promise<ReadonlyMap<string, StoredBlob>> {
  const blobs = new Map<string, StoredBlob>();
  const names = await readdir(store, { recursive: true }).catch(() => []);
  for (const name of names.sort()) {
    if (!/^(\d{4}\/\d{2}|undated)\/[^.]/.test(name)) continue;
    const stats = await lstat(join(store, name), { bigint: true });
    if (!stats.isFile()) continue;
    const sha256 = createHash("sha256")
      .update(await readFile(join(store, name)))
      .digest("hex");
    blobs.set(name, { sha256, inode: stats.ino });
  }
  return blobs;
}

/** The stores of the sweeps' libraries, below the folder that holds library and second store. */
export const STORES = ["library/blobs", "second"] as const;

/** The blobs of both stores, by store and name. */
export async function allBlobs(place: string): Promise<ReadonlyMap<string, StoredBlob>> {
  const all = new Map<string, StoredBlob>();
  for (const store of STORES) {
    for (const [name, blob] of await blobsOf(join(place, store))) all.set(`${store}/${name}`, blob);
  }
  return all;
}

/** What must come out the same however a run was disturbed. */
export interface EndState {
  readonly tree: string;
  readonly commits: number;
  /** `<hash> <store>/<name>` of each blob. */
  readonly blobs: readonly string[];
  /** The list of checksums of each store. */
  readonly lists: readonly string[];
  /** What was restored, and what was recovered, beside the library. */
  readonly beside: readonly string[];
}

/** Reads the state of `place`, the folder that holds a library and its second store. */
export async function endState(place: string): Promise<EndState> {
  const [trees, blobs] = await Promise.all([treesOf(place), allBlobs(place)]);
  return {
    tree: trees[0] ?? "",
    commits: trees.length,
    blobs: [...blobs].map(([name, { sha256 }]) => `${sha256} ${name}`),
    lists: await Promise.all(
      STORES.map((store) => readFile(join(place, store, "SHA256SUMS"), "utf8").catch(() => "")),
    ),
    beside: [
      ...(await filesBelow(join(place, "restored"), true)),
      ...(await filesBelow(join(place, "recovered", "blobs"), false)),
      ...(await recoveredLibrary(join(place, "recovered"))),
    ],
  };
}

/** `<hash> <time> <name>` of each file below a folder but bundles, whose names tell when they were made; the time where it is that of capture. */
async function filesBelow(folder: string, timed: boolean): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of (await readdir(folder, { recursive: true }).catch(() => [])).sort()) {
    const path = join(folder, name);
    const stats = await lstat(path);
    if (!stats.isFile() || name.endsWith(".bundle")) continue;
    const hash = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    lines.push(`${hash} ${timed && !name.endsWith(".xmp") ? stats.mtimeMs : ""} ${name}`);
  }
  return lines;
}

/** What Git says of a recovered library; nothing where there is none. */
async function recoveredLibrary(folder: string): Promise<readonly string[]> {
  if ((await lstat(join(folder, ".git")).catch(() => null)) === null) return [];
  return Promise.all([
    git(folder, "log", "--format=%T"),
    git(folder, "status", "--porcelain", "--branch"),
    git(folder, "fsck", "--strict", "--no-dangling", "--no-progress"),
  ]);
}

const onlyIn = (some: readonly string[], others: readonly string[]): string =>
  some.filter((line) => !others.includes(line)).join("; ");

/** How the stores of a library differ from those of the undisturbed one, in words. */
export function storeProblems(end: EndState, wanted: EndState): readonly string[] {
  return [
    ...(end.blobs.join("\n") === wanted.blobs.join("\n") ? [] : ["the stores hold other blobs"]),
    ...(end.lists.join("\n") === wanted.lists.join("\n") ? [] : ["SHA256SUMS says something else"]),
    ...(end.beside.join("\n") === wanted.beside.join("\n")
      ? []
      : [
          `what was restored or recovered is ${onlyIn(end.beside, wanted.beside)}, not ${onlyIn(wanted.beside, end.beside)}`,
        ]),
  ];
}

/** The tree of each commit, the newest first; none before the first commit. */
export async function treesOf(place: string): Promise<readonly string[]> {
  const lines = await git(join(place, "library"), "log", "--format=%T");
  return lines.split("\n").filter((line) => /^[0-9a-f]{40}$/.test(line));
}

/**
 * Half-written files and locks below `place`; the derived index's own lock table is no lock, and what `demo` made in the
 * temporary folder is what it was asked for.
 */
export async function leftovers(place: string): Promise<readonly string[]> {
  const names = await readdir(place, { recursive: true });
  return names.filter(
    (name) =>
      !name.startsWith("tmp/photosync-demo-") &&
      (/photosync-tmp|\.tmp$|\.part$|tmp_|\.lock$|lock\.break/.test(name) ||
        /^(?:library|recovered)\/\.photosync\/(?:lock|recover\.json)$/.test(name) ||
        name.startsWith("tmp/")),
  );
}

/** What `git fsck --strict` says; nothing where no repository was made yet. */
export async function fsckProblems(place: string): Promise<readonly string[]> {
  const library = join(place, "library");
  if ((await lstat(join(library, ".git", "HEAD")).catch(() => null)) === null) return [];
  const said = await git(library, "fsck", "--strict", "--no-dangling", "--no-progress");
  // It gives notice of a branch without commits, which is no fault.
  const faults = said.split("\n").filter((line) => line !== "" && !line.startsWith("notice:"));
  return faults.length === 0 ? [] : [`git fsck: ${faults.join("; ")}`];
}

/** What is wrong with the repository by Git's own judgement, in words; empty when nothing is. */
export async function repositoryProblems(place: string): Promise<readonly string[]> {
  const library = join(place, "library");
  const [fsck, status, objects] = await Promise.all([
    fsckProblems(place),
    git(library, "status", "--porcelain"),
    git(library, "count-objects", "-v"),
  ]);
  return [
    ...fsck,
    ...(status === "" ? [] : [`git status: ${status}`]),
    ...(objects.includes("garbage: 0") ? [] : [`git count-objects: ${objects}`]),
  ];
}
