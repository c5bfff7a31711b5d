import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTakenDate } from "../../../src/domain/taken-date.js";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { readMedia } from "../../../src/infra/media/read-media.js";
import {
  appleKeys,
  box,
  EPOCH_GAP,
  fileType,
  heicFile,
  movieHeader,
  track,
  userText,
} from "../../fixtures/media/box-file.js";
import { exifBlock, gpsTags, TAG } from "../../fixtures/media/exif-block.js";
import { iptcDataSet, jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";

const exif = exifBlock({
  main: { [TAG.make]: "Canon", [TAG.model]: "EOS R5", [TAG.description]: "words of a person" },
  exif: {
    [TAG.taken]: "2024:01:15 10:30:00",
    [TAG.offsetTaken]: "+01:00",
    [TAG.userComment]: { bytes: Buffer.alloc(40) },
  },
  gps: gpsTags(12, "N", 30, "E"),
});
const seeds: Readonly<Record<string, Buffer>> = {
  JPEG: jpegFile({
    exif,
    xmp: xmpPacket("<dc:source>a</dc:source>", 'xmp:Rating="3"'),
    iptc: iptcDataSet(25, "sea"),
  }),
  TIFF: exif,
  HEIC: heicFile(exif),
  MP4: Buffer.concat([
    fileType("mp42"),
    box(
      "moov",
      movieHeader(EPOCH_GAP + 1e9),
      track([0, 1, -1, 0]),
      appleKeys({ make: "Apple" }),
      box("udta", userText("\xa9day", "2024")),
    ),
  ]),
};
const heads = [
  "",
  "\xff\xd8\xff\xe1",
  "II*\0",
  "\x89PNG\r\n\x1a\n",
  "RIFF\x10\0\0\0WEBP",
  "GIF89a",
  "\0\0\0\x18ftypheic",
  "\0\0\0\x0cJXL \r\n\x87\n",
];

async function expectSound(bytes: Uint8Array): Promise<void> {
  const before = process.cpuUsage();
  const { facts, raw, media } = await readMedia(bufferReader(bytes), "x.jpg");
  const { user, system } = process.cpuUsage(before);
  // Of the processor, in microseconds: how long others have it says nothing.
  expect(user + system).toBeLessThan(1_000_000);
  if (facts.taken_date !== undefined) expect(parseTakenDate(facts.taken_date)).not.toBeNull();
  const { lat = 0, lng = 0 } = facts.location ?? {};
  expect(Math.abs(lat) <= 90 && Math.abs(lng) <= 180).toBe(true);
  expect(Number.isFinite((media?.width ?? 0) + (media?.height ?? 0) + (media?.duration_seconds ?? 0))).toBe(
    true,
  );
  expect(JSON.parse(JSON.stringify(raw))).toEqual(raw);
}

describe("readMedia answers any bytes cleanly", () => {
  test.each(Object.entries(seeds))("a %s with changed bytes, cut anywhere", async (_, seed) => {
    const change = fc.tuple(fc.nat(seed.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x2a));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(seed.length), async (changes, cut) => {
        const bytes = Buffer.from(seed.subarray(0, seed.length - (cut % 3 === 0 ? cut : 0)));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        await expectSound(bytes);
      }),
      { numRuns: 250 },
    );
  });

  test("random bytes behind any format's first bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 4000 }), async (head, tail) => {
        await expectSound(Buffer.concat([Buffer.from(head, "latin1"), tail]));
      }),
      { numRuns: 400 },
    );
  });
});
