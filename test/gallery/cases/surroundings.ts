import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { writeZip, type ZipInput } from "../../fixtures/archive/zip-writer.js";
import { sidecarJson } from "../../fixtures/takeout/takeout-builder.js";
import type { GalleryCase, ProgramRun } from "../gallery-case.js";
import type { World } from "../world.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";

const inEnvironment = (name: string, environment: NonNullable<ProgramRun["environment"]>): GalleryCase => ({
  name: `surroundings: ${name}`,
  build: async (world) => {
    await world.good("a.jpg");
  },
  runs: [
    ["discover", "{in}", "--dry-run"],
    ["discover", "{in}"],
    ["resolve"],
    ["replicate", "--execute"],
    ["status"],
  ].map((args) => ({ args, exit: 0, environment })),
});

const wrongWords = (code: string, ...args: readonly string[]): ProgramRun => ({
  args,
  exit: 2,
  codes: { [code]: 1 },
});

const entry = (world: World, name: string): ZipInput => ({
  name: `${YEAR}/${name}`,
  bytes: world.expectPhoto(name),
  stored: true,
});
const part = (number: number): string => `takeout-20260601T101112Z-00${number}.zip`;

/** What surrounds a run: environment, outputs, words of the command line, and an export with everything wrong at once. */
export const SURROUNDING_CASES: readonly GalleryCase[] = [
  inEnvironment("no HOME", { HOME: null }),
  inEnvironment("HOME is a file that does not exist", { HOME: "/dev/null/nowhere" }),
  inEnvironment("CI, a dumb terminal, no colour, odd language", {
    CI: "true",
    TERM: "dumb",
    NO_COLOR: "1",
    LANG: "xx_XX",
    LC_ALL: "C",
  }),
  {
    name: "surroundings: TMPDIR does not exist",
    build: async (world) => {
      await world.good("a.jpg");
    },
    runs: [
      {
        args: ["discover", "{in}", "--dry-run"],
        exit: 2,
        environment: { TMPDIR: "/nonexistent" },
        codes: { "file.not-found": 1 },
      },
      { args: ["discover", "{in}"], exit: 0, environment: { TMPDIR: "/nonexistent" } },
    ],
  },
  {
    name: "surroundings: whoever reads stdout or stderr leaves at once",
    library: "settled",
    build: async (world) => {
      for (let number = 0; number < 20; number += 1) await world.good(`${number}.jpg`);
    },
    runs: [
      { args: ["list"], exit: 0, stdout: "reader-leaves" },
      { args: ["list"], exit: 0, stdout: "reader-leaves", asText: true },
      { args: ["discover", "{in}"], exit: 0, stderr: "reader-leaves" },
      {
        args: ["replicate", "--execute"],
        exit: 0,
        stderr: "reader-leaves",
        stdout: "reader-leaves",
        asText: true,
      },
      { args: ["verify", "--deep"], exit: 0 },
    ],
  },
  {
    name: "surroundings: the folder to read, the library and the index are removed",
    build: async (world) => {
      await world.good("a.jpg");
    },
    runs: [
      { args: ["discover", "{in}"], exit: 0 },
      {
        args: ["discover"],
        exit: 2,
        codes: { "discover.nothing-to-read": 1 },
        before: (world) => rm(world.inputs, { recursive: true }),
      },
      { args: ["list"], exit: 0, before: async (world) => mkdir(world.inputs).then(() => {}) },
    ],
  },
  {
    name: "words: paths, flags and names that lead nowhere",
    build: async (world) => {
      await world.put("letter.txt", "Dear Ada");
    },
    runs: [
      wrongWords("discover.bad-path", "discover", "{in}/none", "{in}/letter.txt"),
      wrongWords("discover.bad-path", "discover", "/dev/zero"),
      wrongWords("discover.bad-path", "discover", `/${"x".repeat(5000)}`),
      wrongWords("discover.nothing-to-read", "discover"),
      wrongWords("usage.bad-value", "discover", "{in}", "--since", "soonish"),
      wrongWords("usage.flags-disagree", "replicate", "--execute", "--dry-run"),
      wrongWords("store.unknown", "replicate", "--to", "moon"),
      wrongWords("photo.unknown", "show", "zzz"),
      wrongWords("photo.unknown", "show", "../../../etc/passwd"),
      wrongWords("undo.unknown-operation", "undo", "zzz"),
      wrongWords("usage.unknown-flag", "undo", "--upload-pack=touch"),
    ],
  },
  {
    name: "an export in three parts and a folder with ten things wrong",
    build: async (world) => {
      await writeZip(world.in(part(1)), [
        entry(world, "good-1.jpg"),
        { name: `${YEAR}/secret.jpg`, bytes: Buffer.from("secret"), flags: 1 },
        { name: `${YEAR}/good-1.jpg.supplemental-metadata.json`, bytes: Buffer.from('{"title": "good') },
        { name: `${YEAR}/why.xyz`, bytes: Buffer.from("who knows") },
        entry(world, "good-2.jpg"),
      ]);
      const second = [
        entry(world, "good-3.jpg"),
        { name: `${YEAR}/late.jpg`, bytes: Buffer.alloc(5000, 1), stored: true },
      ];
      await writeZip(world.in(part(2)), second);
      await truncate(world.in(part(2)), 1000);
      await world.put(part(3), "<html>Your session has expired</html>");
      await world.good("pictures/good-6.jpg");
      await world.put("pictures/no.jpg", "this is no picture");
      await world.put("pictures/empty.jpg", "");
      await world.put("pictures/letter.txt", "Dear Ada");
      await world.put("pictures/bad.xmp", "<x:xmpmeta");
      await world.good("pictures/bad.jpg");
    },
    runs: [
      {
        args: ["discover", "{in}"],
        exit: 3,
        codes: {
          "sidecar.invalid-xmp": 1,
          "media.unreadable": 2,
          "sidecar.invalid-json": 1,
          "archive.encrypted": 1,
          "takeout.unexplained": 1,
          "archive.truncated": 1,
          "takeout.not-an-archive": 1,
        },
      },
      {
        // A part that has been mended adds what was missing.
        args: ["discover", "{in}"],
        exit: 3,
        before: async (world) => {
          const sidecar = {
            name: `${YEAR}/good-1.jpg.supplemental-metadata.json`,
            bytes: sidecarJson({ title: "good-1.jpg" }),
          };
          await writeZip(world.in(part(1)), [{ ...entry(world, "good-9.jpg") }, sidecar]);
          await writeFile(world.in("pictures", "empty.jpg"), "still no picture");
        },
        codes: {
          "sidecar.invalid-xmp": 1,
          "media.unreadable": 2,
          "archive.truncated": 1,
          "takeout.not-an-archive": 1,
        },
      },
      { args: ["resolve"], exit: 0 },
      // The first part no longer holds two of them; their bytes were kept when they were read.
      { args: ["replicate", "--execute"], exit: 0 },
      { args: ["status"], exit: 0 },
    ],
  },
];
