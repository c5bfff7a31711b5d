import { Binary } from "./binary.js";
import { type Box, boxesIn, topBoxes } from "./boxes.js";
import type { ByteReader } from "./byte-reader.js";
import { instantText } from "./date-text.js";
import { addTag, type Found, warn } from "./found.js";
import { readAppleKeys, readItemList } from "./quicktime-meta.js";
import { readTracks } from "./quicktime-tracks.js";
import { readUserData } from "./quicktime-user-data.js";

const MOST_MOOV_BYTES = 64 * 1024 * 1024;
const MOST_XMP_BYTES = 8 * 1024 * 1024;
/** Seconds from 1904-01-01, QuickTime's epoch, to 1970-01-01. */
const EPOCH_GAP_SECONDS = 2_082_844_800;
/** Adobe's identifier of the `uuid` box that holds an XMP packet (XMP specification part 3, section 2.2.5). */
export const XMP_UUID = "be7acfcb97a942e89c71999491e3afac";

/** The 16 bytes that identify a `uuid` box, in hex. */
export function uuidOf(data: Binary, box: Box): string {
  return Buffer.from(data.slice(box.start, 16)).toString("hex");
}

/**
 * A header's time as an instant in UTC. 0 means none. Some firmware counts from 1970 instead of 1904, which shows as a
 * date before 1970; it is read as what it must be. Others write their local clock here, which nothing can tell.
 */
function headerTime(seconds: number): string | null {
  if (seconds <= 0) return null;
  return instantText(seconds >= EPOCH_GAP_SECONDS ? seconds - EPOCH_GAP_SECONDS : seconds);
}

function readMovieHeader(moov: Binary, { start }: Box, found: Found): void {
  const isWide = moov.u8(start) === 1;
  const created = isWide ? moov.u64(start + 4) : moov.u32(start + 4);
  const changed = isWide ? moov.u64(start + 12) : moov.u32(start + 8);
  const timescale = moov.u32(start + (isWide ? 20 : 12));
  const duration = isWide ? moov.u64(start + 24) : moov.u32(start + 16);
  addTag(found, "QuickTime:CreateDate", headerTime(created) ?? undefined);
  addTag(found, "QuickTime:ModifyDate", headerTime(changed) ?? undefined);
  const isUnknown = duration === 0xffffffff || duration >= 2 ** 63;
  if (timescale > 0 && duration > 0 && !isUnknown) {
    found.durationSeconds = Math.round((duration / timescale) * 1000) / 1000;
  }
}

/** Reads what a `moov` box says: header, tracks, user data, Apple's keys. */
export async function readMoov(moov: Binary, found: Found): Promise<void> {
  const boxes = boxesIn(moov);
  for (const box of boxes) {
    if (box.type === "mvhd") readMovieHeader(moov, box, found);
    else if (box.type === "meta") readAppleKeys(moov, box, found);
    else if (box.type === "udta") {
      await readUserData(moov, box, found);
      for (const inner of boxesIn(moov, box.start, box.start + box.size)) {
        if (inner.type === "meta") readItemList(moov, inner, found);
      }
    }
  }
  readTracks(moov, boxes, found);
}

/**
 * Reads a QuickTime, MP4 or 3GP film. Source: Apple's QuickTime File Format Specification; ISO/IEC 14496-12; 3GPP
 * TS 26.244 (user data of 3GP).
 */
export async function readQuickTime(reader: ByteReader, found: Found): Promise<void> {
  let hasMovie = false;
  for (const box of await topBoxes(reader)) {
    if (box.isCut) warn(found, "QuickTime: the file is cut off");
    if (box.type === "moov") {
      hasMovie = true;
      const moov = new Binary(await reader.read(box.start, Math.min(box.size, MOST_MOOV_BYTES)));
      if (moov.length < box.size)
        warn(found, "QuickTime: the description of the film is out of reach in part");
      await readMoov(moov, found);
    } else if (box.type === "uuid" && box.size > 16 && box.size <= MOST_XMP_BYTES) {
      const data = new Binary(await reader.read(box.start, box.size));
      if (uuidOf(data, { ...box, start: 0 }) === XMP_UUID) found.xmp.push(data.bytes.subarray(16));
    } else if (box.type === "meta" && box.size <= MOST_MOOV_BYTES) {
      const data = new Binary(await reader.read(box.start, box.size));
      readAppleKeys(data, { ...box, start: 0, size: data.length }, found);
    }
  }
  if (!hasMovie) warn(found, "QuickTime: the description of the film (moov) is missing or out of reach");
  const identifier = found.tags.get("Keys:ContentIdentifier");
  if (typeof identifier === "string") found.contentIdentifier = identifier;
}
