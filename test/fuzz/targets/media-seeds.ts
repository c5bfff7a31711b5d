import { brotliCompressSync, crc32, deflateSync } from "node:zlib";
import {
  appleKeys,
  box,
  EPOCH_GAP,
  fileType,
  heicFile,
  movieHeader,
  track,
  u16,
  u32,
  userText,
} from "../../fixtures/media/box-file.js";
import { exifBlock, gpsTags, TAG } from "../../fixtures/media/exif-block.js";
import { iptcDataSet, jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";
import { cr3With, directory, frameOnlyJpeg, rafWith, tiffOf } from "../../fixtures/media/preview-file.js";

const XMP = xmpPacket(
  "<dc:source>a</dc:source><dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>",
  'xmp:Rating="3" photoshop:DateCreated="2024-01-15T10:30:00+01:00"',
);
const exif = exifBlock({
  main: {
    [TAG.make]: "Canon",
    [TAG.model]: "EOS R5",
    [TAG.description]: "words of a person",
    [TAG.orientation]: 6,
  },
  exif: {
    [TAG.taken]: "2024:01:15 10:30:00",
    [TAG.offsetTaken]: "+01:00",
    [TAG.subSecTaken]: "12",
    [TAG.lens]: "50mm",
    [TAG.userComment]: { bytes: Buffer.from("ASCII\0\0\0hello") },
  },
  gps: gpsTags(12, "N", 30, "E"),
});
const latin = (text: string): Buffer => Buffer.from(text, "latin1");
const little = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4);
  });
  return bytes;
};

export const xmpPackets = (): Buffer[] => [
  Buffer.from(XMP),
  Buffer.from(
    xmpPacket(
      '<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ada</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage><dc:description><rdf:Alt><rdf:li xml:lang="x-default">words</rdf:li></rdf:Alt></dc:description>',
      'exif:GPSLatitude="37,46.49N" exif:GPSLongitude="122,25.1W" exif:DateTimeOriginal="2024-01-15T10:30:00"',
    ),
  ),
  Buffer.from(
    xmpPacket(
      '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource"><mwg-rs:Name>Ada</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>',
    ),
  ),
];
export const iptcBlocks = (): Buffer[] => [
  Buffer.concat([
    iptcDataSet(90, "\x1b%G", 1),
    iptcDataSet(25, "sea"),
    iptcDataSet(120, "words"),
    iptcDataSet(55, "20240115"),
    iptcDataSet(60, "103000+0100"),
    iptcDataSet(5, "title"),
  ]),
];

export const jpegs = (): Buffer[] => [
  jpegFile({ exif, xmp: XMP, iptc: iptcBlocks()[0] ?? Buffer.alloc(0) }),
  jpegFile({
    xmp: xmpPacket("", 'GCamera:MotionPhoto="1" GCamera:MicroVideo="1" GCamera:MicroVideoOffset="200"'),
    trailer: film(),
  }),
  jpegFile(),
];
export const tiffs = (): Buffer[] => [
  exif,
  exifBlock({ main: { [TAG.make]: "NIKON CORPORATION", 330: 8, 259: 1, 256: 40, 257: 30 } }),
];

function chunk(type: string, bytes: Uint8Array): Buffer {
  const body = Buffer.concat([latin(type), bytes]);
  return Buffer.concat([u32(bytes.length), body, u32(crc32(body))]);
}
const png = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([
    latin("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", Buffer.concat([u32(40, 30), Buffer.from([8, 2, 0, 0, 0])])),
    ...chunks,
    chunk("IEND", Buffer.alloc(0)),
  ]);
export const pngs = (): Buffer[] => [
  png(
    chunk("eXIf", exif),
    chunk("tIME", Buffer.from([7, 232, 1, 15, 10, 30, 0])),
    chunk("tEXt", latin("Creation Time\x002024-01-15T10:30:00")),
  ),
  png(
    chunk("iTXt", Buffer.concat([latin("XML:com.adobe.xmp\0\0\0\0\0"), Buffer.from(XMP)])),
    chunk("zTXt", Buffer.concat([latin("Comment\0\0"), deflateSync("hello")])),
  ),
  png(chunk("tEXt", latin(`Raw profile type exif\0\nexif\n      ${exif.length}\n${exif.toString("hex")}\n`))),
];

export const gifs = (): Buffer[] => {
  const head = latin("GIF89a\x28\0\x1e\0\x80\0\0\0\0\0\xff\xff\xff");
  const comment = latin("\x21\xfe\x05hello\0");
  const xmp = Buffer.concat([
    latin("\x21\xff\x0bXMP DataXMP"),
    Buffer.from(XMP),
    Buffer.from([1]),
    Buffer.from(Array.from({ length: 256 }, (_, i) => 255 - i)),
    Buffer.from([0, 0]),
  ]);
  const picture = latin("\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
  return [Buffer.concat([head, comment, xmp, picture]), Buffer.concat([head, picture])];
};

const riffChunk = (id: string, bytes: Uint8Array): Buffer =>
  Buffer.concat([latin(id), little(bytes.length), bytes, Buffer.alloc(bytes.length % 2)]);
const riff = (kind: string, ...chunks: Buffer[]): Buffer => {
  const body = Buffer.concat([latin(kind), ...chunks]);
  return Buffer.concat([latin("RIFF"), little(body.length), body]);
};
export const webps = (): Buffer[] => [
  riff(
    "WEBP",
    riffChunk("VP8X", Buffer.from([12, 0, 0, 0, 39, 0, 0, 29, 0, 0])),
    riffChunk("EXIF", exif),
    riffChunk("XMP ", Buffer.from(XMP)),
  ),
  riff("WEBP", riffChunk("VP8L", Buffer.from([0x2f, 39, 64, 7, 0, 0]))),
  riff("WEBP", riffChunk("VP8 ", Buffer.from([0, 0, 0, 0x9d, 1, 0x2a, 40, 0, 30, 0]))),
];
export const avis = (): Buffer[] => [
  riff(
    "AVI ",
    riffChunk(
      "LIST",
      Buffer.concat([
        latin("hdrl"),
        riffChunk("avih", Buffer.concat([little(40_000, 0, 0, 0, 100, 0, 1, 0, 320, 240), Buffer.alloc(16)])),
        riffChunk("LIST", Buffer.concat([latin("strl"), riffChunk("strh", Buffer.alloc(56))])),
      ]),
    ),
    riffChunk(
      "LIST",
      Buffer.concat([
        latin("INFO"),
        riffChunk("INAM", latin("title\0")),
        riffChunk("ICRD", latin("2024-01-15")),
      ]),
    ),
    riffChunk("IDIT", latin("MON JAN 15 10:30:00 2024\n\0")),
    riffChunk("LIST", Buffer.concat([latin("movi"), Buffer.alloc(8)])),
  ),
];

export const heics = (): Buffer[] => [
  heicFile(exif),
  Buffer.concat([fileType("avif", "mif1"), heicFile(exif).subarray(fileType("heic", "mif1", "heic").length)]),
  heicFile(exif, box("mpvd", film())),
];
export const jxls = (): Buffer[] => {
  const head = Buffer.concat([u32(12), latin("JXL \r\n\x87\n"), fileType("jxl ", "jxl ")]);
  const stream = box("jxlc", Buffer.from([0xff, 0x0a, 0x41, 0x10, 0x20, 0x30, 0x40, 0, 0]));
  return [
    Buffer.concat([head, stream, box("Exif", u32(0), exif), box("xml ", Buffer.from(XMP))]),
    Buffer.concat([
      head,
      box("brob", latin("Exif"), brotliCompressSync(Buffer.concat([u32(0), exif]))),
      box("jxlp", u32(0), Buffer.from([0xff, 0x0a, 0x10, 0x10, 0x10])),
    ]),
    Buffer.from([0xff, 0x0a, 0xfa, 0x1f, 0x41, 0x91, 8, 6, 1, 0, 0, 0, 0, 0, 0, 0]),
  ];
};

function film(brand = "mp42"): Buffer {
  return Buffer.concat([
    fileType(brand, "isom"),
    box(
      "moov",
      movieHeader(EPOCH_GAP + 1e9),
      track([0, 1, -1, 0]),
      appleKeys({
        make: "Apple",
        creationdate: "2024-01-15T10:30:00+0100",
        "content.identifier": "ABC",
        "location.ISO6709": "+37.7749-122.4194+012.0/",
      }),
      box("udta", userText("\xa9day", "2024-01-15"), userText("\xa9xyz", "+37.77-122.41/")),
    ),
    box("mdat", Buffer.alloc(64)),
  ]);
}
export const films = (): Buffer[] => [
  film(),
  film("qt  "),
  Buffer.concat([
    fileType("3gp5"),
    box("mdat", Buffer.alloc(16)),
    box(
      "moov",
      movieHeader(EPOCH_GAP),
      box(
        "udta",
        box(
          "meta",
          u32(0),
          box("hdlr", Buffer.alloc(24)),
          box("ilst", box("\xa9nam", box("data", u32(1, 0), Buffer.from("name")))),
        ),
      ),
    ),
  ]),
];
export const cr3s = (): Buffer[] => {
  const canon = Buffer.from("85c0b687820f11e08111f4ce462b6a48", "hex");
  return [
    Buffer.concat([
      fileType("crx ", "crx ", "isom"),
      box(
        "moov",
        box(
          "uuid",
          canon,
          box("CNCV", latin("CanonCR3_001/00.09.00/00.00.00")),
          box("CMT1", exif),
          box("CMT2", exif),
          box("CMT4", exif),
        ),
        movieHeader(EPOCH_GAP + 1e9),
      ),
      box("mdat", Buffer.alloc(16)),
    ]),
  ];
};
export const crws = (): Buffer[] => {
  const make = latin("Canon\0Canon EOS D30\0");
  const time = little(1_700_000_000, 0, 0);
  const size = little(40, 30, 0, 0, 0, 0, 0);
  const entry = (tag: number, length: number, at: number) =>
    Buffer.concat([Buffer.from([tag & 255, tag >> 8]), little(length, at)]);
  const values = Buffer.concat([make, time, size]);
  const table = Buffer.concat([
    Buffer.from([3, 0]),
    entry(0x080a, make.length, 0),
    entry(0x180e, time.length, make.length),
    entry(0x1810, size.length, make.length + time.length),
  ]);
  const inner = Buffer.concat([values, table, little(values.length)]);
  const outer = Buffer.concat([
    inner,
    Buffer.from([1, 0]),
    entry(0x300a, inner.length, 0),
    little(inner.length),
  ]);
  return [Buffer.concat([latin("II"), little(26), latin("HEAPCCDR"), Buffer.alloc(12), outer])];
};
export const rafs = (): Buffer[] => {
  const jpeg = jpegFile({ exif });
  const records = Buffer.concat([u32(1), u16(0x111, 4, 30, 40)]);
  const head = Buffer.concat([latin("FUJIFILMCCD-RAW 0201FF383501"), Buffer.alloc(56)]);
  return [Buffer.concat([head, u32(100, jpeg.length, 100 + jpeg.length, records.length), jpeg, records])];
};
export const mtses = (): Buffer[] => {
  const mark = Buffer.concat([
    Buffer.from("17ee8c60f84d11d98cd60800200c9a66", "hex"),
    latin("MDPM"),
    Buffer.from([3, 0x18, 1, 0x20, 0x24, 1, 0x19, 0x15, 0x10, 0x30, 0, 0xe0, 0x10, 0x11, 0, 0]),
  ]);
  const packets = Array.from({ length: 4 }, () =>
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0x47, 0x40, 0, 0x10]), Buffer.alloc(184)]),
  );
  const bytes = Buffer.concat(packets);
  mark.copy(bytes, 220);
  return [bytes];
};

/** Files that carry a JPEG for looking at: in a sub-directory, in Olympus's maker note, a RAF, a CR3, a HEIC. */
export const previews = (): Buffer[] => {
  const jpeg = frameOnlyJpeg();
  const thumbnail = (at: number) =>
    directory([
      [0x201, 4, 1, at],
      [0x202, 4, 1, jpeg.length],
    ]);
  const nef = tiffOf({
    8: directory([[0x14a, 4, 1, 100]], 200),
    100: thumbnail(300),
    200: thumbnail(300),
    300: jpeg,
  });
  const note = directory([[0x2020, 13, 1, 50]]);
  const orf = tiffOf({
    8: directory([[0x8769, 4, 1, 50]]),
    50: directory([[0x927c, 7, 200, 100]]),
    100: Buffer.concat([latin("OLYMPUS\0II\x03\0"), note]),
    150: directory([
      [0x101, 4, 1, 100],
      [0x102, 4, 1, jpeg.length],
    ]),
    200: jpeg,
  });
  return [nef, orf, rafWith(jpeg), cr3With(jpeg), heicFile(nef)];
};
