import { throwIfAborted, untilAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";

/** Reads a source piece by piece into buffers. */
export interface Gatherer {
  /** Fills the buffer, or as much of it as the source gives; tells how much. */
  fill(buffer: Uint8Array): Promise<number>;
  /** True when the source has ended. */
  isAtEnd(): Promise<boolean>;
  close(): Promise<void>;
}

/** True where a source has read these bytes to where they belong. */
const liesIn = (buffer: Uint8Array, at: number, bytes: Uint8Array): boolean =>
  bytes.buffer === buffer.buffer && bytes.byteOffset === buffer.byteOffset + at;

/** Takes a source apart into pieces of the reader's size. Throws what the source throws, and `cancelled`. */
export function gatherer(source: AsyncIterable<Uint8Array>, call: Call): Gatherer {
  const chunks = untilAborted(source, call);
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;

  async function next(): Promise<void> {
    while (rest.length === 0 && !ended) {
      const { value, done } = await chunks.next();
      if (done === true) ended = true;
      else rest = value;
    }
  }
  return {
    async fill(buffer) {
      let filled = 0;
      while (filled < buffer.length) {
        throwIfAborted(call);
        await next();
        if (rest.length === 0) break;
        const taken = rest.subarray(0, buffer.length - filled);
        if (!liesIn(buffer, filled, taken)) buffer.set(taken, filled);
        filled += taken.length;
        rest = rest.subarray(taken.length);
      }
      return filled;
    },
    async isAtEnd() {
      await next();
      return rest.length === 0;
    },
    async close() {
      await chunks.return();
    },
  };
}
