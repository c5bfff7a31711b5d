import { existsSync } from "node:fs";
import { join } from "node:path";
import { PhotosyncError } from "../domain/errors.js";
import type { LibraryHistory } from "../ports/library-history.js";
import { parseCommit } from "./commit-object.js";
import { isOid, nullOid } from "./git-object.js";
import { type GitRepository, openRepository } from "./git-repository.js";
import { readHead } from "./head.js";
import { createPacer } from "./pacer.js";

/**
 * The history of the library in a folder, as far as stores need to know it. Opened anew for each commit that is asked after, and each is asked after once, so that no
 * index of packs is held. Where parents were joined by a merge, the first is followed.
 */
export function libraryHistory(libraryDir: string): LibraryHistory {
  const known = new Map<string, boolean>();
  return {
    first: (call) =>
      reading(libraryDir, null, async ({ gitDir, objects }) => {
        const pace = createPacer(call);
        let { revision } = await readHead(gitDir);
        for (let first: string | null = null; ; ) {
          if (revision === nullOid) return first;
          await pace();
          first = revision;
          revision = parseCommit(objects.read(revision, "commit"), revision).parents[0] ?? nullOid;
        }
      }),
    async knows(commit) {
      const before = known.get(commit);
      if (before !== undefined) return before;
      const knows = await reading(
        libraryDir,
        true,
        async ({ gitDir, objects }) =>
          (isOid(commit) && objects.find(commit)?.type === "commit") ||
          (await readHead(gitDir)).revision === nullOid,
      );
      known.set(commit, knows);
      return knows;
    },
  };
}

/** What is found in the library's repository; `otherwise` where there is none that tells. */
async function reading<T>(
  libraryDir: string,
  otherwise: T,
  read: (repository: GitRepository) => Promise<T>,
): Promise<T> {
  try {
    const repository = await openRepository(libraryDir, {});
    // Of a shallow clone the first commits were left out.
    if (existsSync(join(repository.gitDir, "shallow"))) return otherwise;
    try {
      return await read(repository);
    } finally {
      repository.objects.close();
    }
  } catch (error) {
    if (!(error instanceof PhotosyncError) || ["bug", "cancelled"].includes(error.kind)) throw error;
    return otherwise;
  }
}
