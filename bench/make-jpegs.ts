import { createCipheriv } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";

const DATE = "2001:01:01 00:00:00";
const CAMERA = "Phone number 00000";
const START_OF_FRAME = 0xc0;
const START_OF_SCAN = 0xda;
/** How many pictures are in one folder. */
const A_FOLDER = 500;

/** A picture of a made-up collection. */
export interface MadeJpeg {
  /** Relative, with `/`: `2019/IMG_000042.jpg`. */
  readonly name: string;
  /** When its EXIF says it was taken, as a clock without a zone: `2019-03-02T08:00:00`. */
  readonly taken: string;
  readonly bytes: Buffer;
}

/** Makes the pictures of a collection by number: the same number and size give the same bytes. */
export type MakeJpeg = (number: number, sizeBytes: number) => MadeJpeg;

/**
 * A maker of JPEGs whose structure and EXIF are a real encoder's, with date and camera of their own, and whose scan is
 * incompressible bytes unlike any other picture's: nothing here or in an alternative can save work on them.
 */
export async function jpegMaker(): Promise<MakeJpeg> {
  const encoded = await sharp({ create: { width: 16, height: 16, channels: 3, background: "#88aacc" } })
    .jpeg()
    .withExif({
      IFD0: { Make: "Example", Model: CAMERA, Software: "Camera 7.1" },
      IFD2: { DateTimeOriginal: DATE, FNumber: "28/10", ExposureTime: "1/250", ISOSpeedRatings: "200" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "43/1 16/1 123/10",
        GPSLongitudeRef: "E",
        GPSLongitude: "3/1 31/1 204/10",
      },
    })
    .toBuffer();
  const head = Buffer.from(encoded.subarray(0, endOfScanHeader(encoded)));
  const dateAt = head.indexOf(DATE);
  const cameraAt = head.indexOf(CAMERA);
  if (dateAt < 0 || cameraAt < 0) throw new Error("the encoder left out the EXIF that it was given");
  return (number, sizeBytes) => {
    const taken = new Date(Date.UTC(2012, 0, 1, 8) + number * 3_000_000).toISOString().slice(0, 19);
    const bytes = Buffer.allocUnsafe(sizeBytes);
    fillUniquely(bytes, number);
    head.copy(bytes);
    bytes.write(taken.replaceAll("-", ":").replace("T", " "), dateAt, "latin1");
    bytes.write(`Phone number ${String(number % 12).padStart(5, "0")}`, cameraAt, "latin1");
    bytes.writeUInt16BE(0xffd9, sizeBytes - 2);
    const folder = String(2000 + Math.floor(number / A_FOLDER));
    return { name: `${folder}/IMG_${String(number).padStart(6, "0")}.jpg`, taken, bytes };
  };
}

/** Where the entropy-coded bytes begin; the frame is made to say 4032 x 3024 on the way (ITU T.81, B.2.2). */
function endOfScanHeader(jpeg: Buffer): number {
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg.readUInt8(at + 1);
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (marker === START_OF_FRAME) {
      jpeg.writeUInt16BE(3024, at + 5);
      jpeg.writeUInt16BE(4032, at + 7);
    }
    if (marker === START_OF_SCAN) return end;
    at = end;
  }
  throw new Error("the encoder made a JPEG without a scan");
}

/** AES in counter mode is the quickest source of bytes that no program can shorten. A scan may not hold 0xFF. */
function fillUniquely(bytes: Buffer, number: number): void {
  const key = Buffer.alloc(16);
  key.writeUInt32LE(number + 1);
  const cipher = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  cipher.update(Buffer.alloc(bytes.length)).copy(bytes);
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) bytes[at] = 0xfe;
}

/** About `mean` bytes, three tenths more or less, differing from number to number. */
export const variedSize = (number: number, mean: number): number =>
  Math.round(mean * (0.7 + 0.6 * ((number * 0.618034) % 1)));

/** Writes so many JPEGs of about `meanBytes` into a folder. */
export async function writeJpegs(folder: string, count: number, meanBytes: number): Promise<void> {
  const make = await jpegMaker();
  for (let number = 0; number < count; number += 1) {
    const { name, bytes } = make(number, variedSize(number, meanBytes));
    const path = join(folder, name);
    if (number % A_FOLDER === 0) await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
