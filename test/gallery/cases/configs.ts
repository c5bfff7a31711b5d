import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GalleryCase, ProgramRun } from "../gallery-case.js";
import type { World } from "../world.js";

type Change = (settings: Record<string, unknown>, world: World) => unknown;

const configOf = (world: World, name: string): string => join(world.library, "config", `${name}.json`);

async function change(world: World, name: string, edit: Change): Promise<void> {
  const path = configOf(world, name);
  const settings: Record<string, unknown> = JSON.parse(await readFile(path, "utf8"));
  edit(settings, world);
  await writeFile(path, JSON.stringify(settings, null, 2));
  world.commit();
}

const refused = (code: string): readonly ProgramRun[] =>
  [["status"], ["discover", "{in}"], ["replicate", "--execute"]].map((args) => ({
    args,
    exit: 2,
    codes: { [code]: 1 },
  }));

const wrongConfig = (
  name: string,
  file: string,
  text: string | Buffer,
  code = "config.invalid",
): GalleryCase => ({
  name: `config: ${file}.json ${name}`,
  build: async (world) => {
    await writeFile(configOf(world, file), text);
    world.commit();
  },
  runs: refused(code).slice(0, 2),
});

/** A store at an odd place: discover must go on, and replicate say what is wrong with the store. */
const oddStore = (
  name: string,
  path: (world: World) => string | Promise<string>,
  exit: number,
  code: string,
): GalleryCase => ({
  name: `config: a store at ${name}`,
  build: async (world) => {
    await world.good("a.jpg");
    const at = await path(world);
    await change(world, "user-preferences", (settings) =>
      Object.assign(settings, {
        blob_storage: { primary: "odd", stores: { odd: { type: "local", path: at } } },
      }),
    );
  },
  runs: [
    { args: ["discover", "{in}"], exit: [0, exit], maybe: [code] },
    { args: ["replicate", "--execute"], exit, codes: { [code]: 1 } },
  ],
});

/** Configuration that is broken, hostile, or names impossible places. */
export const CONFIG_CASES: readonly GalleryCase[] = [
  wrongConfig("is no JSON", "services", "{ not json"),
  wrongConfig("is an array", "user-preferences", "[]"),
  wrongConfig("holds merge markers", "user-preferences", "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"),
  wrongConfig("is in UTF-16", "services", Buffer.from("\ufeff{}", "utf16le")),
  wrongConfig(
    "has __proto__ keys",
    "user-preferences",
    '{"__proto__": {"schema_version": 1}, "constructor": 1}',
  ),
  wrongConfig(
    "has unknown fields and wrong types",
    "services",
    '{"schema_version": 1, "folder": {"enabled": "yes", "pahts": 7}}',
  ),
  wrongConfig("is nested 100,000 deep", "services", `${"[".repeat(100_000)}${"]".repeat(100_000)}`),
  {
    name: "config: services.json is a folder, user-preferences.json a link to nowhere",
    build: async (world) => {
      await rm(configOf(world, "services"));
      await mkdir(configOf(world, "services"));
      await rm(configOf(world, "user-preferences"));
      await symlink("/nonexistent/preferences.json", configOf(world, "user-preferences"));
    },
    runs: refused("config.missing").slice(0, 2),
  },
  {
    name: "config: sync-state.json is nonsense",
    build: async (world) => {
      await world.good("a.jpg");
      await writeFile(configOf(world, "sync-state"), '{"services": [[[');
      world.commit();
    },
    runs: [
      { args: ["status"], exit: 3, codes: { "config.sync-state-invalid": 1 } },
      { args: ["discover", "{in}"], exit: 3, codes: { "config.sync-state-invalid": 1 } },
    ],
  },
  oddStore(
    "a path out of the library by ..",
    () => "../../../../../../../../proc/escaped",
    3,
    "store.unavailable",
  ),
  oddStore("a file", (world) => world.put("file.bin", "a file"), 3, "replicate.held"),
  oddStore("/dev/full", () => "/dev/full", 3, "replicate.held"),
  oddStore("the library itself", () => ".", 2, "store.bad-place"),
  oddStore("the library's .git", () => ".git/objects", 2, "store.bad-place"),
  oddStore("photos/", () => "photos", 2, "store.bad-place"),
  oddStore("an empty name with a NUL", () => "nul\0", 3, "replicate.held"),
];
