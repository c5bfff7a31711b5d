import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { SharpPreviews } from "../../../src/infra/media/sharp-previews.js";

const call = { signal: new AbortController().signal };
const decoder = new SharpPreviews();
const [RED, GREEN, BLUE, WHITE] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
] as const;

/** 40 × 20 pixels: red and green on the left, above and below; blue and white on the right. */
function fourColours(): Sharp {
  const rgb = Buffer.alloc(40 * 20 * 3);
  for (let pixel = 0; pixel < 800; pixel += 1) {
    const [isRight, isBelow] = [pixel % 40 >= 20, pixel >= 400];
    rgb.set(isRight ? (isBelow ? WHITE : BLUE) : isBelow ? GREEN : RED, 3 * pixel);
  }
  return sharp(rgb, { raw: { width: 40, height: 20, channels: 3 } });
}

/** A TIFF of one directory that says the orientation and where its JPEG lies, as RAW files do. */
function rawWith(jpeg: Buffer, orientation: number): Buffer {
  const entries = [
    [0x112, 3, 1, orientation],
    [0x201, 4, 1, 50],
    [0x202, 4, 1, jpeg.length],
  ] as const;
  const head = Buffer.alloc(50);
  head.write("II*\0", "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  for (const [at, [tag, type, count, value]] of entries.entries()) {
    head.writeUInt16LE(tag, 10 + 12 * at);
    head.writeUInt16LE(type, 12 + 12 * at);
    head.writeUInt32LE(count, 14 + 12 * at);
    head.writeUInt32LE(value, 18 + 12 * at);
  }
  return Buffer.concat([head, jpeg]);
}

/** The corners of a preview of 8 × 4 or 4 × 8 pixels: above left, above right, below left, below right. */
async function corners(bytes: Uint8Array, mime_type: string): Promise<readonly (readonly number[])[]> {
  const made = await decoder.pixels(
    bytes,
    { mime_type, sizeFor: ({ width, height }) => ({ width: width / 5, height: height / 5 }) },
    call,
  );
  if (made.kind === "unseen") throw new Error(made.reason);
  const { width, height, rgb } = made.pixels;
  const at = (pixel: number) =>
    [...rgb.subarray(3 * pixel, 3 * pixel + 3)].map((level) => (level > 127 ? 255 : 0));
  return [at(0), at(width - 1), at(width * (height - 1)), at(width * height - 1)];
}

describe("SharpPreviews", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "turns a JPEG of orientation %i upright, and a RAW's preview just so",
    async (orientation) => {
      const turned = await fourColours().jpeg({ quality: 100 }).withMetadata({ orientation }).toBuffer();
      const bare = await fourColours().jpeg({ quality: 100 }).toBuffer();
      const upright = await corners(turned, "image/jpeg");
      expect(await corners(rawWith(bare, orientation), "image/x-nikon-nef")).toEqual(upright);
      expect(await corners(rawWith(turned, 1), "image/x-nikon-nef")).toEqual(upright);
      const expected = {
        1: [RED, BLUE, GREEN, WHITE],
        3: [WHITE, GREEN, BLUE, RED],
        6: [GREEN, RED, WHITE, BLUE],
        8: [BLUE, WHITE, RED, GREEN],
      }[orientation];
      if (expected !== undefined) expect(upright).toEqual(expected);
    },
  );

  it("lays transparency on white", async () => {
    const clear = sharp({ create: { width: 40, height: 20, channels: 4, background: "#00000000" } });
    expect(await corners(await clear.png().toBuffer(), "image/png")).toEqual([WHITE, WHITE, WHITE, WHITE]);
  });

  it("uses no more colours than it may", async () => {
    const rgb = Buffer.from(
      Array.from({ length: 64 * 64 }, (_, at) => [at % 64, at / 64, 99].map((each) => 4 * each)).flat(),
    );
    const many = await sharp(rgb, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const wish = { mime_type: "image/png", mostColours: 16, sizeFor: () => ({ width: 50, height: 30 }) };
    const made = await decoder.pixels(many, wish, call);
    const bytes = made.kind === "seen" ? made.pixels.rgb : new Uint8Array(0);
    const colours = new Set(
      Array.from({ length: bytes.length / 3 }, (_, at) => String(bytes.subarray(3 * at, 3 * at + 3))),
    );
    expect(bytes).toHaveLength(50 * 30 * 3);
    expect(colours.size).toBeLessThanOrEqual(16);
  });

  it("makes a file of the wished size", async () => {
    const png = await fourColours().png().toBuffer();
    const wish = {
      mime_type: "image/png",
      format: "jpeg",
      sizeFor: () => ({ width: 12, height: 6 }),
    } as const;
    const made = await decoder.encoded(png, wish, call);
    const read = await sharp(made.kind === "seen" ? made.bytes : undefined).metadata();
    expect([read.format, read.width, read.height]).toEqual(["jpeg", 12, 6]);
  });

  it("says why it shows nothing of a video, a HEIC without a preview and broken bytes", async () => {
    const sizeFor = () => ({ width: 8, height: 4 });
    const kinds = await Promise.all(
      ["video/mp4", "image/heic", "image/jpeg"].map((mime_type) =>
        decoder.pixels(Buffer.from("no picture"), { mime_type, sizeFor }, call),
      ),
    );
    for (const made of kinds) expect(made).toEqual({ kind: "unseen", reason: expect.stringMatching(/./) });
  });

  it("stops when it is cancelled", async () => {
    const cancelled = { signal: AbortSignal.abort() };
    const wish = { mime_type: "image/jpeg", sizeFor: () => ({ width: 8, height: 4 }) };
    await expect(decoder.pixels(Buffer.alloc(9), wish, cancelled)).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});
