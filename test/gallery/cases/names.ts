import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarOf } from "../../fixtures/archive/tgz-writer.js";
import { zipOf } from "../../fixtures/archive/zip-writer.js";
import { sidecarJson } from "../../fixtures/takeout/takeout-builder.js";
import { type GalleryCase, NotPossibleHere, type ProgramRun } from "../gallery-case.js";
import type { World } from "../world.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";
const ZIP = "takeout-20260601T101112Z-001.zip";
const NOT_A_PHOTO = Buffer.from("no picture, and never to be seen outside");

/** Names that would leave the place where an archive is unpacked, or that no system could hold. */
const hostileNames = (world: World): readonly string[] => [
  "../escaped.jpg",
  "../../../../../../../../escaped.jpg",
  `${YEAR}/../../../../escaped.jpg`,
  "..\\..\\escaped.jpg",
  `${YEAR}/..\\escaped.jpg`,
  "C:\\escaped.jpg",
  "C:/escaped.jpg",
  "c:escaped.jpg",
  "\\\\server\\share\\escaped.jpg",
  join(world.home, "escaped.jpg"),
  "//escaped.jpg",
  "..",
  "./..",
  ".",
  `${YEAR}/nul\0.jpg`,
];

const toStore: readonly ProgramRun[] = [
  { args: ["resolve"], exit: 0 },
  { args: ["replicate", "--execute"], exit: 0 },
  { args: ["verify", "--deep"], exit: 0 },
];

const ODD_NAMES = [
  "new\nline.jpg",
  "tab\tand\u001b[31mred.jpg",
  "\u202egpj.reversed.jpg",
  "bell\u0007.jpg",
  " leading and trailing .jpg",
  "-rf.jpg",
  "--library.jpg",
  "$(touch escaped).jpg",
  "`touch escaped`.jpg",
  "'; DROP TABLE photos; --.jpg",
  "con.jpg",
  "aux.jpg",
  'a:b*c?d"e<f>g|h.jpg',
  "back\\slash.jpg",
  "__proto__.jpg",
  "constructor.jpg",
  "😀😀😀.jpg",
  "\u200b\u200b.jpg",
  "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67.jpg",
  `${"n".repeat(251)}.jpg`,
  `${"é".repeat(125)}.jpg`,
  ".hidden.jpg",
  "trailing-dot..jpg",
];

/** Writes a file whose name is bytes. */
async function putRaw(world: World, name: Buffer, bytes: Buffer): Promise<void> {
  await writeFile(Buffer.concat([Buffer.from(`${world.inputs}/`), name]), bytes);
}

/** File and folder names that are odd, hostile, equal to others, or no text. */
export const NAME_CASES: readonly GalleryCase[] = [
  {
    name: "zip: 15 names that lead out, are absolute, hold NUL, backslashes or drives",
    build: async (world) => {
      const bad = hostileNames(world).map((name) => ({ name, bytes: NOT_A_PHOTO }));
      const good = { name: `${YEAR}/a.jpg`, bytes: world.expectPhoto("a.jpg") };
      await world.put(ZIP, zipOf([...bad, good]));
    },
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "archive.unsafe-name": 15 } }, ...toStore],
  },
  {
    name: "tgz: 14 names that lead out, are absolute, hold backslashes or drives",
    build: async (world) => {
      const bad = hostileNames(world).filter((name) => !name.includes("\0"));
      const good = { name: `${YEAR}/a.jpg`, bytes: world.expectPhoto("a.jpg") };
      const tar = await tarOf([...bad.map((name) => ({ name, bytes: NOT_A_PHOTO })), good]);
      await world.put("takeout-20260601T101112Z-001.tgz", gzipSync(tar));
    },
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "archive.unsafe-name": 14 } }],
  },
  {
    name: "folder: names with line breaks, escapes, reversed writing, shell words, 255 bytes",
    build: async (world) => {
      for (const name of ODD_NAMES) await world.good(name);
    },
    runs: [
      { args: ["discover", "{in}", "--hidden"], exit: 0 },
      ...toStore,
      { args: ["list"], exit: 0 },
      { args: ["list"], exit: 0, asText: true },
    ],
  },
  {
    name: "zip: names with line breaks, escapes, reversed writing, shell words",
    build: async (world) => {
      const named = ODD_NAMES.filter((name) => !name.includes("\\") && !name.startsWith("."));
      await world.put(
        ZIP,
        zipOf(named.map((name) => ({ name: `${YEAR}/${name}`, bytes: world.expectPhoto(name) }))),
      );
    },
    runs: [{ args: ["discover", "{in}"], exit: 0 }],
  },
  {
    name: "zip: names of 300 bytes and of 60,000, 2,000 folders deep",
    build: async (world) => {
      const names = [`${"n".repeat(296)}.jpg`, `${"m".repeat(60_000)}.jpg`];
      const deep = `${"d/".repeat(2000)}deep.jpg`;
      await world.put(
        ZIP,
        zipOf([
          ...names.map((name) => ({ name: `${YEAR}/${name}`, bytes: world.expectPhoto(name) })),
          { name: `${YEAR}/${deep}`, bytes: world.expectPhoto("deep.jpg") },
        ]),
      );
    },
    runs: [{ args: ["discover", "{in}"], exit: 0 }, ...toStore],
  },
  {
    name: "zip: names in cp437 and in no encoding, flagged as UTF-8 or not, equal or empty",
    build: async (world) => {
      const latin = Buffer.from(`${YEAR}/\xe9t\xe9.jpg`, "latin1");
      await world.put(
        ZIP,
        zipOf([
          { name: latin, bytes: world.expectPhoto("ΘtΘ.jpg") },
          { name: Buffer.from(latin), flags: 0x800, bytes: world.expectPhoto("�t�.jpg") },
          { name: Buffer.from(`${YEAR}/\xff\xfe\x81.jpg`, "latin1"), bytes: goodBeside(world, 1) },
          { name: `${YEAR}/same.jpg`, bytes: world.expectPhoto("same.jpg") },
          { name: `${YEAR}/same.jpg`, bytes: world.expectPhoto("same.jpg") },
          { name: `${YEAR}/same.jpg`, bytes: Buffer.from("neither") },
          { name: "", bytes: NOT_A_PHOTO },
        ]),
      );
    },
    runs: [
      { args: ["discover", "{in}"], exit: 3, codes: { "archive.unsafe-name": 1, "media.unreadable": 1 } },
      ...toStore,
    ],
  },
  {
    name: "zip: names that differ by case or by Unicode form alone",
    build: async (world) => {
      const names = [
        "IMG.jpg",
        "img.jpg",
        "Img.JPG",
        "caf\u00e9.jpg",
        "cafe\u0301.jpg",
        "\u212b.jpg",
        "\u00c5.jpg",
      ];
      await world.put(
        ZIP,
        zipOf([
          ...names.map((name) => ({
            name: `${YEAR}/${name}`,
            bytes: world.expectPhoto(name.normalize("NFC")),
          })),
          { name: `${YEAR}/img.jpg.json`, bytes: sidecarJson({ title: "img.jpg" }) },
        ]),
      );
    },
    runs: [{ args: ["discover", "{in}"], exit: 0 }, ...toStore],
  },
  {
    name: "folder: names that differ by case or by Unicode form alone",
    build: async (world) => {
      for (const name of ["IMG.jpg", "img.jpg", "Img.JPG", "caf\u00e9.jpg", "cafe\u0301.jpg"])
        await world.put(name, world.expectPhoto(name.normalize("NFC")));
    },
    runs: [{ args: ["discover", "{in}"], exit: 0 }],
  },
  {
    name: "folder: names that are not UTF-8",
    build: async (world) => {
      if (process.platform !== "linux") throw new NotPossibleHere("this file system takes no such names");
      await putRaw(world, Buffer.from("\xe9t\xe9.jpg", "latin1"), NOT_A_PHOTO);
      await putRaw(world, Buffer.from([0xff, 0xfe, 0x2e, 0x6a, 0x70, 0x67]), NOT_A_PHOTO);
      await putRaw(world, Buffer.from([0xed, 0xa0, 0x80, 0x2e, 0x6a, 0x70, 0x67]), NOT_A_PHOTO);
      await world.good("a.jpg");
    },
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "file.name-not-utf8": 3 } }],
  },
  {
    name: "folder: 200 levels deep, and a path longer than the system's limit",
    build: async (world) => {
      await world.good(`${"d/".repeat(200)}deep.jpg`);
      await world.good("a.jpg");
      if (process.platform !== "linux") throw new NotPossibleHere("other systems have other limits");
      // Longer than PATH_MAX (4,096): only a shell that changes folder step by step can make it, and rm take it away.
      const step = "x".repeat(200);
      const script = `cd "$1" && for i in $(seq 1 25); do mkdir ${step} && cd -P ${step} || exit 1; done; echo no > far.jpg`;
      world.restless.push(world.in(step));
      world.atEnd(() => world.tool("rm", "-rf", world.in(step)));
      world.tool("bash", "-c", script, "bash", world.inputs);
    },
    runs: [{ args: ["discover", "{in}"], exit: 3, codes: { "file.unreadable": 1 } }],
  },
];

/** A picture whose name is no text, so that none can be expected. */
function goodBeside(world: World, count: number): Buffer {
  const bytes = world.expectPhoto("unnamed");
  world.photos.splice(-count);
  return bytes;
}
