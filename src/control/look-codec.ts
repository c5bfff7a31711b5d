import { deflateRawSync, inflateRawSync } from "node:zlib";
import { GRID_SIZE } from "../domain/identity/perceptual-hash.js";
import { FINE_SIZE, type Sketch } from "../domain/identity/sketch.js";

const CELLS = GRID_SIZE * GRID_SIZE;
const HASH_BYTES = 32;
const MEASURES_BYTES = 16;
const COLOUR_START = HASH_BYTES + MEASURES_BYTES;
const LUMINANCE_START = COLOUR_START + 128;
const FINE_START = LUMINANCE_START + CELLS;

/** Each cell as its difference from the one before in its row, which packs to three quarters. */
function differences(luminance: Uint8Array, size: number): Uint8Array {
  return luminance.map((level, at) => (at % size === 0 ? level : (level - (luminance[at - 1] ?? 0)) & 0xff));
}

function sums(steps: Uint8Array, size: number): Uint8Array {
  const luminance = Uint8Array.from(steps);
  for (let at = 0; at < luminance.length; at += 1) {
    if (at % size !== 0) luminance[at] = ((luminance[at] ?? 0) + (luminance[at - 1] ?? 0)) & 0xff;
  }
  return luminance;
}

/** A sketch as the index keeps it: about 3 KB, so that it takes one page and not two; a flat one takes a few more. Nothing for bytes that cannot be decoded. */
export function packLook(sketch: Sketch | null): Uint8Array {
  if (sketch === null) return new Uint8Array(0);
  const measures = Buffer.alloc(MEASURES_BYTES);
  measures.writeDoubleLE(sketch.detail, 0);
  measures.writeDoubleLE(sketch.flatness, 8);
  const { hash, colour, luminance, fine } = sketch;
  return deflateRawSync(
    Buffer.concat([
      Buffer.from(hash, "hex"),
      measures,
      colour,
      differences(luminance, GRID_SIZE),
      fine === undefined ? Buffer.alloc(0) : differences(fine, FINE_SIZE),
    ]),
  );
}

/** The sketch that was packed. */
export function unpackLook(packed: Uint8Array): Sketch | null {
  if (packed.length === 0) return null;
  const whole = inflateRawSync(packed);
  const fine = whole.subarray(FINE_START);
  return {
    hash: whole.subarray(0, HASH_BYTES).toString("hex"),
    detail: whole.readDoubleLE(HASH_BYTES),
    flatness: whole.readDoubleLE(HASH_BYTES + 8),
    colour: Uint8Array.from(whole.subarray(COLOUR_START, LUMINANCE_START)),
    luminance: sums(whole.subarray(LUMINANCE_START, FINE_START), GRID_SIZE),
    ...(fine.length > 0 && { fine: sums(fine, FINE_SIZE) }),
  };
}
