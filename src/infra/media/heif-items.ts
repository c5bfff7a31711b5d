import type { Binary } from "./binary.js";
import type { Box } from "./boxes.js";

/** Where an item's bytes lie: 0 counts from the file's start, 1 from the start of `idat`. */
export interface ItemPlace {
  readonly construction: number;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

const MOST_ITEMS = 65_536;
const MOST_EXTENTS = 64;

function sized(data: Binary, at: number, bytes: number): number {
  if (bytes === 4) return data.u32(at);
  return bytes === 8 ? data.u64(at) : 0;
}

/** The places of the wanted items in an `iloc` box. Source: ISO/IEC 14496-12, section 8.11.3. */
export function itemPlaces(meta: Binary, iloc: Box, wanted: ReadonlySet<number>): Map<number, ItemPlace> {
  const version = meta.u8(iloc.start);
  const sizes = meta.u16(iloc.start + 4);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const isWide = version >= 2;
  const count = isWide ? meta.u32(iloc.start + 6) : meta.u16(iloc.start + 6);
  const end = iloc.start + iloc.size;
  let at = iloc.start + (isWide ? 10 : 8);
  const places = new Map<number, ItemPlace>();
  for (let i = 0; i < Math.min(count, MOST_ITEMS) && at < end; i++) {
    const id = isWide ? meta.u32(at) : meta.u16(at);
    at += isWide ? 4 : 2;
    const construction = version === 0 ? 0 : meta.u16(at) & 15;
    at += version === 0 ? 2 : 4;
    const base = sized(meta, at, baseBytes);
    at += baseBytes;
    const extentCount = meta.u16(at);
    at += 2;
    const step = indexBytes + offsetBytes + lengthBytes;
    if (wanted.has(id)) {
      const extents = Array.from({ length: Math.min(extentCount, MOST_EXTENTS) }, (_, n) => {
        const offsetAt = at + n * step + indexBytes;
        return {
          offset: base + sized(meta, offsetAt, offsetBytes),
          length: sized(meta, offsetAt + offsetBytes, lengthBytes),
        };
      });
      places.set(id, { construction, extents });
    }
    at += extentCount * step;
  }
  return places;
}
