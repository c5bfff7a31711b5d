import { constants, crc32, deflateRawSync } from "node:zlib";
import { directoryOffset, type ZipInput, zipOf } from "../../fixtures/archive/zip-writer.js";
import type { GalleryCase } from "../gallery-case.js";
import type { World } from "../world.js";

const YEAR = "Takeout/Google Photos/Photos from 2023";
const MIB = 1024 * 1024;
const END_BYTES = 22;
const discoverAll = ["discover", "{in}"] as const;
const ZIP = "takeout-20260601T101112Z-001.zip";

const good = (world: World, name: string): ZipInput => ({
  name: `${YEAR}/${name}`,
  bytes: world.expectPhoto(name),
});

/** Deflated zeros, as many MiB as asked for, from a compressed MiB that is repeated: about 1,000 to 1. */
function zerosDeflated(mebibytes: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(MIB), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array.from({ length: mebibytes }, () => one), Buffer.from([3, 0])]);
}

function zerosCrc(mebibytes: number): number {
  const zeros = Buffer.alloc(MIB);
  let sum = 0;
  for (let count = 0; count < mebibytes; count += 1) sum = crc32(zeros, sum);
  return sum;
}

/** A compressed entry whose headers say what they like: the packed bytes are put in as if stored, then called deflated. */
const packed = (name: string, bytes: Buffer, sum: number, sizeBytes: number): ZipInput => ({
  name: `${YEAR}/${name}`,
  bytes,
  stored: true,
  claimed: { method: 8, crc32: sum, sizeBytes },
});

const emptyEntries = (count: number, ending: string): readonly ZipInput[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `${YEAR}/${i}${ending}`,
    bytes: Buffer.alloc(0),
    stored: true,
  }));

/** Changes the end record: `at` counts from its start. */
function withEnd(zip: Buffer, change: (end: Buffer) => void): Buffer {
  const copy = Buffer.from(zip);
  change(copy.subarray(copy.length - END_BYTES));
  return copy;
}

const zipCase = (
  name: string,
  exit: number,
  codes: Readonly<Record<string, number>>,
  bytes: (world: World) => Buffer,
  more: { readonly isHeavy?: boolean } = {},
): GalleryCase => ({
  name: `zip: ${name}`,
  ...more,
  build: async (world) => {
    const zip = bytes(world);
    await world.put(ZIP, zip);
    await world.good("beside.jpg");
  },
  runs: [{ args: discoverAll, exit, codes }],
});

/** A directory in which `count` entries share one entry's bytes. */
function overlapping(world: World, count: number): Buffer {
  const kernel = zipOf([good(world, "kernel.jpg"), packed("0.jpg", zerosDeflated(2), 0, 2 * MIB)]);
  const at = directoryOffset(kernel);
  const second = kernel.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), at + 4);
  const central = kernel.subarray(second, kernel.length - END_BYTES);
  const copies = Array.from({ length: count - 1 }, () => central);
  const directory = Buffer.concat([kernel.subarray(at, kernel.length - END_BYTES), ...copies]);
  return withEnd(Buffer.concat([kernel.subarray(0, at), directory, kernel.subarray(-END_BYTES)]), (end) => {
    end.writeUInt16LE(count + 1, 8);
    end.writeUInt16LE(count + 1, 10);
    end.writeUInt32LE(directory.length, 12);
  });
}

/** Changes the ZIP64 end record, which stands before its locator and the plain end record. */
function withWideEnd(zip: Buffer, change: (wide: Buffer) => void): Buffer {
  const copy = Buffer.from(zip);
  change(copy.subarray(copy.length - END_BYTES - 20 - 56));
  return copy;
}

const commented = (zip: Buffer, comment: Buffer, claimed = comment.length): Buffer =>
  Buffer.concat([withEnd(zip, (end) => end.writeUInt16LE(claimed, 20)), comment]);

/** Zip archives that lie about sizes, counts and places. */
export const ZIP_CASES: readonly GalleryCase[] = [
  zipCase("100 KB that inflate to 100 MB of zeros, truly declared", 3, { "media.unreadable": 1 }, (world) =>
    zipOf([good(world, "a.jpg"), packed("zeros.jpg", zerosDeflated(100), zerosCrc(100), 100 * MIB)]),
  ),
  zipCase("2 MB that inflate to 2 GB, declared as 1,000 bytes", 3, { "archive.too-large": 1 }, (world) =>
    zipOf([good(world, "a.jpg"), packed("small.jpg", zerosDeflated(2048), 0, 1000), good(world, "b.jpg")]),
  ),
  zipCase("a few bytes that claim to hold 3 GB", 3, { "archive.too-large": 1 }, (world) =>
    zipOf([
      good(world, "a.jpg"),
      packed("large.jpg", zerosDeflated(1), 0, 3 * 1024 * MIB),
      good(world, "b.jpg"),
    ]),
  ),
  zipCase("an entry that claims 900 MB and holds none", 3, { "media.unreadable": 1 }, (world) =>
    zipOf([good(world, "a.jpg"), packed("hollow.mp4", zerosDeflated(1), 0, 900 * MIB), good(world, "b.jpg")]),
  ),
  zipCase("sizes beyond 2^53 in ZIP64 fields", 3, { "archive.too-large": 1 }, (world) => {
    const zip = zipOf(
      [{ name: `${YEAR}/a.jpg`, bytes: Buffer.alloc(9), zip64: true }, good(world, "b.jpg")],
      { zip64: true },
    );
    const at = zip.lastIndexOf(Buffer.from([1, 0, 24, 0]));
    zip.writeBigUInt64LE(2n ** 63n, at + 4);
    return zip;
  }),
  {
    name: "zip: 1,000 entries that share one entry's bytes",
    build: async (world) => {
      await world.put(ZIP, overlapping(world, 1000));
    },
    // How many are looked at before it is noticed depends on how small zlib makes the entry.
    runs: [
      {
        args: discoverAll,
        exit: 3,
        codes: { "archive.too-large": 1 },
        maybe: ["archive.too-large", "archive.wrong-crc"],
      },
    ],
  },
  zipCase("a zip in a zip in a zip", 3, { "takeout.unexplained": 1 }, (world) => {
    let inner = zipOf([{ name: "inner.jpg", bytes: Buffer.alloc(1000) }]);
    for (let depth = 0; depth < 20; depth += 1) inner = zipOf([{ name: `${YEAR}/nested.zip`, bytes: inner }]);
    return zipOf([good(world, "a.jpg"), { name: `${YEAR}/nested.zip`, bytes: inner }]);
  }),
  zipCase("70,000 folders, counted modulo 65,536", 3, { "archive.unreadable": 1 }, (world) =>
    zipOf([good(world, "a.jpg"), ...emptyEntries(70_000, "/"), good(world, "b.jpg")], {
      claimedCount: 70_002 % 65_536,
    }),
  ),
  zipCase("5,000 empty pictures", 3, { "media.unreadable": 5000 }, (world) =>
    zipOf([good(world, "a.jpg"), ...emptyEntries(5000, ".jpg")]),
  ),
  zipCase(
    "70,000 empty pictures, counted modulo 65,536",
    3,
    { "archive.unreadable": 1, "media.unreadable": 70_000 },
    (world) =>
      zipOf([good(world, "a.jpg"), ...emptyEntries(70_000, ".jpg")], { claimedCount: 70_001 % 65_536 }),
    { isHeavy: true },
  ),
  zipCase("70,000 folders in ZIP64 form", 0, {}, (world) =>
    zipOf([good(world, "a.jpg"), ...emptyEntries(70_000, "/")], { zip64: true }),
  ),
  zipCase("a ZIP64 end record that counts 2^62 entries", 3, { "archive.unreadable": 1 }, (world) =>
    withWideEnd(zipOf([good(world, "a.jpg"), good(world, "b.jpg")], { zip64: true }), (wide) => {
      wide.writeBigUInt64LE(2n ** 62n, 24);
      wide.writeBigUInt64LE(2n ** 62n, 32);
    }),
  ),
  zipCase("a ZIP64 directory at offset 2^63", 3, { "archive.unreadable": 1 }, (world) =>
    withWideEnd(zipOf([good(world, "a.jpg")], { zip64: true }), (wide) =>
      wide.writeBigUInt64LE(2n ** 63n, 48),
    ),
  ),
  zipCase("a directory that lies behind the end of the file", 3, { "archive.unreadable": 1 }, (world) =>
    withEnd(zipOf([good(world, "a.jpg"), good(world, "b.jpg")]), (end) => end.writeUInt32LE(0x7fffffff, 16)),
  ),
  zipCase("an entry that lies behind the end of the file", 3, { "archive.unreadable": 1 }, (world) => {
    const zip = zipOf([good(world, "a.jpg"), { name: `${YEAR}/far.jpg`, bytes: Buffer.alloc(10) }]);
    zip.writeUInt32LE(0x7ffffff0, zip.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 42);
    return zip;
  }),
  zipCase("a comment that holds an end record of its own", 3, { "archive.unreadable": 1 }, (world) =>
    commented(zipOf([good(world, "a.jpg")]), Buffer.concat([zipOf([]), Buffer.from("and more")])),
  ),
  zipCase("a comment that is cut off", 3, { "archive.truncated": 1 }, (world) =>
    commented(zipOf([good(world, "a.jpg")]), Buffer.from("short"), 500),
  ),
  zipCase("two end records", 3, { "archive.unreadable": 1 }, (world) => {
    const zip = zipOf([good(world, "a.jpg"), good(world, "b.jpg")]);
    return Buffer.concat([zip, zipOf([])]);
  }),
  zipCase("64 KB of other bytes before the first entry", 3, { "takeout.not-an-archive": 1 }, () => {
    const zip = zipOf([{ name: "a.jpg", bytes: Buffer.alloc(9) }], { base: 65_536 });
    return Buffer.concat([Buffer.alloc(65_536, 7), zip]);
  }),
  zipCase(
    "encrypted, in an unknown compression, with a wrong checksum, links and devices",
    3,
    {
      "archive.encrypted": 1,
      "archive.unsupported-compression": 1,
      "archive.wrong-crc": 1,
      "archive.link": 3,
    },
    (world) =>
      zipOf([
        good(world, "a.jpg"),
        { name: `${YEAR}/secret.jpg`, bytes: Buffer.alloc(9), flags: 1 },
        { name: `${YEAR}/odd.jpg`, bytes: Buffer.alloc(9), claimed: { method: 97 } },
        { name: `${YEAR}/sum.jpg`, bytes: Buffer.alloc(9), claimed: { crc32: 1 } },
        { name: `${YEAR}/link.jpg`, bytes: Buffer.from("/etc/passwd"), unixMode: 0o120777 },
        { name: `${YEAR}/device.jpg`, bytes: Buffer.alloc(0), unixMode: 0o020666 },
        { name: `${YEAR}/pipe.jpg`, bytes: Buffer.alloc(0), unixMode: 0o010666 },
        good(world, "b.jpg"),
      ]),
  ),
  zipCase(
    "no directory, and an entry without sizes that inflates to 200 MB",
    3,
    { "archive.truncated": 1, "media.unreadable": 1 },
    (world) => {
      const zip = zipOf([
        good(world, "a.jpg"),
        { name: `${YEAR}/zeros.jpg`, bytes: Buffer.alloc(200 * MIB), descriptor: true },
      ]);
      return zip.subarray(0, directoryOffset(zip));
    },
  ),
  zipCase(
    "10 MB that inflate to 10 GB, truly declared",
    3,
    { "archive.too-large": 1 },
    (world) => {
      const bomb = packed("zeros.jpg", zerosDeflated(10_240), zerosCrc(10_240), 10_240 * MIB);
      return zipOf([good(world, "a.jpg"), { ...bomb, zip64: true }], { zip64: true });
    },
    { isHeavy: true },
  ),
  zipCase(
    "10 MB that inflate to 10 GB, declared as 4,000 bytes",
    3,
    { "archive.too-large": 1 },
    (world) => zipOf([good(world, "a.jpg"), packed("small.jpg", zerosDeflated(10_240), 0, 4000)]),
    { isHeavy: true },
  ),
];
