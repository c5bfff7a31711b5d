import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferReader } from "../../../src/infra/media/byte-reader.js";
import { type MediaReading, readMedia } from "../../../src/infra/media/read-media.js";
import { heicFile } from "../../fixtures/media/box-file.js";
import { exifBlock, TAG } from "../../fixtures/media/exif-block.js";
import { jpegFile, xmpPacket } from "../../fixtures/media/jpeg-file.js";

const read = (bytes: Uint8Array, name = "photo.jpg"): Promise<MediaReading> =>
  readMedia(bufferReader(bytes), name);

describe("formats", () => {
  const exif = {
    IFD0: { Make: "Canon", Model: "EOS R5" },
    IFD2: { DateTimeOriginal: "2024:01:15 10:30:00" },
  };
  test.each(["jpeg", "png", "webp", "avif"] as const)("%s by content, whatever its name", async (format) => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
      .withExif(exif)
      .toFormat(format)
      .toBuffer();
    const { kind, media, facts } = await read(bytes, "wrong.mov");
    expect(kind).toBe("media");
    expect(media).toMatchObject({ mime_type: `image/${format}`, width: 40, height: 30 });
    expect(facts.camera_info).toEqual({ make: "Canon", model: "EOS R5" });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
  });

  test("a TIFF", async () => {
    const bytes = exifBlock({ main: { 256: 40, 257: 30, [TAG.make]: "Epson" } });
    const { media, facts } = await read(bytes, "scan.tif");
    expect(media).toMatchObject({ mime_type: "image/tiff", width: 40, height: 30 });
    expect(facts.camera_info).toEqual({ make: "Epson" });
  });

  test("a GIF", async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
      .gif()
      .toBuffer();
    expect(await read(bytes, "a.gif")).toMatchObject({
      kind: "media",
      media: { mime_type: "image/gif", width: 40 },
    });
  });

  test("a HEIC with its Exif at the end of the file and a turned picture", async () => {
    const { type, media, facts } = await read(
      heicFile(exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } })),
    );
    expect(type?.extension).toBe("heic");
    expect(media).toMatchObject({ width: 400, height: 300, orientation: 6 });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
  });

  test("a RAW file is told from a TIFF by its sensor data and maker", async () => {
    const raw = exifBlock({ main: { [TAG.make]: "NIKON CORPORATION", 256: 6000, 257: 4000, 259: 34713 } });
    expect(await read(raw, "x.tif")).toMatchObject({
      type: { kind: "raw", extension: "nef" },
      media: { width: 6000 },
    });
    const tiff = exifBlock({ main: { [TAG.make]: "NIKON CORPORATION", 256: 60, 257: 40, 259: 1 } });
    expect((await read(tiff, "x.nef")).type).toMatchObject({ kind: "image", extension: "tif" });
  });
});

describe("broken files", () => {
  test("an empty file and garbage under a picture's name are no media, with a warning", async () => {
    for (const bytes of [new Uint8Array(0), Buffer.from("not a picture at all")]) {
      const { kind, warnings } = await read(bytes);
      expect(kind).toBe("other");
      expect(warnings).toHaveLength(1);
    }
    expect(await read(Buffer.from("text"), "notes.txt")).toMatchObject({ kind: "other", warnings: [] });
  });

  test("a JPEG with a damaged EXIF block is still a picture", async () => {
    const exif = exifBlock({
      main: { [TAG.make]: "Canon Incorporated" },
      exif: { [TAG.taken]: "2024:01:15 10:30:00" },
    });
    exif.writeUInt32LE(0xfffffff0, 8 + 2 + 8);
    const { kind, media, facts, warnings } = await read(jpegFile({ exif }));
    expect(kind).toBe("media");
    expect(media).toMatchObject({ width: 40, height: 30 });
    expect(facts.taken_date).toBe("2024-01-15T10:30:00");
    expect(warnings).toHaveLength(1);
  });

  test("directories that point at themselves end", async () => {
    const exif = exifBlock({ exif: { [TAG.taken]: "2024:01:15 10:30:00" } });
    exif.writeUInt32LE(8, 8 + 2 + 8);
    expect((await read(jpegFile({ exif }))).kind).toBe("media");
  });

  test("XMP with entities of its own is refused", async () => {
    const xmp = `<!DOCTYPE x [<!ENTITY a "aaaa">]>${xmpPacket("<dc:source>&a;</dc:source>")}`;
    const { kind, raw, warnings } = await read(jpegFile({ xmp }));
    expect(kind).toBe("media");
    expect(raw).toEqual({});
    expect(warnings).toHaveLength(1);
  });
});
