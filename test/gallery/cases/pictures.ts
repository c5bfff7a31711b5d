import { crc32, deflateSync } from "node:zlib";
import {
  box,
  EPOCH_GAP,
  fileType,
  heicFile,
  movieHeader,
  track,
  u16,
  u32,
} from "../../fixtures/media/box-file.js";
import { exifBlock, TAG } from "../../fixtures/media/exif-block.js";
import { jpegFile } from "../../fixtures/media/jpeg-file.js";
import type { GalleryCase } from "../gallery-case.js";

const MIB = 1024 * 1024;

/** A folder of pictures that are found all the same, whatever is wrong inside them. */
const picturesCase = (name: string, files: () => Readonly<Record<string, Uint8Array>>): GalleryCase => ({
  name,
  build: async (world) => {
    await world.good("good.jpg");
    for (const [file, bytes] of Object.entries(files())) {
      await world.put(file, bytes);
      world.photos.push(file);
    }
  },
  runs: [{ args: ["discover", "{in}"], exit: 0 }],
});

/** An Exif block, changed in place by whoever wants it wrong. */
function brokenExif(change: (block: Buffer) => void): Buffer {
  const block = exifBlock({ main: { [TAG.make]: "Maker" }, exif: { [TAG.taken]: "2024:01:15 10:30:00" } });
  change(block);
  return jpegFile({ exif: block });
}

/** A TIFF whose directories follow one another, each with one tag. */
function chainOfDirectories(count: number, last: number): Buffer {
  const file = Buffer.alloc(8 + count * 18);
  file.write("II*\0", 0, "latin1");
  file.writeUInt32LE(8, 4);
  for (let number = 0; number < count; number += 1) {
    const at = 8 + number * 18;
    file.writeUInt16LE(1, at);
    file.writeUInt16LE(0x14a, at + 2);
    file.writeUInt16LE(4, at + 4);
    file.writeUInt32LE(1, at + 6);
    file.writeUInt32LE(number + 1 < count ? at + 18 : last, at + 10);
    file.writeUInt32LE(number + 1 < count ? at + 18 : last, at + 14);
  }
  return file;
}

const dated = (text: string): Buffer => jpegFile({ exif: exifBlock({ exif: { [TAG.taken]: text } }) });

function chunk(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), ...parts]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(body.length - 4, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

const png = (...chunks: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", u32(40, 30), Buffer.from([8, 2, 0, 0, 0])),
    ...chunks,
    chunk("IEND"),
  ]);

const packedZeros = (mebibytes: number): Buffer => deflateSync(Buffer.alloc(mebibytes * MIB), { level: 9 });
const keyword = (text: string): Buffer => Buffer.from(`${text}\0\0`, "latin1");

const riff = (size: number, ...parts: readonly Uint8Array[]): Buffer => {
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, ...parts]);
};

/** A box whose size field says what it likes; a 64-bit size follows where `short` is 1. */
function lyingBox(type: string, short: number, long: bigint | null, payload: Uint8Array): Buffer {
  const wide = Buffer.alloc(long === null ? 0 : 8);
  if (long !== null) wide.writeBigUInt64BE(long);
  return Buffer.concat([u32(short), Buffer.from(type, "latin1"), wide, payload]);
}

const film = (created: number, durationMs?: number): Buffer =>
  Buffer.concat([
    fileType("mp42", "isom"),
    box("moov", movieHeader(created, durationMs), track([1, 0, 0, 1])),
    box("mdat", Buffer.from(`frames ${created} ${durationMs}`)),
  ]);

function nestedBoxes(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) inner = box(level % 2 === 0 ? "udta" : "moov", inner);
  return inner;
}

/** HEIF whose item places point at themselves, far away, or nowhere. */
function brokenHeic(change: (file: Buffer) => void): Buffer {
  const file = heicFile(exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } }));
  change(file);
  return file;
}

const afterStart = (middle: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), middle, jpegFile().subarray(2)]);

/** Pictures and films whose insides are wrong, hostile or endless. */
export const PICTURE_CASES: readonly GalleryCase[] = [
  picturesCase("EXIF: offsets and counts beyond the file, loops, chains of 10,000 directories", () => ({
    "offset.jpg": brokenExif((block) => block.writeUInt32LE(0xffffffff, 4)),
    "zero.jpg": brokenExif((block) => block.writeUInt32LE(0, 4)),
    "count.jpg": brokenExif((block) => block.writeUInt16LE(0xffff, 8)),
    "length.jpg": brokenExif((block) => block.writeUInt32LE(0xffffffff, 14)),
    "value.jpg": brokenExif((block) => block.writeUInt32LE(0xfffffff0, 18)),
    "type.jpg": brokenExif((block) => block.writeUInt16LE(0xffff, 12)),
    "self.jpg": brokenExif((block) => block.writeUInt32LE(8, block.indexOf(Buffer.from([0x69, 0x87])) + 8)),
    "order.jpg": brokenExif((block) => block.write("MM", 0)),
    "chain.tif": chainOfDirectories(10_000, 0),
    "circle.tif": chainOfDirectories(10_000, 8),
    "cut.jpg": jpegFile({ exif: exifBlock({ main: { [TAG.make]: "x" } }).subarray(0, 15) }),
    "nothing.jpg": jpegFile({ exif: Buffer.alloc(0) }),
    "zeros.jpg": jpegFile({ exif: Buffer.alloc(60_000) }),
  })),
  picturesCase(
    "dates: 0000:00:00, 9999, month 13, 30 February, 2038 and later, negative and endless film times",
    () => ({
      "zero.jpg": dated("0000:00:00 00:00:00"),
      "far.jpg": dated("9999:99:99 99:99:99"),
      "last.jpg": dated("9999:12:31 23:59:59"),
      "month.jpg": dated("2024:13:01 00:00:00"),
      "february.jpg": dated("2023:02:30 12:00:00"),
      "blank.jpg": dated("    :  :     :  :  "),
      "late.jpg": dated("2106:02:07 06:28:16"),
      "early.jpg": dated("0001:01:01 00:00:00"),
      "words.jpg": dated("yesterday at noon"),
      "long.jpg": dated("2024:01:15 10:30:00".repeat(2000)),
      "leap.jpg": dated("2016:12:31 23:59:60"),
      "1904.mp4": film(0),
      "1903.mp4": film(0xffffffff),
      "1970.mp4": film(EPOCH_GAP),
      "endless.mp4": film(EPOCH_GAP + 1_690_000_000, 0xffffffff),
    }),
  ),
  picturesCase(
    "PNG: texts of 9 MB, packed texts and profiles of 1,000 to 1, 60,000 chunks, lying sizes",
    () => ({
      "long.png": png(chunk("tEXt", Buffer.from("Title\0"), Buffer.alloc(9 * MIB, 0x61))),
      "bomb.png": png(chunk("zTXt", keyword("Title"), packedZeros(300))),
      "bombs.png": png(...Array.from({ length: 200 }, () => chunk("zTXt", keyword("Title"), packedZeros(7)))),
      "xmp.png": png(chunk("iTXt", Buffer.from("XML:com.adobe.xmp\0\x01\0\0\0", "latin1"), packedZeros(300))),
      "icc.png": png(chunk("iCCP", keyword("profile"), packedZeros(300))),
      "many.png": png(
        ...Array.from({ length: 60_000 }, (_, i) => chunk("tEXt", Buffer.from(`Key ${i}\0value`))),
      ),
      "lying.png": Buffer.concat([png().subarray(0, 33), u32(0xffffffff), Buffer.from("tEXt")]),
      "empty.png": Buffer.concat([png().subarray(0, 33), u32(0), Buffer.from("tEXt")]),
      "proto.png": png(
        chunk("tEXt", Buffer.from("__proto__\0polluted")),
        chunk("tEXt", Buffer.from("constructor\0x")),
      ),
      "raw.png": png(
        chunk(
          "zTXt",
          keyword("Raw profile type exif"),
          deflateSync(Buffer.from(`\nexif\n99999999\n${"4".repeat(999_999)}`)),
        ),
      ),
    }),
  ),
  picturesCase("JPEG: 65,535 segments, segments of length 0 and 1, lying lengths, endless filling", () => ({
    "segments.jpg": afterStart(
      Buffer.concat(
        Array.from({ length: 65_535 }, () => Buffer.from([0xff, 0xe1, 0, 8, 0x45, 0x78, 0x69, 0x66, 0, 0])),
      ),
    ),
    "zero.jpg": afterStart(Buffer.from([0xff, 0xe1, 0, 0])),
    "one.jpg": afterStart(Buffer.from([0xff, 0xe1, 0, 1])),
    "lying.jpg": Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]),
      Buffer.from("Exif\0\0II*\0"),
    ]),
    "filling.jpg": afterStart(Buffer.alloc(5 * MIB, 0xff)),
    "start.jpg": Buffer.from([0xff, 0xd8, 0xff]),
    "starts.jpg": Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0xff, 0xd8]))).subarray(
      0,
      200_000,
    ),
    "extended.jpg": afterStart(extendedXmp()),
  })),
  picturesCase("WebP, GIF: sizes of 0 and 4 GB, chunks in circles, blocks without end", () => ({
    "zero.webp": riff(0, Buffer.from("VP8X\0\0\0\0", "latin1")),
    "large.webp": riff(0xffffffff, Buffer.from("EXIF\xff\xff\xff\xff", "latin1")),
    "odd.webp": riff(100, ...Array.from({ length: 30_000 }, () => Buffer.from("EXIF\0\0\0\0", "latin1"))),
    "endless.gif": Buffer.concat([
      Buffer.from("GIF89a\x01\0\x01\0\0\0\0", "latin1"),
      Buffer.alloc(MIB, 0x21),
    ]),
    "blocks.gif": Buffer.concat([
      Buffer.from("GIF89a\x01\0\x01\0\0\0\0", "latin1"),
      ...Array.from({ length: 9999 }, () => Buffer.from("!\xfe\x01a\0", "latin1")),
    ]),
    "packet.gif": Buffer.concat([
      Buffer.from("GIF89a\x01\0\x01\0\0\0\0!\xff\x0bXMP DataXMP", "latin1"),
      Buffer.alloc(9 * MIB, 0x3c),
    ]),
  })),
  picturesCase("HEIF, MP4: boxes of size 0, 1, 7 and 2^63, boxes in boxes, items that point nowhere", () => ({
    "zero.mp4": Buffer.concat([fileType("mp42"), lyingBox("moov", 0, null, movieHeader(1))]),
    "one.mp4": Buffer.concat([fileType("mp42"), lyingBox("moov", 1, 2n ** 63n, movieHeader(2))]),
    "minus.mp4": Buffer.concat([fileType("mp42"), lyingBox("moov", 1, 2n ** 64n - 1n, movieHeader(3))]),
    "small.mp4": Buffer.concat([fileType("mp42"), lyingBox("moov", 7, null, movieHeader(4))]),
    "none.mp4": Buffer.concat([fileType("mp42"), lyingBox("mdat", 1, 0n, movieHeader(5))]),
    "deep.mp4": Buffer.concat([fileType("mp42"), nestedBoxes(5000)]),
    "many.mp4": Buffer.concat([
      fileType("mp42"),
      box("moov", ...Array.from({ length: 50_000 }, () => box("trak"))),
    ]),
    "keys.mp4": Buffer.concat([
      fileType("qt  "),
      box("moov", box("meta", box("keys", u32(0, 0xffffffff)), box("ilst"))),
    ]),
    "items.heic": brokenHeic((file) => file.writeUInt16BE(0xffff, file.indexOf("iinf") + 8)),
    "places.heic": brokenHeic((file) => file.writeUInt32BE(0xffffffff, file.indexOf("iloc") + 18)),
    "extents.heic": brokenHeic((file) => file.writeUInt16BE(0xffff, file.indexOf("iloc") + 16)),
    "owners.heic": brokenHeic((file) => file.writeUInt32BE(0xffffffff, file.indexOf("ipma") + 8)),
    "itself.heic": Buffer.concat([
      fileType("heic", "mif1"),
      box("meta", u32(0), box("pitm", u32(0), u16(1)), box("iref", u32(0), box("dimg", u16(1, 1, 1)))),
    ]),
  })),
];

/** Pieces of extended XMP that claim 4 GB together and all lie at the same place. */
function extendedXmp(): Buffer {
  const piece = Buffer.concat([
    Buffer.from("http://ns.adobe.com/xmp/extension/\0", "latin1"),
    Buffer.from("0123456789ABCDEF0123456789ABCDEF"),
    u32(0xffffffff, 0xfffffff0),
    Buffer.from("<x:xmpmeta>"),
  ]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1]), u16(piece.length + 2), piece]);
  return Buffer.concat(Array.from({ length: 500 }, () => segment));
}
