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

/**
 * Whether a file is certainly the one that was hashed for the index entry: same times, inode and size, and older
 * than the index file. A file as young as the index may have been written again within one tick of the clock ("racy Git"), so it
 * counts as unknown. Device and owner are left out, as Git does by default for the device.
 */
export function isCertainlyUnchanged(entry: Buffer, stat: BigIntStats, indexMtimeNs: bigint): boolean {
  const now = encodeStat(stat, entry.readUInt32BE(24));
  const same = (position: number) => entry.readUInt32BE(position) === now.readUInt32BE(position);
  return [0, 4, 8, 12, 20, 36].every(same) && !isRacy(entry, indexMtimeNs);
}

/** See `isCertainlyUnchanged`. Times without a fraction come from clocks of one second and are compared as such. */
export function isRacy(entry: Buffer, indexMtimeNs: bigint): boolean {
  const seconds = BigInt(entry.readUInt32BE(8));
  const fraction = BigInt(entry.readUInt32BE(12));
  const indexSeconds = (indexMtimeNs / second) & word;
  if (fraction === 0n || indexMtimeNs % second === 0n) return seconds >= indexSeconds;
  return seconds * second + fraction >= indexSeconds * second + (indexMtimeNs % second);
}
