import { BoxStream } from "../../../src/infra/media/box-stream.js";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { MediaCapture } from "../../../src/infra/media/capture.js";
import { embeddedPreview } from "../../../src/infra/media/embedded-preview.js";
import { type MediaReading, readMedia } from "../../../src/infra/media/read-media.js";
import { promise, type Target } from "../target.js";
import { writtenDocument } from "../written-document.js";
import * as seeds from "./media-seeds.js";

const TIFF = [
  "II*\0",
  "MM\0*",
  "Exif\0\0",
  "\x69\x87",
  "\x25\x88",
  "\x4a\x01",
  "\x9a\x82",
  "\x83\xbb",
  "\xbc\x02",
];
const ISO =
  "ftyp moov mvhd trak tkhd meta hdlr keys ilst data udta iinf infe iloc iprp ipco ispe irot ipma pitm uuid mdat \xa9day \xa9xyz CMT1 PRVW";

function checked(reading: MediaReading, sizeBytes: number): void {
  const { facts, raw, media, embeddedMotion } = reading;
  promise(JSON.stringify(JSON.parse(JSON.stringify(raw))) === JSON.stringify(raw), "raw is no plain JSON");
  promise(JSON.stringify(raw).length < 8 * 1024 * 1024, "raw is larger than any document should be");
  for (const side of [media?.width, media?.height, media?.duration_seconds])
    promise(side === undefined || (Number.isFinite(side) && side > 0), `a size of ${side}`);
  if (embeddedMotion !== undefined) {
    const { offsetBytes, lengthBytes } = embeddedMotion;
    promise(
      offsetBytes >= 0 && lengthBytes > 0 && offsetBytes + lengthBytes <= sizeBytes,
      "a clip outside the file",
    );
  }
  if (reading.kind === "media" && media !== null)
    writtenDocument({ media, extension: reading.type?.extension ?? "", facts, raw });
}

async function readTwoWays(input: Buffer, filename: string): Promise<unknown> {
  const reading = await readMedia(bufferReader(input), filename);
  checked(reading, input.length);
  const capture = new MediaCapture(input.length);
  const half = input.length >> 1;
  capture.push(input.subarray(0, half));
  capture.push(input.subarray(half));
  const streamed = await readMedia(capture.reader(), filename);
  promise(JSON.stringify(streamed) === JSON.stringify(reading), "streaming the file gives another reading");
  return reading;
}

const media = (
  name: string,
  made: () => readonly Uint8Array[],
  tokens: readonly string[],
  files: RegExp,
): Target => ({
  name,
  mutation: "bytes",
  seeds: made,
  tokens,
  files,
  run: (input) => readTwoWays(input, `x.${name}`),
});

const boxes = ISO.split(" ");

/** Every format of pictures and films that `readMedia` knows. */
export const MEDIA_TARGETS: readonly Target[] = [
  media(
    "jpeg",
    seeds.jpegs,
    [
      "\xff\xe1",
      "\xff\xed",
      "\xff\xc0",
      "8BIM",
      "http://ns.adobe.com/xap/1.0/\0",
      "http://ns.adobe.com/xmp/extension/\0",
      ...TIFF,
    ],
    /\.jpe?g(\.fuzzed)?$/i,
  ),
  media("tiff", seeds.tiffs, TIFF, /\.(tiff?|cr2|nef|arw|dng|rw2|orf)$/i),
  media(
    "png",
    seeds.pngs,
    ["IHDR", "tEXt", "zTXt", "iTXt", "eXIf", "tIME", "Raw profile type exif\0", "XML:com.adobe.xmp\0"],
    /\.png$/i,
  ),
  media("gif", seeds.gifs, ["\x21\xfe", "\x21\xff", "\x2c", "XMP DataXMP"], /\.gif$/i),
  media("webp", seeds.webps, ["VP8X", "VP8L", "VP8 ", "EXIF", "XMP ", ...TIFF], /\.webp$/i),
  media("avi", seeds.avis, ["LIST", "hdrl", "avih", "INFO", "IDIT", "strl", "_PMX"], /\.avi$/i),
  media("heic", seeds.heics, [...boxes, ...TIFF], /\.(heic|heif|avif)$/i),
  media("jxl", seeds.jxls, ["jxlc", "jxlp", "Exif", "xml ", "brob", "\xff\x0a", ...TIFF], /\.jxl$/i),
  media("mp4", seeds.films, boxes, /\.(mp4|mov|3gp|3g2|m4v)$/i),
  media("cr3", seeds.cr3s, [...boxes, ...TIFF], /\.cr3$/i),
  media("crw", seeds.crws, ["HEAPCCDR", "\x0a\x28", "\x07\x30", "\x0e\x18"], /\.crw$/i),
  media("raf", seeds.rafs, ["FUJIFILMCCD-RAW", "\x01\x11", ...TIFF], /\.raf$/i),
  media("mts", seeds.mtses, ["MDPM", "\x47", "\x17\xee\x8c\x60"], /\.(mts|m2ts)$/i),
];

/** The JPEG that RAW files and HEICs carry for looking at. */
export const EMBEDDED_PREVIEW: Target = {
  name: "embedded-preview",
  mutation: "bytes",
  seeds: seeds.previews,
  tokens: ["\xff\xd8\xff", "\xff\xc0", "\x01\x02", "\x02\x02", "OLYMPUS\0", "crx ", ...TIFF],
  files: /\.(tiff?|cr2|cr3|nef|arw|dng|rw2|orf|raf|heic|heif)$/i,
  run: async (input) => {
    const found = await embeddedPreview(bufferReader(input));
    if (found === null) return null;
    const { jpeg, orientation } = found;
    promise(jpeg[0] === 0xff && jpeg[1] === 0xd8, "a preview that is no JPEG");
    promise(
      orientation === null || (orientation >= 1 && orientation <= 8),
      `an orientation of ${orientation}`,
    );
    return { length: jpeg.length, orientation };
  },
};

/** What is kept of a large film while it streams by. */
export const BOX_STREAM: Target = {
  name: "box-stream",
  mutation: "bytes",
  seeds: () => [...seeds.films(), ...seeds.heics()],
  tokens: boxes,
  files: /\.(mp4|mov|heic)$/i,
  run: (input) => {
    // The first byte tells how large the chunks are, so that boxes are cut anywhere.
    const step = 1 + (input[0] ?? 0);
    const kept = [step, input.length + 1].map((size) => {
      const stream = new BoxStream(input.length, 32 * 1024);
      for (let at = 0; at < input.length; at += size) stream.push(input.subarray(at, at + size));
      stream.end();
      return stream.regions.map(({ offset, bytes }) => {
        promise(offset >= 0 && offset + bytes.length <= input.length, "a box outside the file");
        promise(input.subarray(offset, offset + bytes.length).equals(bytes), "a box that holds other bytes");
        return [offset, bytes.length];
      });
    });
    promise(
      JSON.stringify(kept[0]) === JSON.stringify(kept[1]),
      "the size of the chunks changes what is kept",
    );
    const total = (kept[0] ?? []).reduce((sum, [, length]) => sum + (length ?? 0), 0);
    promise(total <= 32 * 1024 + 4096 * 16, "more is kept than the budget allows");
    return kept[0];
  },
};
