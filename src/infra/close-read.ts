import type { FileHandle } from "node:fs/promises";

/** Closes a file that was only read. Its bytes were had by then, and it is closed whatever the system answers: never throws. */
export const closeRead = (handle: FileHandle): Promise<void> => handle.close().catch(() => {});
