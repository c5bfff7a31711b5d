import type { ExtraField } from "yauzl";
import type { SourceProblem } from "../../ports/photo-source.js";
import { problem, shownLocation } from "./archive-errors.js";
import type { ArchiveFile } from "./archive-file.js";
import { type EntryKeys, plainName, unsafeName } from "./entry-name.js";

export const STORED = 0;
export const DEFLATED = 8;
const ENCRYPTED_FLAG = 0x1;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/** Deflate cannot exceed 1032:1 (RFC 1951 codes 258 bytes in two bits at best); no photo comes near it. */
const HIGHEST_RATIO = 1000;
const HARMLESS_BYTES = 1024 ** 3;

/** An entry of a zip as one of its headers describes it. */
export interface ZipFacts {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
  /** Unix mode where the archive was made on such a system, else 0. */
  readonly mode: number;
  readonly extraFields: readonly ExtraField[];
}

/** An entry of a zip that can be read. */
export interface ZipRecord {
  readonly kind: "record";
  /** Its key in `location.entry`: the name as stored, made distinct by `EntryKeys`. */
  readonly entry: string;
  readonly name: string;
  readonly method: typeof STORED | typeof DEFLATED;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
  readonly modifiedAt?: string;
}

/**
 * When an entry changed, in UTC, from the extra fields that tell a zone: `UT` of Info-ZIP (0x5455) or NTFS (0x000a, APPNOTE
 * 4.5.5). The plain DOS time is a wall clock nobody knows the place of, so it is not used.
 */
function modifiedAt(extraFields: readonly ExtraField[]): string | undefined {
  let epochMs: number | undefined;
  for (const { id, data } of extraFields) {
    if (id === 0x5455 && data.length >= 5 && ((data[0] ?? 0) & 1) === 1) epochMs = data.readInt32LE(1) * 1000;
    if (id === 0x000a && data.length >= 16 && data.readUInt16LE(4) === 1) {
      epochMs ??= Number(data.readBigUInt64LE(8) / 10_000n) - 11_644_473_600_000;
    }
  }
  const isDate = epochMs !== undefined && Math.abs(epochMs) <= 8.64e15;
  return isDate ? new Date(epochMs ?? 0).toISOString() : undefined;
}

/**
 * Whether a declared expansion is beyond what any picture or video needs, so that reading it would only burn time.
 * Declared sizes are bytes.
 */
export const isBomb = (sizeBytes: number, compressedBytes: number): boolean =>
  sizeBytes > HARMLESS_BYTES && sizeBytes > HIGHEST_RATIO * compressedBytes;

/** What an entry is to the reader of an archive: a record to open, a problem to report, or null for a folder. */
export function judgeZipEntry(
  archive: ArchiveFile,
  facts: ZipFacts,
  keys: EntryKeys,
): ZipRecord | SourceProblem | null {
  const type = facts.mode & FILE_TYPE;
  if (facts.name.endsWith("/") || type === DIRECTORY) return null;
  const entry = keys.next(facts.name);
  const location = { path: archive.path, entry };
  const shown = shownLocation(location);
  const unsafe = unsafeName(facts.name);
  if (unsafe !== null)
    return problem(location, "archive.unsafe-name", `${shown}: the name is refused: ${unsafe}.`);
  if (type !== 0 && type !== REGULAR) {
    return problem(location, "archive.link", `${shown} is a link or device, not a plain file.`);
  }
  if ((facts.flags & ENCRYPTED_FLAG) !== 0) {
    return problem(location, "archive.encrypted", `${shown} is encrypted.`);
  }
  if (facts.method !== STORED && facts.method !== DEFLATED) {
    const how = `compressed by method ${facts.method}, which photosync does not know`;
    return problem(location, "archive.unsupported-compression", `${shown} is ${how}.`);
  }
  if (isBomb(facts.sizeBytes, facts.compressedBytes)) {
    const sizes = `${facts.compressedBytes} bytes that claim to hold ${facts.sizeBytes}`;
    return problem(location, "archive.too-large", `${shown}: ${sizes} are not expanded.`);
  }
  const modified = modifiedAt(facts.extraFields);
  return {
    kind: "record",
    entry,
    name: plainName(facts.name),
    method: facts.method === STORED ? STORED : DEFLATED,
    crc32: facts.crc32,
    compressedBytes: facts.compressedBytes,
    sizeBytes: facts.sizeBytes,
    headerOffset: facts.headerOffset,
    ...(modified === undefined ? {} : { modifiedAt: modified }),
  };
}
