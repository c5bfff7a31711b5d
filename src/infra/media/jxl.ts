import { brotliDecompressSync } from "node:zlib";
import { Binary } from "./binary.js";
import { topBoxes } from "./boxes.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { type Found, warn } from "./found.js";
import { readTiff } from "./tiff.js";

const MOST_BYTES = 8 * 1024 * 1024;

/** Bits of a JPEG XL codestream, least significant first. */
class Bits {
  private position: number;
  private readonly data: Binary;

  constructor(data: Binary, firstByte: number) {
    this.data = data;
    this.position = firstByte * 8;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.position++) {
      value += ((this.data.u8(this.position >> 3) >> (this.position & 7)) & 1) * 2 ** i;
    }
    return value;
  }
}

const RATIOS = [1, 1, 1.2, 4 / 3, 1.5, 16 / 9, 1.25, 2];

/** SizeHeader behind the two bytes of the signature. Source: ISO/IEC 18181-1, annex D.2. */
function readSize(codestream: Uint8Array, found: Found): void {
  const bits = new Bits(new Binary(codestream), 2);
  const isSmall = bits.take(1) === 1;
  const side = (): number =>
    isSmall ? (bits.take(5) + 1) * 8 : bits.take([9, 13, 18, 30][bits.take(2)] ?? 9) + 1;
  const height = side();
  const ratio = bits.take(3);
  const width = ratio === 0 ? side() : Math.floor(height * (RATIOS[ratio] ?? 1));
  Object.assign(found, { width, height });
}

function unpack(bytes: Uint8Array, found: Found): Uint8Array {
  try {
    return brotliDecompressSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    warn(found, "JPEG XL: a compressed block of metadata is damaged");
    return new Uint8Array(0);
  }
}

async function readBlock(type: string, bytes: Uint8Array, found: Found): Promise<void> {
  if (type === "xml " && bytes.length > 0) found.xmp.push(bytes);
  if (type !== "Exif" || bytes.length < 8) return;
  await readTiff(bufferReader(bytes.subarray(4 + new Binary(bytes).u32(0))), found, "block");
}

/** Reads a JPEG XL: EXIF and XMP boxes, plain or Brotli-compressed, and the size. Source: ISO/IEC 18181-2. */
export async function readJxl(reader: ByteReader, found: Found): Promise<void> {
  const head = await reader.read(0, 16);
  if (head[0] === 0xff && head[1] === 0x0a) {
    readSize(head, found);
    return;
  }
  for (const { type, start, size } of await topBoxes(reader)) {
    if (type === "jxlc" || type === "jxlp") {
      const skipped = type === "jxlp" ? 4 : 0;
      if (found.width === undefined) readSize(await reader.read(start + skipped, 16), found);
    } else if (type === "Exif" || type === "xml " || type === "brob") {
      const bytes = await reader.read(start, Math.min(size, MOST_BYTES));
      if (type !== "brob") await readBlock(type, bytes, found);
      else {
        const inner = new Binary(bytes).latin1(0, 4);
        if (inner === "Exif" || inner === "xml ")
          await readBlock(inner, unpack(bytes.subarray(4), found), found);
      }
    }
  }
}
