import { createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";

const BLOCK = 16;
const ZERO = Buffer.alloc(BLOCK);

/** Encrypts texts so that equal ones look equal and nothing else can be told of them; a changed one opens to nothing. */
export interface AesSiv {
  /** 16 bytes more than the text, of which must be a whole number of blocks of 16 bytes, two or more. */
  seal(text: Uint8Array): Uint8Array;
  /** Null for what was not sealed with this key. */
  open(sealed: Uint8Array): Uint8Array | null;
}

/** Doubling in GF(2^128) as CMAC does it (NIST SP 800-38B, section 6.1). */
function doubled(block: Uint8Array): Buffer {
  const twice = Buffer.alloc(BLOCK);
  for (let n = 0; n < BLOCK; n++) twice[n] = (((block[n] ?? 0) << 1) | ((block[n + 1] ?? 0) >> 7)) & 0xff;
  if ((block[0] ?? 0) & 0x80) twice[BLOCK - 1] = (twice[BLOCK - 1] ?? 0) ^ 0x87;
  return twice;
}

const xorInto = (target: Uint8Array, at: number, mask: Uint8Array): void => {
  for (let n = 0; n < BLOCK; n++) target[at + n] = (target[at + n] ?? 0) ^ (mask[n] ?? 0);
};

/** AES-256-SIV (RFC 5297) without associated data, for texts of whole blocks, by Node's own AES. `key` is 64 bytes. */
export function aesSiv(key: Uint8Array): AesSiv {
  const macKey = key.subarray(0, 32);
  const textKey = key.subarray(32);
  const lastOfCbc = (text: Uint8Array): Buffer => {
    const cipher = createCipheriv("aes-256-cbc", macKey, ZERO).setAutoPadding(false);
    return cipher.update(text).subarray(-BLOCK);
  };
  const lastMask = doubled(lastOfCbc(ZERO));
  const cmac = (text: Uint8Array): Buffer => {
    const masked = Buffer.from(text);
    xorInto(masked, masked.length - BLOCK, lastMask);
    return lastOfCbc(masked);
  };
  const start = cmac(ZERO);
  const ivOf = (text: Uint8Array): Buffer => {
    const mixed = Buffer.from(text);
    xorInto(mixed, mixed.length - BLOCK, start);
    return cmac(mixed);
  };
  const counterOf = (iv: Uint8Array): Buffer => {
    const counter = Buffer.from(iv);
    counter[8] = (counter[8] ?? 0) & 0x7f;
    counter[12] = (counter[12] ?? 0) & 0x7f;
    return counter;
  };
  return {
    seal(text) {
      const iv = ivOf(text);
      return Buffer.concat([iv, createCipheriv("aes-256-ctr", textKey, counterOf(iv)).update(text)]);
    },
    open(sealed) {
      if (sealed.length < 3 * BLOCK || sealed.length % BLOCK !== 0) return null;
      const iv = sealed.subarray(0, BLOCK);
      const text = createDecipheriv("aes-256-ctr", textKey, counterOf(iv)).update(sealed.subarray(BLOCK));
      return timingSafeEqual(ivOf(text), iv) ? text : null;
    },
  };
}
