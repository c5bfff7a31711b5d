import { spawn, spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { INDEX_FILE } from "../../src/control/local-index.js";
import { looseTempPrefix } from "../../src/control/loose-objects.js";
import { packTempPrefix } from "../../src/control/pack-writer.js";
import { ownIdentity } from "../../src/control/process-identity.js";
import { tempName } from "../../src/stores/temp-name.js";
import { damageBlobs } from "./damage-blobs.js";
import { blobsOf, git } from "./library-state.js";
import { picture } from "./sources.js";

const HEX = "0123456789ab";

/** What killed runs of every kind leave, all at once: locks, and files that are half-written. */
export async function leaveUnfinished(place: string): Promise<void> {
  const library = join(place, "library");
  const identity = { ...ownIdentity(), boot: "an earlier boot" };
  const claim = JSON.stringify({
    ...identity,
    command: "discover",
    since: "2026-01-01T00:00:00Z",
    token: "t",
  });
  const pid = spawnSync(process.execPath, ["--version"]).pid;
  const half = tempName().replace(`-${process.pid}-`, `-${pid}-`);
  const files: Readonly<Record<string, string>> = {
    ".photosync/lock": claim,
    [`.photosync/.lock.${HEX}.photosync-tmp`]: "",
    ".photosync/lock.break-0011223344556677": "",
    [`.photosync/staging/${half}`]: "half",
    ".git/index.lock": `photosync holds this lock ${JSON.stringify(identity)}\n`,
    [`.git/.index.${HEX}.photosync-tmp`]: "half",
    [`.git/objects/00/${looseTempPrefix}1`]: "half",
    [`.git/objects/pack/${packTempPrefix}1`]: "half",
    [`../second/${half}`]: "half",
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(library, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, 1, 1);
  }
}

/** As after a power cut that tore a document, with the branch's lock of the commit still there. */
export async function cutPower(place: string): Promise<void> {
  await leaveUnfinished(place);
  const library = join(place, "library");
  const path = join(library, ".photosync", "journal", "commit.json");
  const journal: Readonly<Record<string, unknown>> = JSON.parse(await readFile(path, "utf8"));
  const unsynced = { since: journal["base"], writtenByMs: 1e15 };
  await writeFile(path, JSON.stringify({ ...journal, boot: "an earlier boot", unsynced }));
  await writeFile(join(library, ".git/refs/heads/main.lock"), `${journal["commit"]}\n`);
  const changed = await git(library, "diff", "--name-only", "HEAD~1", "--", "photos");
  const [torn = ""] = changed.split("\n");
  await writeFile(join(library, torn), "{\n");
}

/** A journal of which only the beginning was written, and a Git index that is gone. */
export async function tearJournal(place: string): Promise<void> {
  const library = join(place, "library");
  await writeFile(join(library, ".photosync", "journal", "commit.json"), "{");
  await rm(join(library, ".git", "index"));
}

/** The index is a file instead of a folder, and a note of the owner, which Git is told to ignore, lies among the documents. */
export async function obstructIndex(place: string): Promise<void> {
  const library = join(place, "library");
  await rm(join(library, ".photosync", "index"), { recursive: true });
  await writeFile(join(library, ".photosync", "index"), "");
  await writeFile(join(library, ".git", "info", "exclude"), "*.note\n");
  const [year = ""] = await readdir(join(library, "photos"));
  await writeFile(join(library, "photos", year, "mine.note"), "mine");
}

/** A picture of the owner's own in the second store's folder. */
export async function keepPictureInStore(place: string): Promise<void> {
  await mkdir(join(place, "second", "mine"), { recursive: true });
  await writeFile(join(place, "second", "mine", "IMG_70.jpg"), picture(70));
}

/** The usual damage, and a folder in the place of a fourth blob. */
export async function putFolderInBlobsPlace(place: string): Promise<void> {
  await damageBlobs(place);
  const name = [...(await blobsOf(join(place, "second"))).keys()].at(-1) ?? "";
  const path = join(place, "second", name);
  await rm(path);
  await mkdir(path);
}

/** A folder of the owner's with a picture and a link that leads to the documents of the library. */
export async function keepLinkToLibrary(place: string): Promise<void> {
  await mkdir(join(place, "beside"));
  await writeFile(join(place, "beside", "IMG_71.jpg"), picture(71));
  await symlink("../library/photos", join(place, "beside", "mine"));
}

/** As after `git init --separate-git-dir`, in a repository that keeps no reflog. */
export async function useRepositoryElsewhere(place: string): Promise<void> {
  const library = join(place, "library");
  await git(library, "config", "core.logAllRefUpdates", "false");
  await rm(join(library, ".git", "logs"), { recursive: true, force: true });
  await rename(join(library, ".git"), join(place, "repository"));
  await writeFile(join(library, ".git"), "gitdir: ../repository\n");
}

/** Git's index as it is where nothing was copied: it agrees with each file's inode and times. */
export async function refreshIndex(place: string): Promise<void> {
  await git(join(place, "library"), "update-index", "--refresh");
}

/** Another program that touches the local index again and again, before all others where the system lets it. */
export function rewriteIndexAllTheTime(place: string): () => void {
  const path = join(place, "library", ".photosync", "index", INDEX_FILE);
  const script =
    "try { os.setPriority(-10) } catch {} for (let n = 1; ; n++) fs.utimesSync(process.argv[1], n, n)";
  const child = spawn(process.execPath, ["--eval", script, path], { stdio: "ignore" });
  return () => child.kill("SIGKILL");
}

/** A repository of the owner's own without a commit, and a note in it, where a library is to be made. */
export async function keepNoteInLibrarysPlace(place: string): Promise<void> {
  const library = join(place, "library");
  await mkdir(library);
  await git(library, "init", "--quiet", "--initial-branch=main");
  await writeFile(join(library, ".git", "info", "exclude"), "note.txt\n");
  await writeFile(join(library, "note.txt"), "mine");
}
