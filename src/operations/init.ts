import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readJournal } from "../control/commit-journal.js";
import { createRepository } from "../control/create-repository.js";
import { openControlPlane } from "../control/git-control-plane.js";
import { nullOid } from "../control/git-object.js";
import { acquireLock } from "../control/process-lock.js";
import { RECORD_SCHEMAS, type RecordKind, schemaText } from "../control/schemas.js";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf, fileError, makeFolderDurably } from "../infra/durable-file.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import { LIBRARY_README } from "./library-readme.js";
import { formatMessage } from "./operation-message.js";
import type { InitResult } from "./results.js";
import { finishInterrupted } from "./session.js";

const CONFIG_TEMPLATES = [
  "services.json",
  "user-preferences.json",
  "sync-state.json",
  "prices.json",
] as const;
const TEMPLATES_FOLDER = new URL("../../config/", import.meta.url);

const GITIGNORE = `# Originals are kept by stores, not by Git; see config/user-preferences.json.
/blobs/
# Caches and journals of this computer.
/.photosync/
# Files that a killed run was writing; the next run clears them away.
*.photosync-tmp
`;

const GITATTRIBUTES = `* text=auto eol=lf
`;

const EMPTY_SYNC_STATE = '{\n  "schema_version": 1,\n  "services": {}\n}\n';

function template(name: (typeof CONFIG_TEMPLATES)[number]): string {
  if (name === "sync-state.json") return EMPTY_SYNC_STATE;
  return readFileSync(new URL(name, TEMPLATES_FOLDER), "utf8");
}

/** The files of a new library. */
function libraryFiles(): FileEdit[] {
  const text = (path: string, content: string): FileEdit => ({
    path,
    bytes: new TextEncoder().encode(content),
  });
  const kinds = Object.keys(RECORD_SCHEMAS) as RecordKind[];
  return [
    text(".gitattributes", GITATTRIBUTES),
    text(".gitignore", GITIGNORE),
    text("README.md", LIBRARY_README),
    ...CONFIG_TEMPLATES.map((name) => text(`config/${name}`, template(name))),
    ...kinds.map((kind) => text(`schemas/${RECORD_SCHEMAS[kind]}`, schemaText(kind))),
  ];
}

/**
 * Makes a library in a folder that is empty or missing, or finishes one whose making was interrupted. Throws
 * `init.already-a-library` and `init.not-empty` (user), and what `fileError` makes of a folder that cannot be listed: nothing
 * that is there is ever touched, but for what a killed run left.
 */
export async function initLibrary(directory: string, run: Run): Promise<InitResult> {
  if (!wasInterrupted(directory)) await refuseOccupied(directory, run);
  await makeFolderDurably(directory);
  const lock = await acquireLock(directory, "init");
  try {
    await createRepository(directory);
    const control = await openControlPlane(directory);
    await control.recover(run);
    const files = libraryFiles();
    const message = formatMessage({
      command: "init",
      summary: "a new photosync library",
      runId: randomUUID(),
    });
    const outcome = await control.commit(await control.head(), files, message, run);
    if (outcome.kind === "diverged") throw new Error(`a new library diverged: ${outcome.paths.join(", ")}`);
    return {
      library: directory,
      dry_run: false,
      commit: outcome.revision,
      counts: { created: files.length },
      failures: [],
      outcome: "done",
      created: files.map((file) => file.path),
    };
  } finally {
    await lock.release();
  }
}

/** True where an earlier `init` was killed after its commit had begun: what lies there is its own. */
function wasInterrupted(directory: string): boolean {
  const journal = readJournal(directory);
  return journal !== null && journal !== "torn" && journal.state === "started" && journal.base === nullOid;
}

async function refuseOccupied(directory: string, run: Run): Promise<void> {
  if ((await stat(join(directory, "config", "services.json")).catch(() => null)) !== null) {
    // An `init` that was killed when all but its locks was done is run again by people who saw no answer.
    if (existsSync(join(directory, ".git", "HEAD")))
      await finishInterrupted(directory, await openControlPlane(directory), run);
    throw new PhotosyncError({
      kind: "user",
      code: "init.already-a-library",
      message: `${directory} is a photosync library already.`,
      next: [`Look at it with: photosync status --library ${directory}`],
    });
  }
  const names = await readdir(directory).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    // What cannot be listed may be full of somebody's files.
    throw fileError(error, directory, "list");
  });
  const foreign = names.filter((name) => name !== ".git" && name !== ".photosync");
  if (foreign.length > 0) {
    throw new PhotosyncError({
      kind: "user",
      code: "init.not-empty",
      message: `${directory} is not empty (${foreign.slice(0, 3).join(", ")}).`,
      next: ["Choose an empty or new folder, for instance: photosync init ~/photo-library"],
    });
  }
}
