import { Binary, findAscii } from "./binary.js";
import type { ByteReader } from "./byte-reader.js";
import { addTag, type Found } from "./found.js";

const SEARCHED_BYTES = 512 * 1024;
const MOST_TAGS = 64;
const TAG = { yearMonth: 0x18, dayTime: 0x19, maker: 0xe0 } as const;
const MAKERS: Readonly<Record<number, string>> = {
  259: "Panasonic",
  264: "Sony",
  4113: "Canon",
  4356: "JVC",
};

const bcd = (byte: number): string => byte.toString(16).padStart(2, "0");

/** The zone byte: bit 0 is a half hour, bits 1 to 4 the hours, bit 5 west of Greenwich; all ones where not set. */
function zoneOf(byte: number): string {
  if (byte === 0xff) return "";
  const hours = (byte >> 1) & 0x0f;
  const sign = byte & 0x20 ? "-" : "+";
  return `${sign}${String(hours).padStart(2, "0")}:${byte & 1 ? "30" : "00"}`;
}

/**
 * Reads the recording time that AVCHD camcorders put in the H.264 stream as unregistered user data marked `MDPM`: tags
 * of one byte with four bytes each, in packed decimals. Source: as documented for exiftool's H264 tags.
 */
export async function readMts(reader: ByteReader, found: Found): Promise<void> {
  const data = new Binary(await reader.read(0, Math.min(reader.sizeBytes, SEARCHED_BYTES)));
  const mark = findAscii(data.bytes, "MDPM");
  if (mark < 0) return;
  const values = new Map<number, number>();
  const count = Math.min(data.u8(mark + 4), MOST_TAGS);
  for (let i = 0; i < count; i++) values.set(data.u8(mark + 5 + i * 5), mark + 6 + i * 5);
  const yearMonth = values.get(TAG.yearMonth);
  const dayTime = values.get(TAG.dayTime);
  if (yearMonth !== undefined && dayTime !== undefined) {
    const [year, month] = [
      bcd(data.u8(yearMonth + 1)) + bcd(data.u8(yearMonth + 2)),
      bcd(data.u8(yearMonth + 3)),
    ];
    const [day, hour, minute, second] = [0, 1, 2, 3].map((i) => bcd(data.u8(dayTime + i)));
    const zone = zoneOf(data.u8(yearMonth));
    addTag(found, "H264:DateTimeOriginal", `${year}:${month}:${day} ${hour}:${minute}:${second}${zone}`);
  }
  const maker = values.get(TAG.maker);
  if (maker !== undefined) addTag(found, "H264:Make", MAKERS[data.u16(maker)]);
}
