import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Identity, Recipient, Stanza } from "age-encryption";
import { fromBase64, toBase64 } from "./base64.js";
import { unwrapFileKey, wrapFileKey } from "./wrap-file-key.js";

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** Half the work that age asks for by default, and the most that leaves a run below 300 MB: half a second and 128 MB, once. OWASP recommends as much. */
export const WORK_FACTOR = 17;
/** More would keep a computer busy for long, or need more memory than it has; age's own limit is as high. */
const MOST_WORK = 22;
const LABEL = "age-encryption.org/v1/scrypt";

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
 * Age's scrypt recipient (https://c2sp.org/age, "The scrypt recipient type") by Node's own scrypt, which works beside the main thread and gives
 * its memory back. The work is 2 to the power of `logN`.
 */
export const scryptRecipient = (
  passphrase: string,
  logN: number,
  stanza: (args: string[], body: Uint8Array) => Stanza,
): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(16);
    const body = wrapFileKey(fileKey, await keyOf(passphrase, salt, logN));
    return [stanza(["scrypt", toBase64(salt), String(logN)], body)];
  },
});

/** The identity to it: opens nothing that was locked to anybody else as well, and nothing that asks for more work than age allows. */
export const scryptIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const [only] = stanzas;
    if (stanzas.length !== 1 || only?.args[0] !== "scrypt" || only.args.length !== 3) return null;
    const salt = fromBase64(only.args[1] ?? "");
    const logN = /^[1-9]\d?$/.test(only.args[2] ?? "") ? Number(only.args[2]) : 0;
    if (salt?.length !== 16 || logN === 0 || logN > MOST_WORK) return null;
    return unwrapFileKey(only.body, await keyOf(passphrase, salt, logN));
  },
});
