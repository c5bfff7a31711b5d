import { createCipheriv, createDecipheriv } from "node:crypto";

export const FILE_KEY_BYTES = 16;
const CIPHER = "chacha20-poly1305";
/** Every wrapping key is used once. */
const ZERO_NONCE = Buffer.alloc(12);
const TAG = { authTagLength: 16 } as const;

/** The body of a stanza as each recipient type of age makes it of a file key: https://c2sp.org/age, "Recipient types". */
export function wrapFileKey(fileKey: Uint8Array, wrappingKey: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, wrappingKey, ZERO_NONCE, TAG);
  return new Uint8Array(Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]));
}

/** The file key of such a body; null where it was wrapped with another key, or was changed. */
export function unwrapFileKey(body: Uint8Array, wrappingKey: Uint8Array): Uint8Array | null {
  if (body.length !== FILE_KEY_BYTES + TAG.authTagLength) return null;
  const decipher = createDecipheriv(CIPHER, wrappingKey, ZERO_NONCE, TAG);
  decipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
  const fileKey = decipher.update(body.subarray(0, FILE_KEY_BYTES));
  try {
    decipher.final();
    return new Uint8Array(fileKey);
  } catch {
    return null;
  }
}
