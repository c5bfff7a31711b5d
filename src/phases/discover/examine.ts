import { type Failure, failureOf } from "../../domain/errors.js";
import type { Reading } from "../../domain/finding.js";
import type { ContentHash } from "../../domain/ids.js";
import type { MediaReading } from "../../infra/media/read-media.js";
import type { Call } from "../../ports/call.js";
import type { Examined, MediaTraits, SourceEntry } from "../../ports/photo-source.js";
import { type Keeping, readBytes, readThrough } from "./read-entry.js";

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
  | { readonly kind: "examined"; readonly examined: Examined }
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

/**
 * Looks at one stream of bytes, reading it once: its hash, what it is by content, and what it says of itself. Originals
 * that are wanted are kept on the way. What cannot be read becomes a failure; an abort is thrown.
 */
export async function examine(
  entry: SourceEntry,
  memory: ScanMemory,
  keeping: Keeping | null,
  call: Call,
): Promise<Examination> {
  const about = { location: entry.location, name: entry.name, sizeBytes: entry.sizeBytes };
  try {
    const sidecar = sidecarKind(entry);
    let examined: Examined;
    if (sidecar !== null) {
      const { hash, bytes } = await readBytes(entry, call);
      memory.keepSmall(hash, bytes);
      examined = { ...about, hash, kind: sidecar };
    } else {
      const { hash, read } = await readThrough(entry, keeping, call);
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
    return { kind: "examined", examined };
  } catch (error) {
    if (call.signal.aborted) throw error;
    return { kind: "failed", failure: failureOf(subjectOf(entry), error) };
  }
}

/** How messages name a stream: its path, and its name inside the archive. */
export const subjectOf = (entry: Pick<SourceEntry, "location">): string =>
  entry.location.entry === undefined ? entry.location.path : `${entry.location.path}#${entry.location.entry}`;
