import { codeByType, type ObjectType } from "./git-object.js";

/** Codes of the two kinds of deltas (gitformat-pack, "Pack files have the following format"). */
export const offsetDelta = 6;
export const idDelta = 7;

/** What stands before the compressed bytes of an object in a pack. */
export interface EntryHeader {
  readonly code: number;
  /** Bytes that the rest unpacks to. */
  readonly size: number;
  /** For an offset delta, how far before the object its base begins. */
  readonly distance: number;
  /** For an id delta, its base. */
  readonly baseId: string | null;
  /** Bytes that the header takes. */
  readonly length: number;
}

/** Reads the header that `bytes` begins with; null where they end before it does, or it is none. */
export function parseEntryHeader(bytes: Buffer): EntryHeader | null {
  let at = 0;
  let byte = bytes[at++] ?? 0;
  const code = (byte >> 4) & 7;
  let size = byte & 15;
  for (let factor = 16; byte & 0x80; factor *= 128) {
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * factor;
  }
  let distance = 0;
  let baseId: string | null = null;
  if (code === offsetDelta) {
    byte = bytes[at++] ?? 0;
    distance = byte & 0x7f;
    while (byte & 0x80) {
      byte = bytes[at++] ?? 0;
      distance = (distance + 1) * 128 + (byte & 0x7f);
    }
    if (distance <= 0) return null;
  } else if (code === idDelta) {
    baseId = bytes.toString("hex", at, at + 20);
    at += 20;
  } else if (code === 0 || code === 5) return null;
  return at > bytes.length ? null : { code, size, distance, baseId, length: at };
}

/** The header of an object, or of a delta against an object with an id. */
export function entryHeader(code: number, size: number, baseId: string | null = null): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(size / 16);
  let byte = (code << 4) | (size % 16);
  while (rest > 0) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
    rest = Math.floor(rest / 128);
  }
  bytes.push(byte);
  const header = Buffer.from(bytes);
  return baseId === null ? header : Buffer.concat([header, Buffer.from(baseId, "hex")]);
}

const typeByCode: ReadonlyMap<number, ObjectType> = new Map(
  (["commit", "tree", "blob", "tag"] as const).map((type) => [codeByType[type], type]),
);

/** The type that a pack's code stands for; null for deltas. */
export const typeOfCode = (code: number): ObjectType | null => typeByCode.get(code) ?? null;
