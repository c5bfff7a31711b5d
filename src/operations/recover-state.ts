import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import { errnoOf, fileError, makeFolderDurably, writeFileDurably } from "../infra/durable-file.js";

/** Names the store that a folder is being recovered from, until that is done. */
const noteOf = (directory: string): string => join(directory, ".photosync", "recover.json");

/** Where the library in this folder is being recovered from; null where it is not. */
async function begunFrom(directory: string): Promise<string | null> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(noteOf(directory), "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return null;
    throw error instanceof SyntaxError ? error : fileError(error, noteOf(directory), "read");
  }
  return typeof value === "object" && value !== null && "store" in value && typeof value.store === "string"
    ? value.store
    : null;
}

/**
 * Sees to it that a folder may become the library of a store: it is empty or missing, or an earlier recovery from the same store was cut short there. Throws
 * `recover.not-empty` and `recover.other-store` (user), and what `fileError` makes of a folder that cannot be listed.
 */
export async function requireFree(directory: string, store: string): Promise<void> {
  const from = await begunFrom(directory);
  if (from !== null && from !== store)
    throw new PhotosyncError({
      kind: "user",
      code: "recover.other-store",
      message: `${directory} is half recovered from ${from}.`,
      next: [`Go on with that: photosync recover '${from}' '${directory}'`, "Or choose another folder."],
    });
  if (from !== null) return;
  const names = await readdir(directory).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    throw fileError(error, directory, "list");
  });
  // A run that was killed before its note was written leaves its lock at most.
  const foreign = names.filter((name) => name !== ".photosync");
  if (foreign.length > 0)
    throw new PhotosyncError({
      kind: "user",
      code: "recover.not-empty",
      message: `${directory} is not empty (${foreign.slice(0, 3).join(", ")}).`,
      next: ["Choose an empty or new folder: what is there already is never touched."],
    });
}

/** Notes, durably, that this folder is being recovered from that store. */
export async function noteRecovery(directory: string, store: string): Promise<void> {
  try {
    await makeFolderDurably(join(directory, ".photosync"));
  } catch (error) {
    throw fileError(error, directory, "make the folder");
  }
  await writeFileDurably(noteOf(directory), Buffer.from(`${JSON.stringify({ format: 1, store })}\n`));
}

/** The library is whole: it is one like any other from here on. */
export async function recoveryIsDone(directory: string): Promise<void> {
  await rm(noteOf(directory), { force: true });
}
