import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Identity, Recipient, Stanza } from "age-encryption";

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** The work that age asks for by default: about a second and 256 MB, once. */
export const WORK_FACTOR = 18;
/** More would keep a computer busy for long, or need more memory than it has; age's own limit is as high. */
const MOST_WORK = 22;
const LABEL = "age-encryption.org/v1/scrypt";
const ZERO_NONCE = Buffer.alloc(12);
const TAG = { authTagLength: 16 } as const;

const keyOf = (passphrase: string, salt: Uint8Array, logN: number): Promise<Buffer> => {
  const N = 2 ** logN;
  return derive(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, {
    N,
    r: 8,
    p: 1,
    maxmem: 128 * 8 * N + 2 ** 20,
  });
};

/**
 * Age's scrypt recipient and identity (https://c2sp.org/age, "The scrypt recipient type") by Node's own scrypt, which works beside the main
 * thread and gives its memory back.
 */
export const scryptRecipient = (
  passphrase: string,
  logN: number,
  stanza: (args: string[], body: Uint8Array) => Stanza,
): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(16);
    const cipher = createCipheriv("chacha20-poly1305", await keyOf(passphrase, salt, logN), ZERO_NONCE, TAG);
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
    const said = salt.toString("base64").replace(/=+$/, "");
    return [stanza(["scrypt", said, String(logN)], new Uint8Array(body))];
  },
});

export const scryptIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const [only] = stanzas;
    if (stanzas.length !== 1 || only?.args[0] !== "scrypt" || only.args.length !== 3) return null;
    const salt = Buffer.from(only.args[1] ?? "", "base64");
    const logN = /^[1-9]\d?$/.test(only.args[2] ?? "") ? Number(only.args[2]) : 0;
    if (salt.length !== 16 || only.body.length !== 32 || logN === 0 || logN > MOST_WORK) return null;
    const key = await keyOf(passphrase, salt, logN);
    const decipher = createDecipheriv("chacha20-poly1305", key, ZERO_NONCE, TAG);
    decipher.setAuthTag(only.body.subarray(16));
    const fileKey = decipher.update(only.body.subarray(0, 16));
    try {
      decipher.final();
      return new Uint8Array(fileKey);
    } catch {
      return null;
    }
  },
});
