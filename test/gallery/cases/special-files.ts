import type { ChildProcess } from "node:child_process";
import { appendFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, link, mkdir, open, rename, rm, symlink, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type GalleryCase, NotPossibleHere } from "../gallery-case.js";
import type { World } from "../world.js";

const TIB = 2 ** 40;

/** Does something again and again for as long as the program runs. */
async function whileItRuns(program: ChildProcess, act: () => void): Promise<void> {
  while (program.exitCode === null && program.signalCode === null) {
    act();
    await sleep(2);
  }
}

const discover = { args: ["discover", "{in}"] } as const;

/** What stands in folders beside plain files, and files that do not keep still. */
export const SPECIAL_FILE_CASES: readonly GalleryCase[] = [
  {
    name: "folder: links in circles, out of the tree, to nothing and to themselves",
    build: async (world) => {
      await world.good("a/one.jpg");
      await symlink("..", world.in("a", "up"));
      await symlink(world.inputs, world.in("a", "root"));
      await symlink("self.jpg", world.in("self.jpg"));
      await symlink("pong.jpg", world.in("ping.jpg"));
      await symlink("ping.jpg", world.in("pong.jpg"));
      await symlink("/nonexistent/x.jpg", world.in("nowhere.jpg"));
      await symlink("/dev/zero", world.in("zero.jpg"));
      await symlink("/proc/self/mem", world.in("memory.jpg"));
      await symlink(world.library, world.in("library"));
      await link(world.in("a", "one.jpg"), world.in("hard.jpg"));
    },
    runs: [
      {
        ...discover,
        exit: 3,
        codes: { "file.broken-link": 4, "file.not-regular": 1, "file.unreadable": 1 },
      },
    ],
  },
  {
    name: "folder: 400 links to folders that hold links to one another",
    build: async (world) => {
      for (let folder = 0; folder < 20; folder += 1) {
        await mkdir(world.in(`f${folder}`));
        for (let to = 0; to < 20; to += 1) await symlink(`../f${to}`, world.in(`f${folder}`, `to${to}`));
      }
      await world.good("f19/one.jpg");
    },
    runs: [{ ...discover, exit: 0 }],
  },
  {
    name: "folder: pipes, sockets, devices",
    build: async (world) => {
      await world.good("a.jpg");
      world.tool("mkfifo", world.in("pipe.jpg"));
      world.tool("mkfifo", world.in("takeout-20260601T101112Z-001.zip"));
      const server = createServer().listen(world.in("socket.mp4"));
      world.atEnd(() => server.close());
      await new Promise((resolve) => server.once("listening", resolve));
      world.tool("mknod", world.in("zero.jpg"), "c", "1", "5");
      world.tool("mknod", world.in("full.jpg"), "c", "1", "7");
    },
    runs: [{ ...discover, exit: 3, codes: { "file.not-regular": 5, "takeout.not-an-archive": 1 } }],
  },
  {
    name: "folder: files of 0 bytes that have bytes (/proc), and a listing that never ends",
    build: async (world) => {
      if (process.platform !== "linux") throw new NotPossibleHere("there is no /proc");
      await world.good("a.jpg");
      await symlink("/proc/version", world.in("version.jpg"));
      await symlink("/proc/self/maps", world.in("maps.json"));
      await symlink("/sys/kernel/mm", world.in("sys"));
    },
    runs: [
      {
        ...discover,
        exit: 3,
        codes: { "file.changed-while-read": 2 },
        maybe: ["file.unreadable", "file.changed-while-read"],
      },
    ],
  },
  {
    name: "folder: sparse files of 1 TB named .jpg, .mp4 and .json",
    isHeavy: true,
    build: async (world) => {
      await world.good("a.jpg");
      for (const name of ["huge.jpg", "huge.mp4", "huge.json", "huge.xyz"]) {
        await world.put(name, "");
        await truncate(world.in(name), TIB).catch(() => {
          throw new NotPossibleHere("the disk takes no file of 1 TB");
        });
      }
    },
    runs: [{ ...discover, exit: 3, codes: { "media.unreadable": 2 } }],
  },
  {
    name: "folder: a file and a folder that may not be read",
    build: async (world) => {
      if (process.getuid?.() === 0) throw new NotPossibleHere("root may read everything");
      await world.good("a.jpg");
      await chmod(await world.put("closed.jpg", "closed"), 0);
      await world.put("closed/inside.jpg", "closed");
      await chmod(world.in("closed"), 0);
      world.atEnd(() => chmod(world.in("closed"), 0o700));
    },
    runs: [{ ...discover, exit: 3, codes: { "file.unreadable": 2 } }],
  },
  {
    name: "folder: a file that grows without end while it is read",
    build: async (world) => {
      await world.good("a.jpg");
      await world.put("growing.jpg", Buffer.alloc(1024));
      world.restless.push(world.in("growing.jpg"));
    },
    runs: [
      {
        ...discover,
        exit: 3,
        codes: {},
        maybe: ["file.changed-while-read", "media.unreadable"],
        meanwhile: (program, world) =>
          whileItRuns(program, () => appendFileSync(world.in("growing.jpg"), Buffer.alloc(1 << 20))),
      },
    ],
  },
  {
    name: "folder: a file that shrinks and one whose time changes while they are read",
    build: async (world) => {
      await world.good("a.jpg");
      for (const name of ["shrinking.jpg", "touched.jpg"]) {
        await world.put(name, Buffer.alloc(1 << 20));
        world.restless.push(world.in(name));
      }
    },
    runs: [
      {
        ...discover,
        exit: 3,
        codes: {},
        maybe: ["file.changed-while-read", "media.unreadable"],
        meanwhile: (program, world) => {
          let size = 1 << 20;
          return whileItRuns(program, () => {
            size = size > 1000 ? size - 1000 : 1 << 20;
            truncateSync(world.in("shrinking.jpg"), size);
            utimesSync(world.in("touched.jpg"), new Date(), new Date(Math.random() * 1e12));
          });
        },
      },
    ],
  },
  {
    name: "folder: files and folders that vanish and come back while they are read",
    build: async (world) => {
      await world.good("a.jpg");
      await mkdir(world.in("coming"));
      world.restless.push(world.in("coming"), world.in("going"));
    },
    runs: [
      {
        ...discover,
        exit: [0, 3],
        codes: {},
        maybe: ["file.vanished", "file.changed-while-read", "media.unreadable", "file.unreadable"],
        meanwhile: (program, world) => {
          let round = 0;
          return whileItRuns(program, () => {
            round += 1;
            for (let file = 0; file < 5; file += 1)
              writeFileSync(world.in("coming", `${round}-${file}.jpg`), `${round}`);
            renameSync(world.in("coming"), world.in("going"));
            rmSync(world.in("going", `${round}-0.jpg`));
            renameSync(world.in("going"), world.in("coming"));
          });
        },
      },
    ],
  },
  {
    name: "archive: a zip that is replaced by another between discover and replicate",
    build: async (world) => {
      await world.good("a.jpg");
      const { zipOf } = await import("../../fixtures/archive/zip-writer.js");
      const bytes = world.expectPhoto("in-zip.jpg");
      await world.put(
        "takeout-20260601T101112Z-001.zip",
        zipOf([{ name: "Takeout/Google Photos/x/in-zip.jpg", bytes }]),
      );
    },
    runs: [
      { ...discover, exit: 0 },
      { args: ["resolve"], exit: 0 },
      {
        args: ["replicate", "--execute"],
        // Its bytes were kept when they were read.
        exit: 0,
        before: async (world) => {
          await rm(world.in("takeout-20260601T101112Z-001.zip"));
          await world.put("takeout-20260601T101112Z-001.zip", "<html>Please sign in</html>");
        },
      },
      { args: ["status"], exit: 0 },
    ],
  },
  {
    name: "folder: originals that were changed, removed or replaced by a folder before replicate",
    build: async (world) => {
      for (const name of ["kept.jpg", "changed.jpg", "removed.jpg", "folder.jpg"]) await world.good(name);
    },
    runs: [
      { ...discover, exit: 0 },
      { args: ["resolve"], exit: 0 },
      {
        args: ["replicate", "--execute"],
        exit: 3,
        codes: { "original.changed": 1, "original.not-found": 2 },
        before: async (world) => {
          // Without the bytes that were kept when they were read.
          await rm(join(world.library, ".photosync", "staging"), { recursive: true, force: true });
          await changeOneByte(world, "changed.jpg");
          await rm(world.in("removed.jpg"));
          await rename(world.in("folder.jpg"), world.in("elsewhere.bin"));
          await mkdir(world.in("folder.jpg"));
        },
      },
      { args: ["verify", "--deep"], exit: 0 },
    ],
  },
];

async function changeOneByte(world: World, name: string): Promise<void> {
  const handle = await open(world.in(name), "r+");
  const { size } = await handle.stat();
  await handle.write(Buffer.from([0]), 0, 1, size - 1);
  await handle.close();
}
