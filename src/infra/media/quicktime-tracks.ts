import type { Binary } from "./binary.js";
import { type Box, boxesIn } from "./boxes.js";
import { addTag, type Found } from "./found.js";

const MOST_TRACKS = 64;
const FIXED_POINT = 65_536;

/**
 * EXIF orientation of a track's matrix (a b u, c d v, …). Cameras write pure quarter turns; other matrices scale or
 * mirror and count as upright. Source: QuickTime File Format, "Matrices".
 */
function orientationOf(a: number, b: number, c: number): number | undefined {
  if (a === 0 && b > 0 && c < 0) return 6;
  if (a === 0 && b < 0 && c > 0) return 8;
  return a < 0 ? 3 : undefined;
}

/** The size (before turning) and turning of the largest picture track, from the track headers. */
export function readTracks(moov: Binary, boxes: readonly Box[], found: Found): void {
  let largest = 0;
  for (const track of boxes.filter(({ type }) => type === "trak").slice(0, MOST_TRACKS)) {
    const tkhd = boxesIn(moov, track.start, track.start + track.size).find(({ type }) => type === "tkhd");
    if (tkhd === undefined) continue;
    const matrix = tkhd.start + (moov.u8(tkhd.start) === 1 ? 52 : 40);
    const width = Math.round(moov.u32(matrix + 36) / FIXED_POINT);
    const height = Math.round(moov.u32(matrix + 40) / FIXED_POINT);
    if (width * height <= largest) continue;
    largest = width * height;
    Object.assign(found, { width, height });
    const orientation = orientationOf(moov.i32(matrix), moov.i32(matrix + 4), moov.i32(matrix + 12));
    if (orientation !== undefined) {
      found.orientation = orientation;
      addTag(found, "QuickTime:Rotation", { 6: 90, 3: 180, 8: 270 }[orientation]);
    }
  }
}
