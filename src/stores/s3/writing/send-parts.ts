import { createHash } from "node:crypto";
import { type ContentHash, contentHash, hexOf } from "../../../domain/ids.js";
import { digestWhole } from "../../../infra/digest-whole.js";
import type { Call } from "../../../ports/call.js";
import { type BegunUpload, type SentPart, sendPart } from "../objects/multipart-objects.js";
import { base64Of } from "../objects/s3-objects.js";
import type { ProbedParts } from "../s3-parts.js";
import type { Gatherer } from "./gather-bytes.js";

const MIB = 1024 ** 2;
/** S3 takes 10,000 parts; some are left for sources that grow. */
const MOST_PARTS = 9_000;
/** Parts of one upload on their way at once. */
const AT_ONCE = 4;

/** How big the parts of an object of that size are. */
export const partBytesFor = (sizeBytes: number, least: number): number =>
  sizeBytes <= least * MOST_PARTS ? least : Math.ceil(sizeBytes / MOST_PARTS / MIB) * MIB;

/** Everything that a source gave, as parts on the server, and the proof that they are its bytes. */
export interface SentParts {
  readonly parts: readonly SentPart[];
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  /** What the server must answer when it makes them one object, where it keeps checksums: the checksum of the parts' checksums. */
  readonly composite: string;
  /** What the ETag of the object is where ETags are MD5 sums; null where they are not. */
  readonly etag: string | null;
}

export interface SendPartsOptions {
  readonly upload: Pick<BegunUpload, "key" | "uploadId">;
  readonly partBytes: number;
  /** What the source should give; more than that is not read. */
  readonly mostBytes: number;
  /** Parts that the server has already; those that equal the source's are not sent again. */
  readonly had: ReadonlyMap<number, SentPart>;
  /** True where another part must not be sent in the place of one that it has: two texts sealed with one key and nonce tell both. */
  readonly isSealed: boolean;
}

interface Part {
  readonly sent: SentPart;
  readonly hash: ContentHash;
  /** Null where the server keeps checksums, which are better evidence. */
  readonly md5: Buffer | null;
}

const isMd5 = (etag: string, md5: Buffer | null): md5 is Buffer =>
  md5 !== null && etag.replaceAll('"', "") === md5.toString("hex");

/** Whether a part that the server tells of is made of these bytes. */
function isSame(
  part: SentPart,
  bytes: Uint8Array,
  hash: ContentHash,
  md5: Buffer | null,
  { can }: ProbedParts,
): boolean {
  if (part.sizeBytes !== bytes.length) return false;
  return can.keepsChecksums ? part.sha256 === base64Of(hash) : isMd5(part.etag, md5);
}

/**
 * Sends what a source gives in parts, several at once, each hashed and signed. Null where the upload cannot be gone on with: the server knows it
 * no more, or has a sealed part that is not this one for sure. Throws what the source throws, and what requests throw, after all that was under
 * way has ended.
 */
export async function sendParts(
  parts: ProbedParts,
  source: Gatherer,
  options: SendPartsOptions,
  call: Call,
): Promise<SentParts | null> {
  const { partBytes, mostBytes } = options;
  const whole = createHash("sha256");
  const sending = new Map<number, Promise<void>>();
  const done = new Map<number, Part>();
  const troubles: unknown[] = [];
  let isGone = false;
  let sizeBytes = 0;

  const send = async (number: number, bytes: Uint8Array) => {
    const hash = await digestWhole(bytes);
    const md5 = parts.can.keepsChecksums ? null : createHash("md5").update(bytes).digest();
    const had = options.had.get(number);
    const isThere = had !== undefined && isSame(had, bytes, hash, md5, parts);
    const mustNot = options.isSealed && had !== undefined && !isThere;
    const fresh = () => {
      const part = { number, bytes, hash, withChecksum: parts.can.keepsChecksums };
      return sendPart(parts.requests, options.upload, part, call);
    };
    const sent = isThere ? had : mustNot ? null : await fresh();
    if (sent === null) isGone = true;
    else done.set(number, { sent, hash, md5 });
  };

  for (let number = 1; troubles.length === 0 && !isGone; number++) {
    const room = Math.min(partBytes, mostBytes - sizeBytes);
    if (room <= 0) break;
    while (sending.size >= AT_ONCE) await Promise.race(sending.values());
    const filled = await new Promise<number>((resolve) => {
      const lent = parts.buffers.lend(room, async (buffer) => {
        const length = await source.fill(buffer);
        const bytes = buffer.subarray(0, length);
        whole.update(bytes);
        resolve(length);
        if (length > 0 || number === 1) await send(number, bytes);
      });
      sending.set(
        number,
        lent
          .catch((error: unknown) => {
            troubles.push(error);
            resolve(0);
          })
          .finally(() => sending.delete(number)),
      );
    });
    sizeBytes += filled;
    if (filled < room) break;
  }
  await Promise.all(sending.values());
  if (troubles.length > 0) throw troubles[0];
  if (isGone) return null;
  const all = [...done.values()].sort((a, b) => a.sent.number - b.sent.number);
  return {
    parts: all.map(({ sent }) => sent),
    hash: contentHash(whole.digest("hex")),
    sizeBytes,
    composite: `${digestOfDigests(
      "sha256",
      all.map(({ hash }) => Buffer.from(hexOf(hash), "hex")),
    ).toString("base64")}-${all.length}`,
    etag: etagOf(all),
  };
}

const digestOfDigests = (algorithm: "md5" | "sha256", digests: readonly Buffer[]): Buffer =>
  createHash(algorithm).update(Buffer.concat(digests)).digest();

function etagOf(all: readonly Part[]): string | null {
  const sums = all.flatMap(({ sent, md5 }) => (isMd5(sent.etag, md5) ? [md5] : []));
  return sums.length === all.length ? `${digestOfDigests("md5", sums).toString("hex")}-${all.length}` : null;
}
