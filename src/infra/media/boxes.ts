import { Binary } from "./binary.js";
import type { ByteReader } from "./byte-reader.js";

/** A box of an ISO base media or QuickTime file. */
export interface Box {
  readonly type: string;
  /** Where its payload starts, counted from the start of what was walked. */
  readonly start: number;
  readonly size: number;
  /** True where it says that it goes on beyond the end: the file is cut off, or the size is wrong. */
  readonly isCut: boolean;
}

const MOST_BOXES = 4096;
const LARGE = 1;
const TO_THE_END = 0;

/** Reads a box's header, or null where none can be: too few bytes, or a size that does not even cover the header. */
function boxAt(head: Binary, at: number, end: number): { box: Box; next: number } | null {
  if (head.length < 8) return null;
  const short = head.u32(0);
  const headerBytes = short === LARGE ? 16 : 8;
  const whole = short === LARGE ? head.u64(8) : short === TO_THE_END ? end - at : short;
  if (whole < headerBytes) return null;
  const size = Math.min(whole, end - at) - headerBytes;
  const isCut = at + whole > end;
  const box = { type: head.latin1(4, 4), start: at + headerBytes, size: Math.max(0, size), isCut };
  return { box, next: at + whole };
}

/** The boxes that stand in `data` between `start` and `end`. Source: ISO/IEC 14496-12, section 4.2. */
export function boxesIn(data: Binary, start = 0, end = data.length): Box[] {
  const boxes: Box[] = [];
  let at = start;
  const limit = Math.min(end, data.length);
  while (at + 8 <= limit && boxes.length < MOST_BOXES) {
    const read = boxAt(new Binary(data.slice(at, 16)), at, limit);
    if (read === null) break;
    boxes.push(read.box);
    at = read.next;
  }
  return boxes;
}

/** The top-level boxes of a file; of those beyond a hole nothing is known, so the walk ends there. */
export async function topBoxes(reader: ByteReader): Promise<Box[]> {
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= reader.sizeBytes && boxes.length < MOST_BOXES) {
    const read = boxAt(new Binary(await reader.read(at, 16)), at, reader.sizeBytes);
    if (read === null) break;
    boxes.push(read.box);
    at = read.next;
  }
  return boxes;
}
