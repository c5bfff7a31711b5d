import { setFlagsFromString } from "node:v8";

/** Fewer photos than this fit well into the memory that photosync may take, whatever V8 leaves lying. */
const MANY_PHOTOS = 20_000;

let isSparing = false;

/**
 * Has V8 look for garbage when the heap has grown by a quarter, and not only at twice or more what was in use: less memory,
 * for a tenth to a sixth more processor time. Only from so many photos on that memory counts for more; call it as often as
 * the number grows. A V8 that does not know the flag would print an error, so only those get it that are known to.
 */
export function spareHeapFor(photos: number): void {
  if (isSparing || photos < MANY_PHOTOS || Number.parseInt(process.versions.node, 10) > 24) return;
  isSparing = true;
  setFlagsFromString("--heap-growing-percent=25");
}
