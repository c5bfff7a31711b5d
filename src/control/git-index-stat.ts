import type { BigIntStats } from "node:fs";

/** Length of the stat fields at the head of an index entry. */
export const indexStatBytes = 40;

const word = 0xffff_ffffn;
const second = 1_000_000_000n;

/**
 * The stat fields of an index entry as Git fills them (gitformat-index): 32 bits each, big-endian. Git for Windows leaves
 * device, inode and owner at zero, and would take other values for a change.
 */
export function encodeStat(stat: BigIntStats, mode: number): Buffer {
  const windows = process.platform === "win32";
  const bytes = Buffer.allocUnsafe(indexStatBytes);
  const fields: readonly bigint[] = [
    stat.ctimeNs / second,
    stat.ctimeNs % second,
    stat.mtimeNs / second,
    stat.mtimeNs % second,
    windows ? 0n : stat.dev,
    windows ? 0n : stat.ino,
    BigInt(mode),
    windows ? 0n : stat.uid,
    windows ? 0n : stat.gid,
    stat.size,
  ];
  fields.forEach((field, position) => {
    bytes.writeUInt32BE(Number(field & word), position * 4);
  });
  return bytes;
}

/** Stat fields that match no file: Git and photosync compare contents when they meet them. */
export function unknownStat(mode: number): Buffer {
  const bytes = Buffer.alloc(indexStatBytes);
  bytes.writeUInt32BE(mode, 24);
  return bytes;
}

/** A time of the file system, in the two numbers that an index entry has for it. */
export interface IndexTime {
  /** Seconds since 1970, modulo 2^32. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

export function indexTime(ns: bigint): IndexTime {
  return { seconds: Number((ns / second) & word), nanoseconds: Number(ns % second) };
}

/**
 * Whether a file is certainly the one that was hashed for the index entry at `start`: same times, inode and size, and older
 * than the index file. A file as young as the index may have been written again within one tick of the clock ("racy Git"), so it
 * counts as unknown. Device and owner are left out, as Git does by default for the device.
 */
export function isCertainlyUnchanged(
  bytes: Buffer,
  start: number,
  stat: BigIntStats,
  indexWritten: IndexTime,
): boolean {
  const { mtimeNs, ctimeNs, size } = stat;
  const inode = process.platform === "win32" ? 0n : stat.ino;
  return (
    bytes.readUInt32BE(start + 36) === Number(size & word) &&
    bytes.readUInt32BE(start + 20) === Number(inode & word) &&
    isTimeAt(bytes, start + 8, mtimeNs) &&
    isTimeAt(bytes, start, ctimeNs) &&
    !isRacy(bytes, start, indexWritten)
  );
}

function isTimeAt(bytes: Buffer, at: number, ns: bigint): boolean {
  return (
    bytes.readUInt32BE(at + 4) === Number(ns % second) &&
    bytes.readUInt32BE(at) === Number((ns / second) & word)
  );
}

/** See `isCertainlyUnchanged`. Times without a fraction come from clocks of one second and are compared as such. */
export function isRacy(bytes: Buffer, start: number, indexWritten: IndexTime): boolean {
  const seconds = bytes.readUInt32BE(start + 8);
  const nanoseconds = bytes.readUInt32BE(start + 12);
  if (seconds !== indexWritten.seconds || nanoseconds === 0 || indexWritten.nanoseconds === 0)
    return seconds >= indexWritten.seconds;
  return nanoseconds >= indexWritten.nanoseconds;
}
