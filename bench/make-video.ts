import { open } from "node:fs/promises";

/** An ISO base media box (ISO/IEC 14496-12, 4.2) with this content. */
function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

/** Seconds from the start of 1904, from which QuickTime counts, to the start of 1970. */
const EPOCH_1904 = 2_082_844_800;
const TIMESCALE = 1000;

function movieHeader(takenSeconds: number, durationSeconds: number): Buffer {
  const fields = Buffer.alloc(100);
  fields.writeUInt32BE(takenSeconds + EPOCH_1904, 4);
  fields.writeUInt32BE(takenSeconds + EPOCH_1904, 8);
  fields.writeUInt32BE(TIMESCALE, 12);
  fields.writeUInt32BE(durationSeconds * TIMESCALE, 16);
  fields.writeUInt32BE(0x00010000, 20);
  fields.writeUInt32BE(2, 96);
  return box("mvhd", fields);
}

/**
 * Writes a QuickTime film whose media data has `sizeBytes` bytes and stands before its headers, as phones record. The media
 * data is a hole in the file: it reads as zeros, which is fair where memory is measured and not where time is.
 */
export async function writeVideo(path: string, sizeBytes: number): Promise<void> {
  const head = Buffer.concat([box("ftyp", Buffer.from("qt  \0\0\0\0qt  ", "latin1")), Buffer.alloc(16)]);
  const at = head.length - 16;
  head.writeUInt32BE(1, at);
  head.write("mdat", at + 4, "latin1");
  head.writeBigUInt64BE(BigInt(16 + sizeBytes), at + 8);
  const taken = Date.UTC(2024, 6, 14, 18) / 1000;
  const file = await open(path, "w");
  try {
    await file.write(head, 0, head.length, 0);
    const tail = box("moov", movieHeader(taken, 600));
    await file.write(tail, 0, tail.length, head.length + sizeBytes);
  } finally {
    await file.close();
  }
}
