import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { git, photosync } from "../../cli/run-program.js";
import type { GalleryCase, ProgramRun } from "../gallery-case.js";
import { goodPicture, type World } from "../world.js";

const local = (world: World, ...names: readonly string[]): string =>
  join(world.library, ".photosync", ...names);
const inGit = (world: World, ...names: readonly string[]): string => join(world.library, ".git", ...names);

const soon: readonly ProgramRun[] = [
  { args: ["discover", "{in}"], exit: 0 },
  { args: ["verify", "--deep"], exit: 0 },
];

const fine: readonly ProgramRun[] = [
  { args: ["discover", "{in}"], exit: 0 },
  { args: ["resolve"], exit: 0 },
  { args: ["replicate", "--execute"], exit: 0 },
  { args: ["verify", "--deep"], exit: 0 },
];

async function manyPictures(world: World): Promise<void> {
  for (let number = 0; number < 40; number += 1) await world.good(`${number}.jpg`);
}

/** Stops the program with its lock held, runs another beside it, and lets it go on. */
const besideAnother =
  (...args: readonly string[]) =>
  async (program: Parameters<NonNullable<ProgramRun["meanwhile"]>>[0], world: World): Promise<void> => {
    while (!existsSync(local(world, "lock")) && program.exitCode === null) await sleep(2);
    program.kill("SIGSTOP");
    const words = args.map((word) => word.replace("{in}", world.inputs));
    const other = await photosync([...words, "--json", "--library", world.library]);
    const reads = await photosync(["status", "--json", "--library", world.library]);
    program.kill("SIGCONT");
    const { error }: { error?: { code?: string } } = JSON.parse(other.stdout);
    if (other.exit !== 13 || error?.code !== "library.locked" || reads.exit !== 0)
      throw new Error(`the other run ended with ${other.exit} ${error?.code}, status with ${reads.exit}`);
  };

const twoAtOnce = (first: readonly string[], second: readonly string[]): GalleryCase => ({
  name: `two at once: ${first[0]} and ${second[0]}`,
  library: "settled",
  build: manyPictures,
  runs: [{ args: first, exit: 0, meanwhile: besideAnother(...second) }, ...fine],
});

const signalled = (signal: NodeJS.Signals): GalleryCase => ({
  name: `signal: ${signal} in the middle`,
  build: manyPictures,
  runs: [
    {
      args: ["discover", "{in}"],
      exit: 130,
      codes: {},
      maybe: ["cancelled"],
      meanwhile: async (program, world) => {
        while (!existsSync(local(world, "lock")) && program.exitCode === null) await sleep(2);
        program.kill(signal);
      },
    },
    ...soon,
  ],
});

const lockOf = (
  content: (world: World) => string,
  exit: number,
  codes: Readonly<Record<string, number>>,
  name: string,
): GalleryCase => ({
  name: `lock: ${name}`,
  build: async (world) => {
    await world.good("a.jpg");
    await writeFile(local(world, "lock"), content(world));
    // A lock in the making is young; this one is not.
    await utimes(local(world, "lock"), 1e9, 1e9);
  },
  runs: [
    { args: ["discover", "{in}"], exit, codes },
    { args: ["discover", "{in}"], exit: 0, before: (world) => rm(local(world, "lock"), { force: true }) },
  ],
});

const claim = (host: string, pid: number): string =>
  JSON.stringify({
    host,
    boot: "another",
    pid,
    started: "1",
    command: "discover",
    since: "2026-01-01T00:00:00Z",
    token: "t",
  });

/** Something in `.photosync` or `.git` is missing, damaged or replaced: the library mends what it can. */
const damaged = (name: string, damage: (world: World) => Promise<unknown> | unknown): GalleryCase => ({
  name: `damage: ${name}`,
  library: "settled",
  build: async (world) => {
    await world.good("new.jpg");
    await damage(world);
  },
  runs: [{ args: ["status"], exit: 0 }, ...soon],
});

const broken = (
  name: string,
  damage: (world: World) => Promise<unknown> | unknown,
  code: string,
  exit: number,
): GalleryCase => ({
  name: `damage: ${name}`,
  library: "settled",
  breaksGit: true,
  build: async (world) => {
    await world.put("new.jpg", goodPicture(999));
    await damage(world);
  },
  runs: [
    ...[["status"], ["discover", "{in}"]].map((args) => ({ args, exit, codes: { [code]: 1 } })),
    // What replicas there should be is known without Git, from the index.
    { args: ["verify", "--deep"], exit: [0, exit], maybe: [code] },
  ],
});

/** The newest object of a kind, overwritten with noise. */
async function spoilObject(world: World, revision: string): Promise<void> {
  const id = git(world.library, "rev-parse", revision);
  const path = inGit(world, "objects", id.slice(0, 2), id.slice(2));
  execFileSync("chmod", ["u+w", path]);
  await writeFile(path, "noise");
}

/** Lives that a library may lead: other runs, signals, clocks, and hands in its machinery. */
export const LIFE_CASES: readonly GalleryCase[] = [
  twoAtOnce(["discover", "{in}"], ["discover", "{in}"]),
  twoAtOnce(["discover", "{in}"], ["replicate", "--execute"]),
  twoAtOnce(["resolve"], ["undo"]),
  signalled("SIGINT"),
  signalled("SIGTERM"),
  signalled("SIGHUP"),
  lockOf(() => claim(hostname(), 4_000_000), 0, {}, "of a process that is dead"),
  lockOf(() => claim("another-computer", 1), 13, { "library.locked": 1 }, "of another computer"),
  lockOf(() => "\0\0\0garbage", 0, {}, "that is garbage"),
  lockOf(() => "", 0, {}, "that is empty"),
  damaged(".photosync is gone", (world) => rm(local(world), { recursive: true })),
  {
    name: "damage: .photosync is a file",
    library: "settled",
    build: async (world) => {
      await world.good("new.jpg");
      await rm(local(world), { recursive: true });
      await writeFile(local(world), "a file");
    },
    runs: [
      { args: ["status"], exit: 2, codes: { "file.in-the-way": 1 } },
      { args: ["discover", "{in}"], exit: 2, codes: { "file.in-the-way": 1 } },
      { args: ["discover", "{in}"], exit: 0, before: (world) => rm(local(world)) },
    ],
  },
  damaged("the index is noise", (world) =>
    writeFile(local(world, "index", "index.lmdb"), Buffer.alloc(100_000, 0xa5)),
  ),
  damaged("the index is a folder", async (world) => {
    await rm(local(world, "index"), { recursive: true });
    await mkdir(local(world, "index", "index.lmdb"), { recursive: true });
  }),
  damaged("the journal is noise", (world) => writeFile(local(world, "journal", "commit.json"), "\0noise")),
  damaged("Git's index is gone", (world) => rm(inGit(world, "index"))),
  damaged("HEAD is detached", (world) => git(world.library, "checkout", "--quiet", "--detach")),
  broken("HEAD is noise", (world) => writeFile(inGit(world, "HEAD"), "noise\n"), "library.damaged", 14),
  broken(
    "HEAD points nowhere",
    (world) => writeFile(inGit(world, "HEAD"), "ref: refs/heads/nowhere\n"),
    "library.damaged",
    14,
  ),
  broken("the last commit's object is noise", (world) => spoilObject(world, "HEAD"), "library.damaged", 14),
  broken(
    "a pack is noise in the middle",
    async (world) => {
      git(world.library, "gc", "--quiet");
      const folder = inGit(world, "objects", "pack");
      const pack = join(folder, readdirSync(folder).find((name) => name.endsWith(".pack")) ?? "");
      execFileSync("chmod", ["u+w", pack]);
      const bytes = await readFile(pack);
      bytes.fill(0xa5, 12, bytes.length - 20);
      await writeFile(pack, bytes);
    },
    "library.damaged",
    14,
  ),
  {
    name: "clock: a year back, in 1970, in 9999; files of 1902 and 2107",
    build: async (world) => {
      await world.good("a.jpg");
      await utimes(await world.good("old.jpg"), -2_145_916_800, -2_145_916_800);
      await utimes(await world.good("late.jpg"), 4_323_000_000, 4_323_000_000);
    },
    runs: [
      { args: ["discover", "{in}"], exit: 0, environment: { SOURCE_DATE_EPOCH: "1811500000" } },
      { args: ["resolve"], exit: 0, environment: { SOURCE_DATE_EPOCH: "1748500000" } },
      { args: ["replicate", "--execute"], exit: 0, environment: { SOURCE_DATE_EPOCH: "0" } },
      { args: ["discover", "{in}"], exit: 0, environment: { SOURCE_DATE_EPOCH: "253402300799" } },
      { args: ["verify", "--deep"], exit: 0, environment: { SOURCE_DATE_EPOCH: "1" } },
      { args: ["status"], exit: 0, environment: { SOURCE_DATE_EPOCH: "nonsense" } },
      { args: ["undo"], exit: 0, environment: { SOURCE_DATE_EPOCH: "1700000000" } },
    ],
  },
  {
    name: "clock: index, journal and lock from the future",
    library: "settled",
    build: async (world) => {
      await world.good("a.jpg");
      await writeFile(local(world, "lock"), "");
      for (const path of [local(world, "lock"), local(world, "index", "index.lmdb"), inGit(world, "index")])
        await utimes(path, 4_000_000_000, 4_000_000_000);
    },
    runs: fine,
  },
];
