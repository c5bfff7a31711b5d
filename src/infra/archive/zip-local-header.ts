import type { FileHandle } from "node:fs/promises";
import { type ExtraField, parseExtraFields } from "yauzl";
import { readAt } from "./file-bytes.js";

/** `PK\3\4`, APPNOTE 4.3.7. */
export const LOCAL_HEADER = 0x04034b50;
/** `PK\1\2`, APPNOTE 4.3.12. */
export const CENTRAL_HEADER = 0x02014b50;
const DATA_DESCRIPTOR = 0x08074b50;
const FIXED_BYTES = 30;
/** Room for the fixed part with most names and extra fields, so that one read is enough. */
const USUAL_BYTES = 512;
const ZIP64_EXTRA = 0x0001;
const IN_ZIP64_EXTRA = 0xffffffff;

/** The header before an entry's bytes, APPNOTE 4.3.7, with ZIP64 sizes resolved (4.5.3). */
export interface LocalHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly nameRaw: Buffer;
  readonly extraFields: readonly ExtraField[];
  /** Where the entry's bytes begin in the archive. */
  readonly dataOffset: number;
}

function extraFieldsOf(raw: Buffer): readonly ExtraField[] {
  try {
    return parseExtraFields(raw);
  } catch {
    // A malformed extra field costs what it would have told, not the entry.
    return [];
  }
}

/** The local header at `offset`, or null when there is none or the archive ends inside it. */
export async function readLocalHeader(handle: FileHandle, offset: number): Promise<LocalHeader | null> {
  const fixed = await readAt(handle, offset, USUAL_BYTES);
  if (fixed.length < FIXED_BYTES || fixed.readUInt32LE(0) !== LOCAL_HEADER) return null;
  const nameLength = fixed.readUInt16LE(26);
  const extraLength = fixed.readUInt16LE(28);
  const end = FIXED_BYTES + nameLength + extraLength;
  const variable =
    end <= fixed.length
      ? fixed.subarray(FIXED_BYTES, end)
      : await readAt(handle, offset + FIXED_BYTES, nameLength + extraLength);
  if (variable.length < nameLength + extraLength) return null;
  const extraFields = extraFieldsOf(variable.subarray(nameLength));
  let compressedBytes = fixed.readUInt32LE(18);
  let sizeBytes = fixed.readUInt32LE(22);
  const zip64 = extraFields.find((field) => field.id === ZIP64_EXTRA)?.data;
  if (zip64 !== undefined && zip64.length >= 16) {
    if (sizeBytes === IN_ZIP64_EXTRA) sizeBytes = Number(zip64.readBigUInt64LE(0));
    if (compressedBytes === IN_ZIP64_EXTRA) compressedBytes = Number(zip64.readBigUInt64LE(8));
  }
  return {
    flags: fixed.readUInt16LE(6),
    method: fixed.readUInt16LE(8),
    crc32: fixed.readUInt32LE(14),
    compressedBytes,
    sizeBytes,
    nameRaw: variable.subarray(0, nameLength),
    extraFields,
    dataOffset: offset + end,
  };
}

/**
 * Length of the data descriptor at `offset` that confirms these values, or null when none does. It stands with or without
 * signature and with 4- or 8-byte sizes, and nothing tells which (APPNOTE 4.3.9), so each form is tried.
 */
export async function descriptorLength(
  handle: FileHandle,
  offset: number,
  told: { readonly crc32: number; readonly compressedBytes: number; readonly sizeBytes: number },
): Promise<number | null> {
  const bytes = await readAt(handle, offset, 24);
  for (const start of [4, 0]) {
    if (start === 4 && (bytes.length < 4 || bytes.readUInt32LE(0) !== DATA_DESCRIPTOR)) continue;
    if (bytes.length < start + 12 || bytes.readUInt32LE(start) !== told.crc32) continue;
    const wide = bytes.length >= start + 20;
    if (
      wide &&
      bytes.readBigUInt64LE(start + 4) === BigInt(told.compressedBytes) &&
      bytes.readBigUInt64LE(start + 12) === BigInt(told.sizeBytes)
    ) {
      return start + 20;
    }
    const compressed32 = Number(BigInt.asUintN(32, BigInt(told.compressedBytes)));
    if (bytes.readUInt32LE(start + 4) === compressed32) return start + 12;
  }
  return null;
}
