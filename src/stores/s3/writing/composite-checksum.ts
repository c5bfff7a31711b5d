import { createHash } from "node:crypto";
import type { Call } from "../../../ports/call.js";
import { gatherer } from "./gather-bytes.js";

/**
 * What a server keeps for bytes that were sent in parts of this size: the SHA-256 of the parts' SHA-256 sums, and how many they were
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). Throws what the source throws.
 */
export async function compositeOf(
  source: AsyncIterable<Uint8Array>,
  partBytes: number,
  call: Call,
): Promise<string> {
  const reading = gatherer(source, call);
  const buffer = new Uint8Array(partBytes);
  const whole = createHash("sha256");
  let parts = 0;
  try {
    for (;;) {
      const filled = await reading.fill(buffer);
      if (filled === 0 && parts > 0) break;
      whole.update(createHash("sha256").update(buffer.subarray(0, filled)).digest());
      parts++;
      if (filled < partBytes) break;
    }
  } finally {
    await reading.close();
  }
  return `${whole.digest("base64")}-${parts}`;
}
