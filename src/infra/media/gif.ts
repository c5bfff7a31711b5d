import { Binary } from "./binary.js";
import type { ByteReader } from "./byte-reader.js";
import { addTag, type Found, warn } from "./found.js";
import { decodeText } from "./text.js";

const MOST_BYTES = 32 * 1024 * 1024;
/** Behind an XMP packet stand 0x01, 0xff down to 0x00 and the terminator, so that readers of sub-blocks find its end. */
const XMP_TRAILER_BYTES = 258;

/** The position behind a run of sub-blocks, each led by its length, ended by a zero. */
function afterSubBlocks(data: Binary, start: number): number {
  let at = start;
  while (at < data.length && data.u8(at) !== 0) at += data.u8(at) + 1;
  return at + 1;
}

const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

function readExtension(data: Binary, at: number, found: Found): number {
  const label = data.u8(at + 1);
  const end = afterSubBlocks(data, at + 2);
  if (label === 0xfe) {
    const parts: Uint8Array[] = [];
    for (let block = at + 2; block < end - 1; block += data.u8(block) + 1)
      parts.push(data.slice(block + 1, data.u8(block)));
    addTag(found, "GIF:Comment", decodeText(Buffer.concat(parts)));
  } else if (label === 0xff && data.latin1(at + 3, 11) === "XMP DataXMP") {
    // The packet stands as it is, without lengths: reading it as sub-blocks only finds where it ends.
    const start = at + 14;
    const packet = data.slice(start, Math.max(0, end - start - XMP_TRAILER_BYTES + 1));
    if (packet.length > 0) found.xmp.push(packet);
    else warn(found, "XMP: the packet is empty");
  }
  return end;
}

/** Reads a GIF: size, comment, XMP. Source: GIF89a; XMP specification part 3, section 1.1.2. */
export async function readGif(reader: ByteReader, found: Found): Promise<void> {
  const data = new Binary(await reader.read(0, Math.min(reader.sizeBytes, MOST_BYTES)));
  Object.assign(found, { width: data.u16(6, true), height: data.u16(8, true) });
  let at = 13 + tableBytes(data.u8(10));
  while (at < data.length) {
    const kind = data.u8(at);
    if (kind === 0x21) at = readExtension(data, at, found);
    else if (kind === 0x2c) at = afterSubBlocks(data, at + 10 + tableBytes(data.u8(at + 9)) + 1);
    else break;
  }
}
