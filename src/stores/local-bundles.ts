import { join } from "node:path";
import { isBundleName } from "../domain/bundle-name.js";
import type { BufferPool } from "../infra/buffer-pool.js";
import { throwIfAborted, untilAborted } from "../infra/until-aborted.js";
import type { BundleShelf, KeptBundle } from "../ports/bundle-shelf.js";
import { bytesOf, judge, openPlain } from "./blob-file.js";
import { BUNDLES, bundleNotFound, bundlePath, wrongBundle } from "./bundle-file.js";
import { close, type Disk, diskError, failed, isErrno, syncPath } from "./disk.js";
import type { LocalRoot } from "./local-root.js";
import { unlessThere } from "./set-aside.js";
import { discard, writeTemp } from "./temp-file.js";

/** The bundles of a local store: plain read-only files in `<root>/library/`, written beside their name, proven, and renamed. */
export function localBundles(disk: Disk, root: LocalRoot, path: string, buffers: BufferPool): BundleShelf {
  const folder = join(path, BUNDLES);
  return {
    async put(bundle, call) {
      throwIfAborted(call);
      await root.start(call);
      const final = join(path, bundlePath(bundle.name));
      await disk.mkdir(folder).catch(unlessThere).catch(failed(folder, "make the folder"));
      await syncPath(disk, path);
      if ((await judge(disk, final, bundle, buffers, call)) === "right") {
        await syncPath(disk, final);
        await syncPath(disk, folder);
        return;
      }
      const { sizeBytes } = bundle;
      const options = { mode: 0o444, buffers, sizeBytes, tooLong: () => wrongBundle(bundle) };
      const written = await writeTemp(disk, folder, bundle.open(), options, call);
      try {
        if (written.hash !== bundle.hash || written.sizeBytes !== sizeBytes) throw wrongBundle(bundle);
        await disk.rename(written.path, final).catch(failed(final, "write"));
        await syncPath(disk, folder);
      } finally {
        await discard(disk, written.path);
      }
    },
    async list(call) {
      throwIfAborted(call);
      await root.requireReady();
      const names = await disk.readdir(folder).catch((error: unknown) => {
        if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
        throw diskError(error, folder, "list");
      });
      const found: KeptBundle[] = [];
      for (const name of [...names].sort()) {
        if (!isBundleName(name)) continue;
        const stats = await disk.lstat(join(folder, name)).catch((error: unknown) => {
          if (isErrno(error, "ENOENT")) return null;
          throw diskError(error, join(folder, name), "look at");
        });
        if (stats?.isFile() === true) found.push({ name, sizeBytes: stats.size });
      }
      // A disk that went away in between looks like an empty folder.
      await root.requireReady();
      return found;
    },
    async *get(name, call) {
      throwIfAborted(call);
      const file = join(path, bundlePath(name));
      const opened = await openPlain(disk, file);
      if (opened === "absent" || opened === "foreign") {
        await root.requireReady();
        throw bundleNotFound(root.name, name);
      }
      try {
        yield* untilAborted(bytesOf(opened.handle, file, 0, opened.sizeBytes), call);
      } finally {
        await close(opened.handle);
      }
    },
    async remove(name, call) {
      throwIfAborted(call);
      await root.requireReady();
      const file = join(path, bundlePath(name));
      try {
        await disk.unlink(file);
      } catch (error) {
        if (isErrno(error, "ENOENT")) return;
        throw diskError(error, file, "remove");
      }
      await syncPath(disk, folder);
    },
  };
}
