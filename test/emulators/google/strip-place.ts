const GPS_POINTER = 0x8825;
/** A tag that says no more than that these bytes are filler (TIFF/EP and Windows call it padding). */
const PADDING = 0xea1c;

/** Where the TIFF part of a JPEG's EXIF begins. */
function tiffStart(bytes: Buffer): number | null {
  for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xda) return null;
    if (marker === 0xe1 && bytes.toString("latin1", at + 4, at + 10) === "Exif\0\0") return at + 10;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** Blots out the place in a JPEG's EXIF: the pointer to the GPS tags and the tags themselves. */
function blotPlace(bytes: Buffer): void {
  const start = tiffStart(bytes);
  if (start === null) return;
  const isLittle = bytes.toString("latin1", start, start + 2) === "II";
  const u16 = (at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const first = start + u32(start + 4);
  for (let entry = 0; entry < u16(first); entry += 1) {
    const at = first + 2 + entry * 12;
    if (u16(at) !== GPS_POINTER) continue;
    const gps = start + u32(at + 8);
    const tags = u16(gps);
    bytes.fill(0, gps, Math.min(bytes.length, gps + 2 + tags * 12));
    if (isLittle) bytes.writeUInt16LE(PADDING, at);
    else bytes.writeUInt16BE(PADDING, at);
  }
}

const NOTE = Buffer.from("as Google gives it");

/**
 * What Google Photos gives for `=d`: the picture without its place. Whether a picture that has none comes back byte for byte
 * is not known; here it never does, so that nobody counts on it.
 */
export function asDownloaded(original: Uint8Array): Uint8Array {
  const bytes = Buffer.from(original);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return Buffer.concat([bytes, NOTE]);
  try {
    blotPlace(bytes);
  } catch (error) {
    // A JPEG that is cut short may point outside itself; it has no place to hide then.
    if (!(error instanceof RangeError)) throw error;
  }
  const comment = Buffer.from([0xff, 0xfe, 0, NOTE.length + 2]);
  return Buffer.concat([bytes.subarray(0, 2), comment, NOTE, bytes.subarray(2)]);
}
