import { BoxStream, type Region } from "./box-stream.js";
import type { ByteReader } from "./byte-reader.js";

const MIB = 1024 * 1024;
/** Files up to this size are kept whole. */
const WHOLE_BYTES = 32 * MIB;
/** Of larger ones this much of the start and of the end: EXIF stands at the start, trailers and late IFDs at the end. */
const EDGE_BYTES = MIB;
const BOX_BUDGET_BYTES = 48 * MIB;

/**
 * Keeps what metadata readers need of a file while somebody else (who hashes it) streams it, so that every source file
 * is read exactly once. Files up to 32 MiB are kept whole. Of larger ones: the first and the last MiB and, in an ISO
 * base media file, every top-level box that is not media data (at most 48 MiB in all): `moov` may stand anywhere.
 */
export class MediaCapture {
  private readonly sizeBytes: number;
  private readonly whole: Uint8Array | null;
  private readonly head: Uint8Array;
  private readonly tail: Uint8Array;
  private readonly boxes: BoxStream;
  private receivedBytes = 0;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
    const keepWhole = sizeBytes <= WHOLE_BYTES;
    this.whole = keepWhole ? Buffer.allocUnsafeSlow(sizeBytes) : null;
    this.head = keepWhole ? new Uint8Array(0) : new Uint8Array(EDGE_BYTES);
    this.tail = keepWhole ? new Uint8Array(0) : new Uint8Array(EDGE_BYTES);
    this.boxes = new BoxStream(sizeBytes, BOX_BUDGET_BYTES);
  }

  /** The next bytes of the file, in order. Bytes beyond the announced size are counted as missing. */
  push(chunk: Uint8Array): void {
    const bytes = chunk.subarray(0, Math.max(0, this.sizeBytes - this.receivedBytes));
    if (this.whole !== null) this.whole.set(bytes, this.receivedBytes);
    else this.keepParts(bytes);
    this.receivedBytes += bytes.length;
  }

  private keepParts(bytes: Uint8Array): void {
    const start = this.receivedBytes;
    if (start < EDGE_BYTES) this.head.set(bytes.subarray(0, EDGE_BYTES - start), start);
    const tailStart = this.sizeBytes - EDGE_BYTES;
    if (start + bytes.length > tailStart) {
      const skipped = Math.max(0, tailStart - start);
      this.tail.set(bytes.subarray(skipped), start + skipped - tailStart);
    }
    this.boxes.push(bytes);
  }

  /**
   * The reader of what was kept; call it after the last `push`. Its size is that of the bytes which really came.
   * A read that reaches a hole is cut short there; one that starts in a hole is empty.
   */
  reader(): ByteReader {
    if (this.whole !== null) return regionReader([{ offset: 0, bytes: this.whole }], this.receivedBytes);
    this.boxes.end();
    const tail = { offset: this.sizeBytes - EDGE_BYTES, bytes: this.tail };
    const regions = [{ offset: 0, bytes: this.head }, ...this.boxes.regions, tail];
    return regionReader(regions, this.receivedBytes);
  }
}

/** Reads from kept stretches; neighbouring ones are joined as far as a read needs. */
function regionReader(kept: readonly Region[], sizeBytes: number): ByteReader {
  const regions = kept.map(({ offset, bytes }) => ({
    offset,
    bytes: bytes.subarray(0, Math.max(0, sizeBytes - offset)),
  }));
  const from = (position: number): Uint8Array => {
    let best: Uint8Array = new Uint8Array(0);
    for (const { offset, bytes } of regions) {
      if (offset > position || position >= offset + bytes.length) continue;
      const rest = bytes.subarray(position - offset);
      if (rest.length > best.length) best = rest;
    }
    return best;
  };
  return {
    sizeBytes,
    async read(offset, length) {
      if (offset < 0 || length <= 0) return new Uint8Array(0);
      const first = from(offset).subarray(0, length);
      if (first.length === length || first.length === 0) return first;
      const parts = [first];
      let got = first.length;
      while (got < length) {
        const more = from(offset + got).subarray(0, length - got);
        if (more.length === 0) break;
        parts.push(more);
        got += more.length;
      }
      return parts.length === 1 ? first : Buffer.concat(parts);
    },
  };
}
