import { Binary, findAscii } from "./binary.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { ExtendedXmp } from "./extended-xmp.js";
import { addTag, type Found, warn } from "./found.js";
import { iptcInResources } from "./photoshop.js";
import { decodeText, tidyText } from "./text.js";
import { readTiff } from "./tiff.js";

const MOST_SEGMENTS = 2048;
const MOST_FILL_BYTES = 64;
const EXIF = "Exif\0";
const XMP = "http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP = "http://ns.adobe.com/xmp/extension/\0";
const PHOTOSHOP = "Photoshop 3.0\0";

const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const hasNoPayload = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/**
 * Reads the segments of a JPEG up to its pixels: EXIF, XMP (with its extension), IPTC, size.
 * Source: ITU-T T.81 annex B; Exif 3.0 section 4.7; XMP specification part 3, section 1.1.3.
 */
export async function readJpeg(reader: ByteReader, found: Found): Promise<void> {
  const extended = new ExtendedXmp();
  const photoshop: Uint8Array[] = [];
  let hasExif = false;
  let at = 2;
  for (let seen = 0; seen < MOST_SEGMENTS; seen++) {
    const head = new Binary(await reader.read(at, 4 + MOST_FILL_BYTES));
    let fill = 0;
    while (head.u8(fill) === 0xff && head.u8(fill + 1) === 0xff && fill < MOST_FILL_BYTES) fill++;
    const marker = head.u8(fill + 1);
    if (head.u8(fill) !== 0xff || marker === 0) {
      warn(found, "JPEG: the segments before the pixels are damaged");
      break;
    }
    if (marker === 0xda || marker === 0xd9) break;
    if (hasNoPayload(marker)) {
      at += fill + 2;
      continue;
    }
    const length = head.u16(fill + 2);
    const start = at + fill + 4;
    at += fill + 2 + length;
    if (length < 2) {
      warn(found, "JPEG: the segments before the pixels are damaged");
      break;
    }
    if (isFrameHeader(marker)) {
      const frame = new Binary(await reader.read(start, 5));
      if (found.width === undefined) Object.assign(found, { width: frame.u16(3), height: frame.u16(1) });
    }
    if (marker !== 0xe1 && marker !== 0xed && marker !== 0xfe) continue;
    const segment = new Binary(await reader.read(start, length - 2));
    if (segment.length < length - 2) warn(found, "JPEG: the file ends before its pixels");
    if (marker === 0xfe) addTag(found, "File:Comment", tidyText(decodeText(segment.bytes)));
    else if (marker === 0xed && segment.latin1(0, PHOTOSHOP.length) === PHOTOSHOP) {
      photoshop.push(segment.bytes.subarray(PHOTOSHOP.length));
    } else if (segment.latin1(0, EXIF.length) === EXIF) {
      // "Exif", NUL and a pad byte; a second Exif segment is another program's leftover.
      if (!hasExif) await readTiff(bufferReader(segment.bytes.subarray(EXIF.length + 1)), found, "block");
      hasExif = true;
    } else if (segment.latin1(0, XMP.length) === XMP) {
      found.xmp.push(segment.bytes.subarray(XMP.length));
    } else if (segment.latin1(0, EXTENDED_XMP.length) === EXTENDED_XMP) {
      extended.add(segment.bytes.subarray(EXTENDED_XMP.length));
    } else if (findAscii(segment.bytes.subarray(0, 64), "<?xpacket") >= 0) {
      // Some writers misspell the namespace in front of the packet.
      found.xmp.push(segment.bytes.subarray(findAscii(segment.bytes, "<?xpacket")));
    }
  }
  // One block of resources may be cut over several segments.
  if (photoshop.length > 0) found.iptc.push(...iptcInResources(Buffer.concat(photoshop)));
  const main = found.xmp[0];
  if (main !== undefined) found.xmp.push(...extended.packetsFor(main));
}
