import * as promises from "node:fs/promises";
import type { PromiseFsClient } from "isomorphic-git";
import { writeFileDurably } from "../infra/durable-file.js";

/**
 * The file system that isomorphic-git is given. isomorphic-git writes under final names without fsync, so a kill in
 * mid-write would leave a torn object, ref or config that it later takes for whole. Here every write is a
 * temporary file, fsync, rename and folder fsync; reading is Node's own. Errors keep Node's `code`, which
 * isomorphic-git tests for (`ENOENT`), except that writes throw what `writeFileDurably` throws.
 */
export const durableFs: PromiseFsClient = {
  promises: {
    readFile: promises.readFile,
    writeFile: async (path: string, bytes: Uint8Array | string, options?: { mode?: number } | string) => {
      const mode = typeof options === "object" ? options.mode : undefined;
      await writeFileDurably(path, typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes, {
        ...(mode === undefined ? {} : { mode }),
      });
    },
    unlink: promises.unlink,
    readdir: promises.readdir,
    mkdir: promises.mkdir,
    rmdir: promises.rmdir,
    stat: promises.stat,
    lstat: promises.lstat,
    readlink: promises.readlink,
    symlink: promises.symlink,
    chmod: promises.chmod,
  },
};

/**
 * The same for asking which files Git ignores. Where isomorphic-git looks whether a list of such files is there, each error but
 * absence makes it print an account of its own on stdout, which is the result's alone. Here a list that cannot be looked at
 * is taken for absent and excludes nothing, as Git itself does: too many files are reported then, never too few.
 */
export const lookingFs: PromiseFsClient = {
  promises: {
    ...durableFs.promises,
    stat: async (path: string) => {
      try {
        return await promises.stat(path);
      } catch (error) {
        throw Object.assign(new Error(`${path} is not there to be read`, { cause: error }), {
          code: "ENOENT",
        });
      }
    },
  },
};
