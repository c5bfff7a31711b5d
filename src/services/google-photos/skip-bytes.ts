/** The bytes from an offset on. */
export async function* bytesFrom(
  source: AsyncIterable<Uint8Array>,
  offset: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const part of source) {
    const start = Math.max(0, offset - at);
    at += part.length;
    if (start < part.length) yield start === 0 ? part : part.subarray(start);
  }
}
