import { Binary, findAscii } from "./binary.js";

const GUID_BYTES = 32;
const HEADER_BYTES = GUID_BYTES + 8;
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Puts together the part of an XMP packet that did not fit one JPEG segment. Each portion names its packet (GUID), the
 * packet's full length and its own offset; the main packet names the GUID that belongs to it (xmpNote:HasExtendedXMP).
 * Source: XMP specification part 3, section 1.1.3.1.
 */
export class ExtendedXmp {
  private readonly portions: { guid: string; fullBytes: number; offset: number; bytes: Uint8Array }[] = [];

  /** A segment's payload after the namespace. */
  add(segment: Uint8Array): void {
    const data = new Binary(segment);
    if (data.length <= HEADER_BYTES) return;
    this.portions.push({
      guid: data.latin1(0, GUID_BYTES),
      fullBytes: data.u32(GUID_BYTES),
      offset: data.u32(GUID_BYTES + 4),
      bytes: segment.subarray(HEADER_BYTES),
    });
  }

  /** The complete extension that `mainPacket` names: one packet, or none where portions are missing. */
  packetsFor(mainPacket: Uint8Array): Uint8Array[] {
    const mine = this.portions.filter(({ guid }) => findAscii(mainPacket, guid) >= 0);
    const fullBytes = mine[0]?.fullBytes ?? 0;
    if (fullBytes === 0 || fullBytes > MOST_BYTES) return [];
    const packet = new Uint8Array(fullBytes);
    let filled = 0;
    for (const { offset, bytes } of mine) {
      if (offset + bytes.length > fullBytes) return [];
      packet.set(bytes, offset);
      filled += bytes.length;
    }
    return filled >= fullBytes ? [packet] : [];
  }
}
