import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { inBlocks, rawTarHeader, type TarInput, tarOf } from "../../fixtures/archive/tgz-writer.js";
import type { GalleryCase } from "../gallery-case.js";
import type { World } from "../world.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";
const MIB = 1024 * 1024;
const TGZ = "takeout-20260601T101112Z-001.tgz";

const good = (world: World, name: string): TarInput => ({
  name: `${YEAR}/${name}`,
  bytes: world.expectPhoto(name),
});

const tarCase = (
  name: string,
  exit: number,
  codes: Readonly<Record<string, number>>,
  bytes: (world: World) => Buffer | Promise<Buffer>,
): GalleryCase => ({
  name: `tgz: ${name}`,
  build: async (world) => {
    const tar = await bytes(world);
    await world.put(TGZ, tar[0] === 0x1f ? tar : gzipSync(tar));
    await world.good("beside.jpg");
  },
  runs: [{ args: ["discover", "{in}"], exit, codes }],
});

/** What stands before the two zero blocks at a tar's end. */
const withoutEnd = (tar: Buffer): Buffer => tar.subarray(0, tar.length - 1024);

/** A tar with raw blocks between two good entries. */
async function around(world: World, ...blocks: readonly Buffer[]): Promise<Buffer> {
  const first = withoutEnd(await tarOf([good(world, "first.jpg")]));
  return Buffer.concat([first, ...blocks, await tarOf([good(world, "last.jpg")])]);
}

/** The same where the blocks end all reading: what comes after them cannot be found, and need not be. */
async function before(world: World, ...blocks: readonly Buffer[]): Promise<Buffer> {
  const first = withoutEnd(await tarOf([good(world, "first.jpg")]));
  return Buffer.concat([
    first,
    ...blocks,
    await tarOf([{ name: `${YEAR}/lost.jpg`, bytes: Buffer.alloc(9) }]),
  ]);
}

/** One record of a PAX header: its length counts itself (POSIX.1 pax). */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) length += 1;
  return `${length}${rest}`;
}

function pax(records: string | Buffer, type = "x"): Buffer {
  const body = Buffer.from(records);
  return Buffer.concat([rawTarHeader("PaxHeader", body.length, type), inBlocks(body)]);
}

const file = (name: string, bytes: Buffer): Buffer =>
  Buffer.concat([rawTarHeader(name, bytes.length, "0"), inBlocks(bytes)]);

/** Gzipped tars that lie, and what they may hold beside files. */
export const TAR_CASES: readonly GalleryCase[] = [
  tarCase(
    "200 KB that inflate to 200 MB of zeros in one picture",
    3,
    { "media.unreadable": 1 },
    async (world) =>
      tarOf([
        good(world, "a.jpg"),
        { name: `${YEAR}/zeros.jpg`, bytes: Buffer.alloc(200 * MIB) },
        good(world, "b.jpg"),
      ]),
  ),
  tarCase("one good picture, then 300 MB of zero blocks", 0, {}, async (world) =>
    Buffer.concat([await tarOf([good(world, "a.jpg")]), Buffer.alloc(300 * MIB)]),
  ),
  tarCase("gzip that breaks off in the middle", 3, { "archive.truncated": 1 }, async (world) => {
    const tail = {
      name: "Takeout/Drive/z.bin",
      bytes: randomBytes(99_999),
    };
    const whole = gzipSync(await tarOf([good(world, "a.jpg"), tail]));
    return whole.subarray(0, whole.length - 2000);
  }),
  tarCase("gzip whose checksum is wrong", 3, { "archive.wrong-crc": 1 }, async (world) => {
    const whole = gzipSync(
      await tarOf([good(world, "a.jpg"), { name: "Takeout/Drive/z.bin", bytes: randomBytes(999_999) }]),
    );
    whole.writeUInt32LE(1, whole.length - 8);
    return whole;
  }),
  tarCase("two gzip streams, one behind the other", 0, {}, async (world) =>
    Buffer.concat([
      gzipSync(withoutEnd(await tarOf([good(world, "a.jpg")]))),
      gzipSync(await tarOf([good(world, "b.jpg")])),
    ]),
  ),
  tarCase("links out of it, devices, a pipe", 3, { "archive.link": 4 }, async (world) =>
    tarOf([
      good(world, "a.jpg"),
      { name: `${YEAR}/soft.jpg`, type: "symlink", linkname: "/etc/passwd" },
      { name: `${YEAR}/hard.jpg`, type: "link", linkname: "../../../../../../etc/passwd" },
      { name: `${YEAR}/device.jpg`, type: "character-device" },
      { name: `${YEAR}/pipe.jpg`, type: "fifo" },
      good(world, "b.jpg"),
    ]),
  ),
  tarCase(
    "a folder that is a link, then a file in it",
    3,
    { "archive.link": 1, "media.unreadable": 1 },
    async (world) =>
      tarOf([
        good(world, "a.jpg"),
        { name: `${YEAR}/door`, type: "symlink", linkname: world.home },
        { name: `${YEAR}/door/escaped.jpg`, bytes: Buffer.from("written through a link") },
      ]),
  ),
  tarCase(
    "GNU sparse files of the old and the PAX form",
    3,
    { "archive.unsupported-entry": 2 },
    async (world) =>
      around(
        world,
        rawTarHeader(`${YEAR}/old.jpg`, 0, "S"),
        pax(paxRecord("GNU.sparse.major", "1") + paxRecord("GNU.sparse.realsize", "1099511627776")),
        file(`${YEAR}/new.jpg`, Buffer.from("1\n0\n10\n")),
      ),
  ),
  tarCase(
    "a PAX header that renames the file out of the archive",
    3,
    { "archive.unsafe-name": 1 },
    async (world) =>
      around(
        world,
        pax(paxRecord("path", `${world.home}/escaped.jpg`)),
        file("innocent.jpg", Buffer.alloc(10)),
      ),
  ),
  tarCase(
    "PAX sizes that are negative, no numbers, and 2^70",
    3,
    { "archive.unreadable": 1 },
    async (world) =>
      before(
        world,
        pax(paxRecord("size", "-1")),
        file(`${YEAR}/minus.jpg`, Buffer.alloc(0)),
        pax(paxRecord("size", "many")),
        file(`${YEAR}/words.jpg`, Buffer.alloc(0)),
        pax(paxRecord("size", "1180591620717411303424")),
        file(`${YEAR}/huge.jpg`, Buffer.alloc(0)),
      ),
  ),
  tarCase("a PAX header of 64 MB", 3, { "archive.unreadable": 1 }, async (world) =>
    before(
      world,
      pax(paxRecord("comment", "x".repeat(64 * MIB))),
      file(`${YEAR}/mute.jpg`, Buffer.alloc(10)),
    ),
  ),
  tarCase("a GNU long name of 64 MB", 3, { "archive.unreadable": 1 }, async (world) =>
    before(
      world,
      Buffer.concat([rawTarHeader("././@LongLink", 64 * MIB, "L"), Buffer.alloc(64 * MIB, 0x61)]),
      file("x.jpg", Buffer.alloc(10)),
    ),
  ),
  tarCase("PAX records with wrong lengths and prototype keys", 0, {}, async (world) =>
    around(
      world,
      pax(`${paxRecord("__proto__", "x")}${paxRecord("constructor", "y")}999999 path=a\n`),
      file(`${YEAR}/odd.jpg`, Buffer.alloc(10)),
    ),
  ),
  tarCase(
    "an entry that claims 8 GB and holds ten bytes",
    3,
    { "archive.too-large": 1, "archive.truncated": 1 },
    async (world) =>
      Buffer.concat([
        withoutEnd(await tarOf([good(world, "a.jpg")])),
        rawTarHeader(`${YEAR}/claims.mp4`, 2 ** 33 - 1, "0"),
        Buffer.alloc(512, 1),
      ]),
  ),
  tarCase("a header whose checksum is wrong", 3, { "archive.unreadable": 1 }, async (world) => {
    const broken = rawTarHeader(`${YEAR}/odd.jpg`, 10, "0");
    broken.write("999999", 148);
    return Buffer.concat([withoutEnd(await tarOf([good(world, "a.jpg")])), broken, Buffer.alloc(2048)]);
  }),
];
