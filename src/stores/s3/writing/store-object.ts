import type { BlobKey, ContentHash } from "../../../domain/ids.js";
import { sha256Of } from "../../../infra/hash.js";
import type { Call } from "../../../ports/call.js";
import {
  abortUpload,
  beginUpload,
  completeUpload,
  type SentPart,
  sentParts,
} from "../objects/multipart-objects.js";
import { base64Of, headObject, putObject, removeObject, type Written } from "../objects/s3-objects.js";
import type { ProbedParts } from "../s3-parts.js";
import { type Envelope, PLAIN_ENVELOPE } from "../sealing/sealing.js";
import { isArchive, readableKeeping, requireEncrypted } from "../settings/s3-keeping.js";
import { type Gatherer, gatherer } from "./gather-bytes.js";
import { hashOfObject, unreliable } from "./judge-object.js";
import { partBytesFor, type SentParts, sendParts } from "./send-parts.js";

/** What a source turned out to be. */
export interface Gathered {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  /** False when there was more than expected. */
  readonly isWhole: boolean;
}

/** An object to be written. */
export interface NewObject {
  /** Its whole key. */
  readonly key: string;
  /** May read straight into `into`; see `BlobSource`. */
  open(into?: Uint8Array): AsyncIterable<Uint8Array>;
  /** What the source should give, or the most that it may. */
  readonly sizeBytes: number;
  /** Asked when all bytes are known, and before anything stands under the key; false, or what it throws, ends it without a trace. */
  accept(found: Gathered): Promise<boolean>;
  /** Only where nothing has the key. */
  readonly ifAbsent: boolean;
  /** A blob's upload in parts is gone on with by a later run; null for what is not worth it. */
  readonly blob: { readonly key: BlobKey; readonly hash: ContentHash } | null;
  /** Sent as it is, where else it would be sealed. */
  readonly isRaw: boolean;
}

/** `taken`: something had the key meanwhile. `gone`: the upload cannot be gone on with, or an earlier attempt finished it; look again. */
export type Stored = "stored" | "declined" | "taken" | "gone";

/**
 * Writes an object and proves it: nothing stands under its key before every byte was seen and accepted, and it resolves to `stored` only
 * when the server has confirmed the SHA-256 of the whole, or gave back the same bytes. Throws `store.unreliable` (integrity) when it did not,
 * and then the object is removed.
 */
export async function storeObject(all: ProbedParts, object: NewObject, call: Call): Promise<Stored> {
  const parts = object.blob === null ? { ...all, keeping: readableKeeping(all.keeping) } : all;
  const sentBytes = object.isRaw ? object.sizeBytes : parts.sealing.sealedBytes(object.sizeBytes);
  return sentBytes <= parts.wholeBytes
    ? storeWhole(parts, object, sentBytes, call)
    : storeInParts(parts, object, sentBytes, call);
}

/** What is read of an object's source, sealed, while `task` goes on. */
async function gathering<T>(
  object: NewObject,
  envelope: Envelope,
  into: Uint8Array | undefined,
  call: Call,
  task: (sealed: Gatherer, gathered: (sent: Omit<Gathered, "isWhole">) => Promise<Gathered>) => Promise<T>,
): Promise<T> {
  const sealed = envelope.seal(object.open(into), object.sizeBytes);
  const source = gatherer(sealed.bytes(), call);
  try {
    return await task(source, async (sent) => {
      const isAtEnd = await source.isAtEnd();
      const { hash, sizeBytes } = sealed.seen() ?? sent;
      return { hash, sizeBytes, isWhole: isAtEnd && sizeBytes <= object.sizeBytes };
    });
  } finally {
    await closeQuietly(source, call);
  }
}

/** A source that hangs is not waited for after an abort. */
async function closeQuietly(source: Gatherer, call: Call): Promise<void> {
  const closing = source.close();
  if (call.signal.aborted) closing.catch(() => {});
  else await closing;
}

function storeWhole(parts: ProbedParts, object: NewObject, sentBytes: number, call: Call): Promise<Stored> {
  const envelope = object.isRaw ? PLAIN_ENVELOPE : parts.sealing.newEnvelope();
  return parts.buffers.lend(sentBytes, async (buffer) => {
    const verdict = await parts.bodyChecks.verdict(parts, sentBytes, call);
    // What stands there already is moved away only for bytes that are proven.
    const expected =
      verdict === "checks" && envelope === PLAIN_ENVELOPE && object.ifAbsent
        ? (object.blob?.hash ?? null)
        : null;
    // What is sealed takes more room than what it is made of.
    const into = envelope === PLAIN_ENVELOPE ? buffer : undefined;
    const { bytes, found, ...read } = await gathering(
      object,
      envelope,
      into,
      call,
      async (source, gathered) => {
        const bytes = buffer.subarray(0, await source.fill(buffer));
        // Not in Node's thread pool, which is given a copy: that costs a quarter more, and the network is slower than one thread.
        const hash = expected ?? sha256Of(bytes);
        return { bytes, hash, found: await gathered({ hash, sizeBytes: bytes.length }) };
      },
    );
    if (!(await object.accept(found))) return "declined";
    const { keepsChecksums, conditionalPut } = parts.can;
    const put = (hash: ContentHash, isUnproven: boolean) => {
      const ifAbsent = object.ifAbsent && conditionalPut;
      const sent = { bytes, hash, withChecksum: keepsChecksums, ifAbsent, isUnproven };
      return putObject(parts.requests, object.key, sent, parts.keeping, call);
    };
    let hash = read.hash;
    let written = await put(hash, expected !== null);
    if (written.kind === "refused") {
      // Other bytes than on record, or changed on their way: only the latter are worth another try.
      hash = sha256Of(bytes);
      if (!(await object.accept({ ...found, hash }))) return "declined";
      written = await put(hash, false);
    }
    if (written.kind !== "written") return "taken";
    // An answer without an ETag is not that of a server which has written something.
    const isChecked = parts.can.checksBodies && verdict !== "accepts" && bare(written.etag) !== "";
    const sent = { hash, sizeBytes: bytes.length };
    return prove(parts, object, sent, { written, checksum: base64Of(hash), isChecked }, call);
  });
}

async function storeInParts(
  parts: ProbedParts,
  object: NewObject,
  sentBytes: number,
  call: Call,
): Promise<Stored> {
  const partBytes = partBytesFor(sentBytes, parts.partBytes);
  const begun = await begin(parts, object, partBytes, call);
  const upload = { key: object.key, uploadId: begun.uploadId };
  const giveUp = async () => {
    await abortUpload(parts.requests, upload, call);
    await forget(parts, object);
  };
  let sent: SentParts | null;
  let found: Gathered | null;
  try {
    [sent, found] = await gathering(object, begun.envelope, undefined, call, async (source, gathered) => {
      const all = await sendParts(
        parts,
        source,
        {
          upload,
          partBytes,
          mostBytes: sentBytes,
          had: begun.had,
          isSealed: begun.envelope.note !== null,
        },
        call,
      );
      return [all, all === null ? null : await gathered(all)];
    });
  } catch (error) {
    // What has arrived serves the next attempt, where there is one that knows of it.
    if (object.blob === null && !call.signal.aborted) await giveUp().catch(() => {});
    throw error;
  }
  if (sent === null || found === null) {
    await giveUp();
    return "gone";
  }
  let isAccepted = false;
  try {
    isAccepted = await object.accept(found);
  } finally {
    if (!isAccepted && !call.signal.aborted) await giveUp();
  }
  if (!isAccepted) return "declined";
  const { conditionalComplete } = parts.can;
  if (
    object.ifAbsent &&
    !conditionalComplete &&
    (await headObject(parts.requests, object.key, call)) !== null
  ) {
    await giveUp();
    return "taken";
  }
  const ifAbsent = object.ifAbsent && conditionalComplete;
  const written = await completeUpload(parts.requests, upload, sent.parts, ifAbsent, call);
  if (written.kind === "taken") await giveUp();
  if (written.kind === "gone") await forget(parts, object);
  if (written.kind !== "written") return written.kind;
  // Ceph 16.2 leaves the ETag out of its answer, and tells it when asked.
  const told = written.etag === "" ? await headObject(parts.requests, object.key, call) : written;
  const isChecked = parts.can.checksBodies && told !== null && bare(told.etag) === sent.etag;
  const mine = { ...written, etag: written.etag === "" ? (sent.etag ?? "") : written.etag };
  const evidence = { written: mine, checksum: sent.composite, isChecked };
  const proven = await prove(parts, object, sent, evidence, call);
  await forget(parts, object);
  return proven;
}

async function forget({ notes }: ProbedParts, { blob }: NewObject): Promise<void> {
  if (blob !== null) await notes.drop(blob.key);
}

/** Goes on with the upload that was noted for this blob, or begins one and notes it before the first part is sent. */
async function begin(
  parts: ProbedParts,
  { key, blob, sizeBytes, isRaw }: NewObject,
  partBytes: number,
  call: Call,
): Promise<{
  readonly uploadId: string;
  readonly had: ReadonlyMap<number, SentPart>;
  readonly envelope: Envelope;
}> {
  const { requests, notes, keeping, can, sealing } = parts;
  const note = blob === null ? null : await notes.find(blob.key);
  if (
    note !== null &&
    note.hash === blob?.hash &&
    note.sizeBytes === sizeBytes &&
    note.partBytes === partBytes
  ) {
    const envelope = sealing.envelopeOf(note.envelope);
    const had = envelope === null ? null : await sentParts(requests, { key, uploadId: note.uploadId }, call);
    if (envelope !== null && had !== null) return { uploadId: note.uploadId, had, envelope };
  }
  const envelope = isRaw ? PLAIN_ENVELOPE : sealing.newEnvelope();
  const { uploadId, encryption } = await beginUpload(
    requests,
    key,
    { keeping, withChecksum: can.keepsChecksums },
    call,
  );
  if (blob !== null) {
    const { key: of, hash } = blob;
    await notes.keep({ key: of, uploadId, hash, sizeBytes, partBytes, envelope: envelope.note });
  }
  requireEncrypted(parts.name, keeping, encryption);
  return { uploadId, had: new Map(), envelope };
}

/** What speaks for the bytes of a written object. */
interface Evidence {
  readonly written: Extract<Written, { kind: "written" }>;
  /** What the server must say where it keeps checksums. */
  readonly checksum: string;
  /** True where the server compared every byte with a SHA-256 that was signed. */
  readonly isChecked: boolean;
}

const bare = (etag: string): string => etag.replaceAll('"', "");

/** `taken` where what stands there in the end is not known to be what was written: another computer may have put its own in its place. */
async function prove(
  parts: ProbedParts,
  { key }: NewObject,
  expected: Pick<Gathered, "hash" | "sizeBytes">,
  { written, checksum, isChecked }: Evidence,
  call: Call,
): Promise<"stored" | "taken"> {
  requireEncrypted(
    parts.name,
    parts.keeping,
    written.encryption ?? parts.keeping.ServerSideEncryption ?? null,
  );
  if (parts.can.keepsChecksums && written.sha256 === checksum) return "stored";
  // A server that kept checksums and tells none is no longer the one that was tried.
  if (isChecked && written.sha256 === null && !parts.can.keepsChecksums) return "stored";
  // A bit may have turned on the way back: wrong is what is wrong twice. From an archive nothing can be read back.
  const readings = isArchive(parts.keeping.StorageClass) ? 0 : 2;
  for (let turn = 0; turn < readings; turn++) {
    const read = await hashOfObject(parts, key, call);
    if (read !== null && read.hash === expected.hash && read.sizeBytes === expected.sizeBytes)
      return "stored";
  }
  const now = await headObject(parts.requests, key, call);
  if (now === null || now.etag === "" || bare(now.etag) !== bare(written.etag)) return "taken";
  await removeObject(parts.requests, key, call);
  throw unreliable(parts.name, key);
}
