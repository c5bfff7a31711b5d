import { type Binary, findAscii } from "./binary.js";
import { type Box, boxesIn } from "./boxes.js";
import { bufferReader } from "./byte-reader.js";
import { addTag, type Found, nothingFound } from "./found.js";
import { readJpeg } from "./jpeg.js";
import { decodeText, decodeUtf16, tidyText, untilNul } from "./text.js";

const MOST_TEXT_BYTES = 64 * 1024;

/** International texts (`\xa9` is ©): length, language, text. Source: QuickTime File Format, "User Data Atoms". */
const TEXTS: Readonly<Record<string, string>> = {
  "\xa9nam": "Title",
  "\xa9day": "ContentCreateDate",
  "\xa9cmt": "Comment",
  "\xa9des": "Description",
  "\xa9xyz": "GPSCoordinates",
  "\xa9mak": "Make",
  "\xa9mod": "Model",
  "\xa9swr": "SoftwareVersion",
  "\xa9inf": "Information",
  "\xa9fmt": "Format",
  "\xa9ART": "Artist",
};
/** Texts of 3GP: version and flags, language, text (3GPP TS 26.244, section 8). */
const GP_TEXTS: Readonly<Record<string, string>> = {
  titl: "Title",
  dscp: "Description",
  auth: "Author",
  perf: "Performer",
  cprt: "Copyright",
};
/** Plain texts that makers put here. */
const PLAIN_TEXTS: Readonly<Record<string, string>> = {
  manu: "Make",
  modl: "Model",
  date: "DateTimeOriginal",
  "@mak": "Make",
  "@mod": "Model",
};

function gpText(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe);
  return untilNul(isUtf16 ? decodeUtf16(bytes, false) : decodeText(bytes));
}

/** Source: 3GPP TS 26.244, 8.11: name, role, longitude, latitude and altitude in fixed point. */
function readLocation(data: Binary, start: number, size: number, found: Found): void {
  const name = gpText(data.slice(start + 6, Math.min(size - 6, MOST_TEXT_BYTES)));
  const isUtf16 = data.u8(start + 6) === 0xfe || data.u8(start + 6) === 0xff;
  const nameBytes = isUtf16 ? 2 + name.length * 2 + 2 : Buffer.byteLength(name) + 1;
  const at = start + 6 + nameBytes + 1;
  if (at + 12 > start + size) return;
  const degrees = (offset: number): number => data.i32(at + offset) / 65_536;
  const signed = (value: number, digits: number): string =>
    `${value < 0 ? "-" : "+"}${Math.abs(value)
      .toFixed(5)
      .padStart(digits + 6, "0")}`;
  const text = `${signed(degrees(4), 2)}${signed(degrees(0), 3)}${signed(degrees(8), 1)}/`;
  addTag(found, "UserData:GPSCoordinates", text);
  if (name !== "") addTag(found, "UserData:LocationName", name);
}

/** Canon's `CNTH` holds a small JPEG whose EXIF has the camera and its local clock. */
async function readCanonThumbnail(data: Binary, box: Box, found: Found): Promise<void> {
  const content = data.slice(box.start, box.size);
  const start = findAscii(content, "\xff\xd8\xff");
  if (start < 0) return;
  const inner = nothingFound();
  await readJpeg(bufferReader(content.subarray(start)), inner);
  for (const [name, value] of inner.tags) addTag(found, name, value);
}

/** Reads `udta`. The first language of each text counts. */
export async function readUserData(data: Binary, udta: Box, found: Found): Promise<void> {
  for (const box of boxesIn(data, udta.start, udta.start + udta.size)) {
    const { type, start } = box;
    const size = Math.min(box.size, MOST_TEXT_BYTES);
    const [text, gp, plain] = [TEXTS[type], GP_TEXTS[type], PLAIN_TEXTS[type]];
    if (text !== undefined) {
      const bytes = data.slice(start + 4, Math.min(data.u16(start), size - 4));
      addTag(found, `UserData:${text}`, tidyText(untilNul(decodeText(bytes))));
    } else if (gp !== undefined)
      addTag(found, `UserData:${gp}`, tidyText(gpText(data.slice(start + 6, size - 6))));
    else if (plain !== undefined)
      addTag(found, `UserData:${plain}`, tidyText(untilNul(decodeText(data.slice(start, size)))));
    else if (type === "loci") readLocation(data, start, size, found);
    else if (type === "XMP_") found.xmp.push(data.slice(start, box.size));
    else if (type === "CNTH") await readCanonThumbnail(data, box, found);
  }
}
