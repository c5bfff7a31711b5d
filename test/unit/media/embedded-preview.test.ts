import { describe, expect, it } from "vitest";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { embeddedPreview } from "../../../src/infra/media/embedded-preview.js";
import { heicFile } from "../../fixtures/media/box-file.js";
import { cr3With, directory, frameOnlyJpeg, rafWith, tiffOf } from "../../fixtures/media/preview-file.js";
import { previews } from "../../fuzz/targets/media-seeds.js";

const [SMALL, LARGE] = [frameOnlyJpeg("small"), frameOnlyJpeg("a larger one")];
const LOSSLESS = Buffer.concat([LARGE, Buffer.alloc(99)]);
LOSSLESS[3] = 0xc3;

const found = async (bytes: Uint8Array) => {
  const preview = await embeddedPreview(bufferReader(bytes));
  return preview && { jpeg: Buffer.from(preview.jpeg).toString("latin1"), orientation: preview.orientation };
};
const jpegAt = (offset: number, jpeg: Buffer) =>
  [
    [0x201, 4, 1, offset],
    [0x202, 4, 1, jpeg.length],
  ] as const;

describe("embeddedPreview", () => {
  it("takes the largest JPEG of all directories, and the orientation of the first", async () => {
    const raw = tiffOf({
      8: directory(
        [
          [0x112, 3, 1, 6],
          [0x14a, 4, 2, 100],
        ],
        120,
      ),
      100: Buffer.from([150, 0, 0, 0, 200, 0, 0, 0]),
      120: directory(jpegAt(300, SMALL)),
      150: directory([[0x112, 3, 1, 8]]),
      200: directory(jpegAt(400, LARGE)),
      300: SMALL,
      400: LARGE,
    });
    expect(await found(raw)).toEqual({ jpeg: LARGE.toString("latin1"), orientation: 6 });
  });

  it("leaves sensor data alone that is kept as lossless JPEG", async () => {
    const cr2 = tiffOf({
      8: directory(
        [
          [0x103, 3, 1, 6],
          [0x111, 4, 1, 300],
          [0x117, 4, 1, LOSSLESS.length],
        ],
        100,
      ),
      100: directory(jpegAt(200, SMALL)),
      200: SMALL,
      300: LOSSLESS,
    });
    expect(await found(cr2)).toEqual({ jpeg: SMALL.toString("latin1"), orientation: null });
  });

  it("takes Panasonic's, Fujifilm's, Canon's and Olympus's, and the EXIF thumbnail of a HEIC", async () => {
    const rw2 = tiffOf({ 8: directory([[0x2e, 7, LARGE.length, 100]]), 100: LARGE });
    const thumbnailed = tiffOf({
      8: directory([[0x112, 3, 1, 3]], 50),
      50: directory(jpegAt(100, SMALL)),
      100: SMALL,
    });
    expect((await found(rw2))?.jpeg).toBe(LARGE.toString("latin1"));
    expect((await found(rafWith(LARGE)))?.jpeg).toBe(LARGE.toString("latin1"));
    expect((await found(cr3With(LARGE)))?.jpeg).toBe(LARGE.toString("latin1"));
    expect(await found(heicFile(thumbnailed))).toEqual({ jpeg: SMALL.toString("latin1"), orientation: 3 });
    for (const seed of previews()) expect(await found(seed)).not.toBeNull();
  });

  it("finds none where there is none, and ends where directories point at one another", async () => {
    const looped = tiffOf({ 8: directory([[0x14a, 4, 1, 8]], 8) });
    const lying = tiffOf({ 8: directory(jpegAt(4_000_000_000, LARGE)) });
    for (const bytes of [looped, lying, heicFile(tiffOf({ 8: directory([]) })), Buffer.alloc(0), SMALL]) {
      expect(await found(bytes)).toBeNull();
    }
  });
});
