import { type Disk, syncPath } from "./disk.js";

/** Syncs folders for many callers at once. */
export interface FolderSyncs {
  /** Resolves after a sync of the folder that began after this call. Throws as `diskError` says. */
  after(folder: string): Promise<void>;
}

/** Those who come while a folder is being synced share the next sync of it. */
export function folderSyncs(disk: Disk): FolderSyncs {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  function start(folder: string): Promise<void> {
    const sync = syncPath(disk, folder).finally(() => {
      if (running.get(folder) === sync) running.delete(folder);
    });
    running.set(folder, sync);
    return sync;
  }

  return {
    after(folder) {
      const now = running.get(folder);
      if (now === undefined) return start(folder);
      const shared =
        next.get(folder) ??
        now
          .catch(() => {})
          .then(() => {
            next.delete(folder);
            return start(folder);
          });
      next.set(folder, shared);
      return shared;
    },
  };
}
