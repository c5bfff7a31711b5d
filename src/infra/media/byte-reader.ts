/** Random access to a file's bytes. */
export interface ByteReader {
  readonly sizeBytes: number;
  /**
   * Up to `length` bytes from `offset`: fewer at the end of the file or at a hole (see `MediaCapture`), none beyond
   * it. Never throws for offsets or lengths outside the file. The bytes may be a view; do not write to them.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const NO_BYTES = new Uint8Array(0);

/** The reader of a file that is in memory as a whole. */
export function bufferReader(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.length,
    read(offset, length) {
      const usable = offset >= 0 && length > 0 && offset < bytes.length;
      return Promise.resolve(usable ? bytes.subarray(offset, offset + length) : NO_BYTES);
    },
  };
}

/** The reader of `length` bytes at `offset` inside another reader, such as a picture embedded in a RAW file. */
export function sliceReader(whole: ByteReader, offset: number, length: number): ByteReader {
  const sizeBytes = Math.max(0, Math.min(length, whole.sizeBytes - offset));
  return {
    sizeBytes,
    read(at, count) {
      if (at < 0 || at >= sizeBytes) return Promise.resolve(NO_BYTES);
      return whole.read(offset + at, Math.min(count, sizeBytes - at));
    },
  };
}
