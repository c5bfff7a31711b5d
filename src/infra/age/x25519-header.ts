import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { bech32 } from "@scure/base";
import { fromBase64, toBase64 } from "./base64.js";
import { FILE_KEY_BYTES, unwrapFileKey, wrapFileKey } from "./wrap-file-key.js";

/**
 * The header of an age file for one X25519 recipient (https://c2sp.org/age, "Header" and "The X25519 recipient type"), made by Node's own
 * cryptography: in JavaScript alone it takes twenty times as long, which thousands of small files would feel.
 */
export const HEADER_BYTES = 168;

/** DER in front of a raw key: RFC 8410, section 7 and 4. */
const PRIVATE_DER = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_DER = Buffer.from("302a300506032b656e032100", "hex");
const SECRET_PREFIX = "age-secret-key-";
const HEADER =
  /^age-encryption\.org\/v1\n-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n$/;

/** An X25519 key pair. */
export interface X25519Identity {
  /** `AGE-SECRET-KEY-1…`. */
  readonly secret: string;
  /** `age1…`. */
  readonly recipient: string;
  /** The secret's 32 bytes. */
  readonly secretBytes: Uint8Array;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const rawOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" }).subarray(-32);

function identityOf(secretBytes: Uint8Array): X25519Identity {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PRIVATE_DER, secretBytes]),
    type: "pkcs8",
    format: "der",
  });
  const publicKey = createPublicKey(privateKey);
  return {
    secret: bech32.encodeFromBytes(SECRET_PREFIX, secretBytes).toUpperCase(),
    recipient: bech32.encodeFromBytes("age", rawOf(publicKey)),
    secretBytes,
    privateKey,
    publicKey,
  };
}

export const newIdentity = (): X25519Identity => identityOf(new Uint8Array(randomBytes(32)));

/** The identity that a text says; null for any other text. */
export function parseIdentity(text: string): X25519Identity | null {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text);
    return prefix.toLowerCase() === SECRET_PREFIX && bytes.length === 32 ? identityOf(bytes) : null;
  } catch {
    return null;
  }
}

const wrappingKey = (shared: Buffer, ephemeral: Buffer, recipient: Buffer): Uint8Array =>
  new Uint8Array(
    hkdfSync("sha256", shared, Buffer.concat([ephemeral, recipient]), "age-encryption.org/v1/X25519", 32),
  );

const macOf = (fileKey: Uint8Array, text: string): Buffer =>
  createHmac("sha256", new Uint8Array(hkdfSync("sha256", fileKey, "", "header", 32)))
    .update(text)
    .digest();

/** A new file key, and the header that only the recipient's identity opens. */
export function sealHeader({ publicKey }: Pick<X25519Identity, "publicKey">): {
  readonly header: Uint8Array;
  readonly fileKey: Uint8Array;
} {
  const fileKey = new Uint8Array(randomBytes(FILE_KEY_BYTES));
  const ephemeral = generateKeyPairSync("x25519");
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  const share = rawOf(ephemeral.publicKey);
  const body = wrapFileKey(fileKey, wrappingKey(shared, share, rawOf(publicKey)));
  const text = `age-encryption.org/v1\n-> X25519 ${toBase64(share)}\n${toBase64(body)}\n---`;
  return { header: Buffer.from(`${text} ${toBase64(macOf(fileKey, text))}\n`, "latin1"), fileKey };
}

/** The file key of a header; null where it is not one for this identity alone, or was changed. */
export function openHeader(header: Uint8Array, identity: X25519Identity): Uint8Array | null {
  const text = Buffer.from(header).toString("latin1");
  const [, share, body, mac] = (HEADER.exec(text) ?? []).map((part) => fromBase64(part));
  if (share == null || body == null || mac == null) return null;
  try {
    const shared = diffieHellman({
      privateKey: identity.privateKey,
      publicKey: createPublicKey({ key: Buffer.concat([PUBLIC_DER, share]), type: "spki", format: "der" }),
    });
    const fileKey = unwrapFileKey(body, wrappingKey(shared, share, rawOf(identity.publicKey)));
    if (fileKey === null) return null;
    const expected = macOf(fileKey, text.slice(0, text.lastIndexOf("---") + 3));
    return timingSafeEqual(expected, mac) ? fileKey : null;
  } catch {
    return null;
  }
}
