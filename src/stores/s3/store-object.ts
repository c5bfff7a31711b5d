import type { BlobKey, ContentHash } from "../../domain/ids.js";
import { digestWhole } from "../../infra/digest-whole.js";
import type { Call } from "../../ports/call.js";
import { type Gatherer, gatherer } from "./gather-bytes.js";
import { hashOfObject, unreliable } from "./judge-object.js";
import { abortUpload, beginUpload, completeUpload, type SentPart, sentParts } from "./multipart-objects.js";
import { requireEncrypted } from "./s3-keeping.js";
import { base64Of, headObject, putObject, removeObject, type Written } from "./s3-objects.js";
import type { ProbedParts } from "./s3-parts.js";
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
  open(): AsyncIterable<Uint8Array>;
  /** What the source should give, or the most that it may. */
  readonly sizeBytes: number;
  /** Asked when all bytes are known, and before anything stands under the key; false, or what it throws, ends it without a trace. */
  accept(found: Gathered): Promise<boolean>;
  /** Only where nothing has the key. */
  readonly ifAbsent: boolean;
  /** A blob's upload in parts is gone on with by a later run; null for what is not worth it. */
  readonly blob: { readonly key: BlobKey; readonly hash: ContentHash } | null;
}

/** `taken`: something had the key meanwhile. `gone`: the server forgot the upload, or an earlier attempt finished it; look again. */
export type Stored = "stored" | "declined" | "taken" | "gone";

/**
 * Writes an object and proves it: nothing stands under its key before every byte was seen and accepted, and it resolves to `stored` only
 * when the server has confirmed the SHA-256 of the whole, or gave back the same bytes. Throws `store.unreliable` (integrity) when it did not,
 * and then the object is removed.
 */
export async function storeObject(parts: ProbedParts, object: NewObject, call: Call): Promise<Stored> {
  const source = gatherer(object.open(), call);
  try {
    return await (object.sizeBytes <= parts.wholeBytes ? storeWhole : storeInParts)(
      parts,
      object,
      source,
      call,
    );
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

function storeWhole(parts: ProbedParts, object: NewObject, source: Gatherer, call: Call): Promise<Stored> {
  return parts.buffers.lend(object.sizeBytes, async (buffer) => {
    const bytes = buffer.subarray(0, await source.fill(buffer));
    const isWhole = await source.isAtEnd();
    const found = { hash: await digestWhole(bytes), sizeBytes: bytes.length, isWhole };
    if (!(await object.accept(found))) return "declined";
    const { keepsChecksums, checksBodies, conditionalPut } = parts.can;
    const ifAbsent = object.ifAbsent && conditionalPut;
    const { hash } = found;
    const written = await putObject(
      parts.requests,
      object.key,
      { bytes, hash, withChecksum: keepsChecksums, ifAbsent },
      parts.keeping,
      call,
    );
    if (written.kind === "taken") return "taken";
    await prove(parts, object, found, { written, checksum: base64Of(hash), isChecked: checksBodies }, call);
    return "stored";
  });
}

async function storeInParts(
  parts: ProbedParts,
  object: NewObject,
  source: Gatherer,
  call: Call,
): Promise<Stored> {
  const partBytes = partBytesFor(object.sizeBytes, parts.partBytes);
  const begun = await begin(parts, object, partBytes, call);
  const upload = { key: object.key, uploadId: begun.uploadId };
  const giveUp = async () => {
    await abortUpload(parts.requests, upload, call);
    await forget(parts, object);
  };
  let sent: SentParts | null;
  try {
    sent = await sendParts(
      parts,
      source,
      { upload, partBytes, mostBytes: object.sizeBytes, had: begun.had },
      call,
    );
  } catch (error) {
    // What has arrived serves the next attempt, where there is one that knows of it.
    if (object.blob === null && !call.signal.aborted) await giveUp().catch(() => {});
    throw error;
  }
  if (sent === null) {
    await forget(parts, object);
    return "gone";
  }
  let isAccepted = false;
  try {
    const { hash, sizeBytes } = sent;
    isAccepted = await object.accept({ hash, sizeBytes, isWhole: await source.isAtEnd() });
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
  const isChecked =
    parts.can.checksBodies && sent.etag !== null && written.etag.replaceAll('"', "") === sent.etag;
  await prove(parts, object, sent, { written, checksum: sent.composite, isChecked }, call);
  await forget(parts, object);
  return "stored";
}

async function forget({ notes }: ProbedParts, { blob }: NewObject): Promise<void> {
  if (blob !== null) await notes.drop(blob.key);
}

/** Goes on with the upload that was noted for this blob, or begins one and notes it before the first part is sent. */
async function begin(
  parts: ProbedParts,
  { key, blob, sizeBytes }: NewObject,
  partBytes: number,
  call: Call,
): Promise<{ readonly uploadId: string; readonly had: ReadonlyMap<number, SentPart> }> {
  const { requests, notes, keeping, can } = parts;
  const note = blob === null ? null : await notes.find(blob.key);
  if (
    note !== null &&
    note.hash === blob?.hash &&
    note.sizeBytes === sizeBytes &&
    note.partBytes === partBytes
  ) {
    const had = await sentParts(requests, { key, uploadId: note.uploadId }, call);
    if (had !== null) return { uploadId: note.uploadId, had };
  }
  const { uploadId, encryption } = await beginUpload(
    requests,
    key,
    { keeping, withChecksum: can.keepsChecksums },
    call,
  );
  if (blob !== null) await notes.keep({ key: blob.key, uploadId, hash: blob.hash, sizeBytes, partBytes });
  requireEncrypted(parts.name, keeping, encryption);
  return { uploadId, had: new Map() };
}

/** What speaks for the bytes of a written object. */
interface Evidence {
  readonly written: Extract<Written, { kind: "written" }>;
  /** What the server must say where it keeps checksums. */
  readonly checksum: string;
  /** True where the server compared every byte with a SHA-256 that was signed. */
  readonly isChecked: boolean;
}

async function prove(
  parts: ProbedParts,
  { key }: NewObject,
  expected: Pick<Gathered, "hash" | "sizeBytes">,
  { written, checksum, isChecked }: Evidence,
  call: Call,
): Promise<void> {
  requireEncrypted(
    parts.name,
    parts.keeping,
    written.encryption ?? parts.keeping.ServerSideEncryption ?? null,
  );
  if (parts.can.keepsChecksums && written.sha256 === checksum) return;
  if (isChecked && written.sha256 === null) return;
  const read = await hashOfObject(parts, key, call);
  if (read !== null && read.hash === expected.hash && read.sizeBytes === expected.sizeBytes) return;
  await removeObject(parts.requests, key, call);
  throw unreliable(parts.name, key);
}
