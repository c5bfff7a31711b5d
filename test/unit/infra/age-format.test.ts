import { randomBytes } from "node:crypto";
import { aessiv } from "@noble/ciphers/aes.js";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient, Stanza } from "age-encryption";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aesSiv } from "../../../src/infra/aes-siv.js";
import { scryptIdentity, scryptRecipient } from "../../../src/infra/age/scrypt-stanza.js";
import {
  BrokenPayload,
  CHUNK_BYTES,
  openPayload,
  payloadKey,
  plainPayloadBytes,
  SEALED_CHUNK_BYTES,
  sealedPayloadBytes,
  sealPayload,
} from "../../../src/infra/age/stream.js";
import {
  HEADER_BYTES,
  newIdentity,
  openHeader,
  parseIdentity,
  sealHeader,
} from "../../../src/infra/age/x25519-header.js";
import { sampleBytes } from "../../contract/blob-store-samples.js";

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const BORDERS = [-1, 0, 1].flatMap((by) => [0, 1, 2].map((chunks) => chunks * CHUNK_BYTES + by));
const SIZES = BORDERS.filter((size) => size >= 0);
const whole = { first: 0, count: null };

describe("a file made here", () => {
  const identity = newIdentity();

  test.each(SIZES)("of %i bytes is opened by age", async (size) => {
    const bytes = sampleBytes(size, 1);
    const { header, fileKey } = sealHeader(identity);
    const nonce = randomBytes(16);
    const sealed = await all(sealPayload(inPieces(bytes, 50_000), payloadKey(fileKey, nonce)));
    expect(header).toHaveLength(HEADER_BYTES);
    expect(sealed).toHaveLength(sealedPayloadBytes(size));
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity.secret);
    const opened = await decrypter.decrypt(Buffer.concat([header, nonce, sealed]));
    expect(Buffer.compare(opened, bytes)).toBe(0);
  });
});

describe("a file made by age", () => {
  test.each(SIZES)("of %i bytes is opened here", async (size) => {
    const bytes = sampleBytes(size, 2);
    const secret = await generateX25519Identity();
    const identity = parseIdentity(secret);
    if (identity === null) throw new Error("no identity");
    expect(identity.secret).toBe(secret);
    expect(identity.recipient).toBe(await identityToRecipient(secret));
    const encrypter = new Encrypter();
    encrypter.addRecipient(identity.recipient);
    const file = await encrypter.encrypt(bytes);
    const fileKey = openHeader(file.subarray(0, HEADER_BYTES), identity);
    const key = payloadKey(fileKey ?? new Uint8Array(), file.subarray(HEADER_BYTES, HEADER_BYTES + 16));
    const opened = await all(openPayload(inPieces(file.subarray(HEADER_BYTES + 16), 70_000), key, whole));
    expect(Buffer.compare(opened, bytes)).toBe(0);
    expect(plainPayloadBytes(file.length - HEADER_BYTES - 16)).toBe(size);
  });
});

test("a header is opened by its identity alone, and a changed one by none", () => {
  const identity = newIdentity();
  const { header, fileKey } = sealHeader(identity);
  expect(openHeader(header, identity)).toEqual(fileKey);
  expect(openHeader(header, newIdentity())).toBeNull();
  for (let at = 0; at < header.length; at++) {
    const changed = Buffer.from(header);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openHeader(changed, identity)).toBeNull();
  }
  expect(openHeader(header.subarray(1), identity)).toBeNull();
});

test.each(["", "AGE-SECRET-KEY-1", "age1xyz", newIdentity().recipient, newIdentity().secret.slice(0, -1)])(
  "%s is no identity",
  (text) => {
    expect(parseIdentity(text)).toBeNull();
  },
);

const key = new Uint8Array(randomBytes(32));

test("any stretch of any payload opens to its bytes, however it arrives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constantFrom(...SIZES), fc.integer({ min: 0, max: 3 * CHUNK_BYTES })),
      fc.integer({ min: 1000, max: 200_000 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 4 }),
      async (size, pieceBytes, first, count) => {
        const bytes = sampleBytes(size, 3);
        const sealed = await all(sealPayload(inPieces(bytes, pieceBytes), key));
        const opened = await all(openPayload(inPieces(sealed, pieceBytes + 7), key, whole));
        expect(Buffer.compare(opened, bytes)).toBe(0);
        const from = first * SEALED_CHUNK_BYTES;
        const part = sealed.subarray(from, from + count * SEALED_CHUNK_BYTES);
        const stretch = await all(openPayload(inPieces(part, pieceBytes), key, { first, count }));
        const expected = bytes.subarray(first * CHUNK_BYTES, (first + count) * CHUNK_BYTES);
        expect(Buffer.compare(stretch, expected)).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

test("sizes tell each other exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (size) => {
      expect(plainPayloadBytes(sealedPayloadBytes(size))).toBe(size);
    }),
  );
  for (const no of [0, 15, SEALED_CHUNK_BYTES + 1, SEALED_CHUNK_BYTES + 16, 2 * SEALED_CHUNK_BYTES + 7])
    expect(plainPayloadBytes(no)).toBe(-1);
});

describe("of a payload that was tampered with, nothing is given beyond the last good chunk", () => {
  const bytes = sampleBytes(2 * CHUNK_BYTES + 500, 4);
  const cases: Readonly<Record<string, (sealed: Buffer) => Buffer>> = {
    "a bit of the first chunk": (sealed) => flipped(sealed, 5),
    "a bit of the second chunk": (sealed) => flipped(sealed, SEALED_CHUNK_BYTES + 5),
    "a bit of a tag": (sealed) => flipped(sealed, SEALED_CHUNK_BYTES - 1),
    "cut within a chunk": (sealed) => sealed.subarray(0, SEALED_CHUNK_BYTES + 900),
    "cut between chunks": (sealed) => sealed.subarray(0, 2 * SEALED_CHUNK_BYTES),
    "cut to nothing": (sealed) => sealed.subarray(0, 0),
    "chunks changed over": (sealed) =>
      Buffer.concat([
        sealed.subarray(SEALED_CHUNK_BYTES, 2 * SEALED_CHUNK_BYTES),
        sealed.subarray(0, SEALED_CHUNK_BYTES),
        sealed.subarray(2 * SEALED_CHUNK_BYTES),
      ]),
    "a byte too many": (sealed) => Buffer.concat([sealed, Buffer.alloc(1)]),
  };

  test.each(Object.keys(cases))("%s", async (what) => {
    const sealed = await all(sealPayload(inPieces(bytes, 90_000), key));
    const given: Uint8Array[] = [];
    const reading = async () => {
      const tampered = cases[what]?.(sealed) ?? sealed;
      for await (const piece of openPayload(inPieces(tampered, 40_000), key, whole)) given.push(piece);
    };
    await expect(reading()).rejects.toBeInstanceOf(BrokenPayload);
    const opened = Buffer.concat(given);
    expect(Buffer.compare(opened, bytes.subarray(0, opened.length))).toBe(0);
    expect(opened.length % CHUNK_BYTES).toBe(0);
  });
});

const flipped = (sealed: Buffer, at: number): Buffer => {
  const changed = Buffer.from(sealed);
  changed[at] = (changed[at] ?? 0) ^ 0x40;
  return changed;
};

describe("a passphrase", () => {
  test("locks here what age opens", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(scryptRecipient("pass word", 4, (args, body) => new Stanza(args, body)));
    const file = await encrypter.encrypt("text");
    const decrypter = new Decrypter();
    decrypter.addPassphrase("pass word");
    expect(await decrypter.decrypt(file, "text")).toBe("text");
  });

  test.each(["pass word", "Pass word", ""])(
    "%j opens here what age locked with it, and no other",
    async (given) => {
      const encrypter = new Encrypter();
      encrypter.setPassphrase("pass word");
      encrypter.setScryptWorkFactor(4);
      const file = await encrypter.encrypt("text");
      const decrypter = new Decrypter();
      decrypter.addIdentity(scryptIdentity(given));
      const opened = decrypter.decrypt(file, "text").catch(() => null);
      expect(await opened).toBe(given === "pass word" ? "text" : null);
    },
  );

  test("that would cost more work than age allows is not tried", async () => {
    const salt = Buffer.alloc(16).toString("base64").replace(/=+$/, "");
    const stanza = new Stanza(["scrypt", salt, "30"], new Uint8Array(32));
    expect(await scryptIdentity("x").unwrapFileKey([stanza])).toBeNull();
  });

  test("opens nothing whose salt is written in another way than age writes it", async () => {
    const recipient = scryptRecipient("pass word", 4, (args, body) => new Stanza(args, body));
    const [stanza] = await recipient.wrapFileKey(new Uint8Array(16));
    if (stanza === undefined) throw new Error("no stanza");
    const [, salt = "", work = ""] = stanza.args;
    const padded = new Stanza(["scrypt", `${salt}==`, work], stanza.body);
    expect(await scryptIdentity("pass word").unwrapFileKey([stanza])).toEqual(new Uint8Array(16));
    expect(await scryptIdentity("pass word").unwrapFileKey([padded])).toBeNull();
  });
});

describe("names", () => {
  test("are sealed as any AES-SIV does it", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.integer({ min: 2, max: 12 }).chain((n) => fc.uint8Array({ minLength: n * 16, maxLength: n * 16 })),
        (sivKey, text) => {
          const sealed = aesSiv(sivKey).seal(text);
          expect(Buffer.compare(sealed, aessiv(sivKey).encrypt(text))).toBe(0);
          expect(Buffer.compare(aesSiv(sivKey).open(sealed) ?? new Uint8Array(), text)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("that were changed open to nothing", () => {
    const siv = aesSiv(new Uint8Array(randomBytes(64)));
    const sealed = Buffer.from(siv.seal(new Uint8Array(128)));
    for (let at = 0; at < sealed.length; at += 5) expect(siv.open(flipped(sealed, at))).toBeNull();
    expect(siv.open(sealed.subarray(16))).toBeNull();
    expect(siv.open(new Uint8Array())).toBeNull();
  });
});
