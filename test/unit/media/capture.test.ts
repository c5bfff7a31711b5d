import { describe, expect, test } from "vitest";
import { MediaCapture } from "../../../src/infra/media/capture.js";
import { readMedia } from "../../../src/infra/media/read-media.js";
import { appleKeys, box, EPOCH_GAP, fileType, movieHeader } from "../../fixtures/media/box-file.js";
import { exifBlock, TAG } from "../../fixtures/media/exif-block.js";
import { jpegFile } from "../../fixtures/media/jpeg-file.js";

const MIB = 1024 * 1024;

/** Feeds the capture a stream made of stretches of bytes and of zeros (a number), in chunks of `chunkBytes`. */
function captured(stretches: readonly (Uint8Array | number)[], chunkBytes = 64 * 1024): MediaCapture {
  const size = stretches.reduce<number>(
    (sum, part) => sum + (typeof part === "number" ? part : part.length),
    0,
  );
  const capture = new MediaCapture(size);
  const zeros = Buffer.alloc(chunkBytes);
  for (const part of stretches) {
    const length = typeof part === "number" ? part : part.length;
    for (let at = 0; at < length; at += chunkBytes) {
      const count = Math.min(chunkBytes, length - at);
      capture.push(typeof part === "number" ? zeros.subarray(0, count) : part.subarray(at, at + count));
    }
  }
  return capture;
}

describe("MediaCapture", () => {
  test("a file up to 32 MiB is kept whole, however it is cut in chunks", async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
    for (const chunkBytes of [1, 7, 4096]) {
      const reader = captured([bytes], chunkBytes).reader();
      expect(reader.sizeBytes).toBe(5000);
      expect(await reader.read(100, 300)).toEqual(bytes.subarray(100, 400));
      expect(await reader.read(4990, 300)).toHaveLength(10);
      expect(await reader.read(5000, 1)).toHaveLength(0);
      expect(await reader.read(-1, 1)).toHaveLength(0);
    }
  });

  test("a stream that ends early shows its real size", async () => {
    const capture = new MediaCapture(1000);
    capture.push(Buffer.alloc(400));
    expect(capture.reader().sizeBytes).toBe(400);
    expect(await capture.reader().read(300, 500)).toHaveLength(100);
  });

  test.each([
    ["the description last", (mdat: Buffer, moov: Buffer) => [mdat, 40 * MIB, moov]],
    [
      "the description between",
      (mdat: Buffer, moov: Buffer) => [mdat, 40 * MIB, moov, box("free", Buffer.alloc(8)), mdat, 40 * MIB],
    ],
    [
      "small boxes before it",
      (mdat: Buffer, moov: Buffer) => [box("free"), box("wide"), mdat, 40 * MIB, box("skip"), moov],
    ],
  ])("a large film with %s is read in full from one pass", async (_, order) => {
    const mdat = box("mdat");
    mdat.writeUInt32BE(8 + 40 * MIB);
    const keys = appleKeys({ creationdate: "2024-01-15T10:30:00+0100" });
    const moov = box("moov", movieHeader(EPOCH_GAP + 1000), box("free", Buffer.alloc(2 * MIB)), keys);
    for (const chunkBytes of [64 * 1024, 65_537]) {
      const reader = captured([fileType("qt  "), ...order(mdat, moov)], chunkBytes).reader();
      const { facts, media, warnings } = await readMedia(reader, "film.mov");
      expect(warnings).toEqual([]);
      expect(facts.taken_date).toBe("2024-01-15T10:30:00+01:00");
      expect(media?.duration_seconds).toBe(3.5);
    }
  });

  test("a 64-bit box size is followed", async () => {
    const mdat = Buffer.concat([Buffer.from([0, 0, 0, 1]), Buffer.from("mdat"), Buffer.alloc(8)]);
    mdat.writeBigUInt64BE(BigInt(16 + 40 * MIB), 8);
    const reader = captured([
      fileType("mp42"),
      mdat,
      40 * MIB,
      box("moov", movieHeader(EPOCH_GAP + 1000)),
    ]).reader();
    expect((await readMedia(reader, "film.mp4")).facts.taken_date).toBe("1970-01-01T00:16:40Z");
  });

  test("of a large file that is no film the start and the end are kept, and a hole reads short", async () => {
    const jpeg = jpegFile({ exif: exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } }) });
    const reader = captured([jpeg, 40 * MIB, Buffer.from("the end")]).reader();
    expect((await readMedia(reader, "large.jpg")).facts.taken_date).toBe("2024-01-15T10:30:00");
    expect(Buffer.from(await reader.read(reader.sizeBytes - 7, 100)).toString()).toBe("the end");
    expect(await reader.read(MIB - 10, 100)).toHaveLength(10);
    expect(await reader.read(20 * MIB, 100)).toHaveLength(0);
  });
});
