import type { Disk } from "./disk.js";

/** Left free on any disk; on a small one a twentieth of it. */
const RESERVE_BYTES = 1024 ** 3;
const RESERVE_SHARE = 0.05;
/** Granted from one look at the disk. Others write to it as well, so it is looked at again well within the reserve. */
const BETWEEN_LOOKS_BYTES = 128 * 1024 ** 2;

export interface FreeRoom {
  /** True when so many bytes more leave the reserve free; they count as used from then on. Throws what `statfs` throws. */
  take(sizeBytes: number): Promise<boolean>;
}

/** The room on the disk of `folder`, less 1 GiB or 5 % of the disk, whichever is smaller. */
export function freeRoom(disk: Pick<Disk, "statfs">, folder: string): FreeRoom {
  let granted = 0;
  return {
    async take(sizeBytes) {
      if (sizeBytes > granted) {
        const { bavail, blocks, bsize } = await disk.statfs(folder);
        const reserve = Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE);
        const room = bavail * bsize - reserve;
        if (sizeBytes > room) return false;
        granted = Math.min(room, sizeBytes + BETWEEN_LOOKS_BYTES);
      }
      granted -= sizeBytes;
      return true;
    },
  };
}
