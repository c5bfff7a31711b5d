import { inflateSync } from "node:zlib";

/** Deflate makes at most 1,032 bytes of one (https://www.zlib.net/feldspar.html): who claims more lies, and gets no memory for it. */
const mostOfOneByte = 1100;

/** An object's bytes, and how many compressed ones they were made of. */
export interface Inflated {
  readonly bytes: Buffer;
  readonly length: number;
}

/**
 * Unpacks what a pack holds of an object of `size` bytes; null where it is damaged. Packs do not say how many bytes it takes there, so `read` is asked for
 * what deflate needs at worst, and once more for more if even that was short; it gives that many bytes from the object's beginning, or what there is.
 */
export function inflateEntry(size: number, read: (length: number) => Buffer): Inflated | null {
  const likely = size + Math.ceil(size / 1000) + 64;
  for (const length of [likely, likely * 2 + 65_536]) {
    const packed = read(length);
    if (size > packed.length * mostOfOneByte) return null;
    const inflated = inflate(packed, size);
    if (inflated !== null) return inflated;
    if (packed.length < length) break;
  }
  return null;
}

function inflate(packed: Buffer, size: number): Inflated | null {
  try {
    // With `info`, Node gives the engine, too, which has counted what it took (https://nodejs.org/api/zlib.html#class-options).
    const inflated: unknown = inflateSync(packed, {
      info: true,
      // In one piece: pieces would be put together at the cost of twice the memory.
      chunkSize: Math.max(1024, size + 64),
      // What unpacks to more than it says is damaged; without this it might unpack to a thousand times its size.
      maxOutputLength: Math.max(1, size),
    });
    if (typeof inflated !== "object" || inflated === null) return null;
    if (!("buffer" in inflated && "engine" in inflated)) return null;
    const { buffer, engine } = inflated;
    if (!(buffer instanceof Buffer) || buffer.length !== size) return null;
    if (typeof engine !== "object" || engine === null || !("bytesWritten" in engine)) return null;
    return { bytes: buffer, length: Number(engine.bytesWritten) };
  } catch {
    return null;
  }
}
