import { createHash } from "node:crypto";
import { type Failure, failureOf } from "../../domain/errors.js";
import type { Reading } from "../../domain/finding.js";
import { type ContentHash, contentHash } from "../../domain/ids.js";
import { MediaCapture } from "../../infra/media/capture.js";
import { SNIFF_BYTES, sniffMediaType, typeOfName } from "../../infra/media/media-type.js";
import { type MediaReading, readMedia } from "../../infra/media/read-media.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Examined, MediaTraits, SourceEntry } from "../../ports/photo-source.js";

/** Sidecars are small; anything larger with such a name is not one, and is not kept in memory. */
const LARGEST_SIDECAR_BYTES = 8 * 1024 * 1024;

/** What is kept of files between looking and writing documents; the index implements it. */
export interface ScanMemory {
  recall(entry: SourceEntry): Examined | null;
  remember(entry: SourceEntry, examined: Examined): void;
  keepReading(hash: ContentHash, reading: Reading): void;
  keepSmall(hash: ContentHash, bytes: Uint8Array): void;
  /** Resolves when all that was kept so far can be read back: writes are gathered and made in the background. */
  settled(): Promise<void>;
}

export type Examination =
  | { readonly kind: "examined"; readonly examined: Examined; readonly recalled: boolean }
  | { readonly kind: "failed"; readonly failure: Failure };

const sidecarKind = (entry: SourceEntry): "json" | "xmp" | null => {
  if (entry.sizeBytes > LARGEST_SIDECAR_BYTES) return null;
  if (/\.json$/i.test(entry.name)) return "json";
  return /\.xmp$/i.test(entry.name) ? "xmp" : null;
};

function traitsOf(read: MediaReading): MediaTraits | undefined {
  if (read.type === null || read.kind !== "media") return undefined;
  return {
    ...read.type,
    ...(read.facts.taken_date === undefined ? {} : { takenDate: read.facts.taken_date }),
    ...(read.media?.duration_seconds === undefined ? {} : { durationSeconds: read.media.duration_seconds }),
    ...(read.media?.width === undefined ? {} : { width: read.media.width }),
    ...(read.media?.height === undefined ? {} : { height: read.media.height }),
    ...(read.facts.camera_info?.model === undefined ? {} : { cameraModel: read.facts.camera_info.model }),
    ...(read.contentIdentifier === undefined ? {} : { contentIdentifier: read.contentIdentifier }),
  };
}

function readingOf(read: MediaReading): Reading | null {
  if (read.type === null || read.media === null) return null;
  const warnings = [
    ...(read.facts.warnings ?? []),
    ...read.warnings.filter((w) => !read.facts.warnings?.includes(w)),
  ];
  return {
    media: read.media,
    extension: read.type.extension,
    facts: warnings.length === 0 ? read.facts : { ...read.facts, warnings },
    raw: read.raw,
  };
}

async function readWhole(entry: SourceEntry, call: Call): Promise<{ hash: ContentHash; bytes: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  const sha256 = createHash("sha256");
  for await (const chunk of entry.open()) {
    throwIfAborted(call);
    sha256.update(chunk);
    chunks.push(chunk);
  }
  return { hash: contentHash(sha256.digest("hex")), bytes: Buffer.concat(chunks) };
}

async function readThrough(
  entry: SourceEntry,
  call: Call,
): Promise<{ hash: ContentHash; read: MediaReading }> {
  const capture = new MediaCapture(entry.sizeBytes);
  const sha256 = createHash("sha256");
  let undecided = typeOfName(entry.name) === null;
  let seenBytes = 0;
  for await (const chunk of entry.open()) {
    throwIfAborted(call);
    sha256.update(chunk);
    capture.push(chunk);
    seenBytes += chunk.length;
    if (!undecided || seenBytes < SNIFF_BYTES) continue;
    // Neither its name nor its beginning is a picture's or video's: the rest of it, gigabytes maybe, is left unread.
    if ((await sniffMediaType(await capture.reader().read(0, SNIFF_BYTES))) === null) break;
    undecided = false;
  }
  return { hash: contentHash(sha256.digest("hex")), read: await readMedia(capture.reader(), entry.name) };
}

/**
 * Looks at one stream of bytes, reading it once: its hash, what it is by content, and what it says of itself. A file
 * that is remembered with an equal stamp is not opened at all. What cannot be read becomes a failure; an abort is thrown.
 */
export async function examine(
  entry: SourceEntry,
  memory: ScanMemory,
  options: { readonly fresh: boolean },
  call: Call,
): Promise<Examination> {
  const known = options.fresh ? null : memory.recall(entry);
  if (known !== null) return { kind: "examined", examined: known, recalled: true };
  const about = { location: entry.location, name: entry.name, sizeBytes: entry.sizeBytes };
  try {
    const sidecar = sidecarKind(entry);
    let examined: Examined;
    if (sidecar !== null) {
      const { hash, bytes } = await readWhole(entry, call);
      memory.keepSmall(hash, bytes);
      examined = { ...about, hash, kind: sidecar };
    } else {
      const { hash, read } = await readThrough(entry, call);
      const traits = traitsOf(read);
      const reading = readingOf(read);
      if (traits !== undefined && reading !== null) {
        memory.keepReading(hash, reading);
        examined = { ...about, hash, kind: "media", traits };
      } else {
        examined = { ...about, hash, kind: "other" };
      }
    }
    memory.remember(entry, examined);
    return { kind: "examined", examined, recalled: false };
  } catch (error) {
    if (call.signal.aborted) throw error;
    return { kind: "failed", failure: failureOf(subjectOf(entry), error) };
  }
}

/** How messages name a stream: its path, and its name inside the archive. */
export const subjectOf = (entry: Pick<SourceEntry, "location">): string =>
  entry.location.entry === undefined ? entry.location.path : `${entry.location.path}#${entry.location.entry}`;
