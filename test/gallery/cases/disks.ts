import { cp, mkdir, statfs, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GalleryCase, ProgramRun } from "../gallery-case.js";
import type { World } from "../world.js";

/** Puts the library on a small file system of its own in memory. */
async function onSmallDisk(world: World, size: string): Promise<void> {
  const aside = `${world.library}-aside`;
  world.tool("mv", world.library, aside);
  await mkdir(world.library);
  world.tool("mount", "-t", "tmpfs", "-o", `size=${size}`, "photosync-gallery", world.library);
  world.atEnd(() => world.tool("umount", "-l", world.library));
  await cp(aside, world.library, { recursive: true, preserveTimestamps: true });
  world.tool("rm", "-rf", aside);
}

/** Fills the library's disk until only so much is left. */
async function leaveFree(world: World, freeBytes: number): Promise<void> {
  const filler = join(world.library, ".git", "filler");
  await writeFile(filler, "");
  const { bavail, bsize } = await statfs(world.library);
  await writeFile(filler, Buffer.alloc(Math.max(0, Number(bavail) * Number(bsize) - freeBytes)));
}

const makeRoom = (world: World): Promise<void> => truncate(join(world.library, ".git", "filler"), 0);

const WRITING: readonly (readonly string[])[] = [
  ["discover", "{in}"],
  ["resolve"],
  ["replicate", "--execute"],
  ["undo"],
];

const fullDisk = (free: string, freeBytes: number, isHeavy = false): GalleryCase => ({
  name: `disk: full but for ${free}`,
  isHeavy,
  library: "settled",
  build: async (world) => {
    await onSmallDisk(world, "8m");
    for (let number = 0; number < 20; number += 1) await world.good(`${number}.jpg`);
    await leaveFree(world, freeBytes);
  },
  runs: [
    ...WRITING.map((args): ProgramRun => ({ args, exit: [0, 2, 3], maybe: ["store.no-space"] })),
    { args: ["status"], exit: [0, 2], maybe: ["store.no-space"] },
    // Once there is room, all goes on as if nothing had been.
    { args: ["discover", "{in}"], exit: 0, before: makeRoom },
    { args: ["resolve"], exit: 0 },
    { args: ["replicate", "--execute"], exit: 0 },
    { args: ["verify", "--deep"], exit: 0 },
  ],
});

/** Libraries on disks that take nothing. */
export const DISK_CASES: readonly GalleryCase[] = [
  {
    name: "disk: read-only",
    library: "settled",
    build: async (world) => {
      await world.put("a.jpg", "never read");
      await onSmallDisk(world, "8m");
      world.tool("mount", "-o", "remount,ro", world.library);
    },
    runs: [
      ...WRITING.map((args): ProgramRun => ({ args, exit: 2, codes: { "library.read-only": 1 } })),
      ...[["status"], ["list"], ["verify", "--deep"], ["log"], ["audit", "--visibility-check"]].map(
        (args) => ({ args, exit: 0 }),
      ),
      { args: ["doctor"], exit: [0, 3], maybe: ["library.read-only"] },
    ],
  },
  fullDisk("nothing", 0),
  fullDisk("8 KB", 8192, true),
  fullDisk("64 KB", 65_536),
  fullDisk("1 MB", 1 << 20, true),
];
