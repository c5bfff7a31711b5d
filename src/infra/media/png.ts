import { inflateSync } from "node:zlib";
import { Binary, findAscii } from "./binary.js";
import { type ByteReader, bufferReader } from "./byte-reader.js";
import { plainDateText } from "./english-date.js";
import { addTag, type Found, warn } from "./found.js";
import { iptcInResources } from "./photoshop.js";
import { decodeText } from "./text.js";
import { readTiff } from "./tiff.js";

const MOST_CHUNKS = 50_000;
const MOST_TEXT_BYTES = 8 * 1024 * 1024;
/** All texts of one file together, unpacked: packed ones can grow a thousandfold. */
const MOST_TEXT_TOTAL = 32 * 1024 * 1024;
const READ = new Set(["IHDR", "tEXt", "zTXt", "iTXt", "eXIf", "tIME"]);

interface PngText {
  readonly keyword: string;
  readonly bytes: Uint8Array;
}

function inflate(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(bytes, { maxOutputLength: MOST_TEXT_BYTES });
  } catch {
    return null;
  }
}

/** The keyword and (unpacked) text of a tEXt, zTXt or iTXt chunk; null when it is damaged. */
function textOfChunk(type: string, bytes: Uint8Array): PngText | null {
  const end = bytes.indexOf(0);
  if (end < 1 || end > 79) return null;
  const keyword = decodeText(bytes.subarray(0, end));
  if (type === "tEXt") return { keyword, bytes: bytes.subarray(end + 1) };
  if (type === "zTXt") {
    const unpacked = inflate(bytes.subarray(end + 2));
    return unpacked === null ? null : { keyword, bytes: unpacked };
  }
  const isPacked = bytes[end + 1] === 1;
  const languageEnd = bytes.indexOf(0, end + 3);
  const keywordEnd = languageEnd < 0 ? -1 : bytes.indexOf(0, languageEnd + 1);
  if (keywordEnd < 0) return null;
  const text = isPacked ? inflate(bytes.subarray(keywordEnd + 1)) : bytes.subarray(keywordEnd + 1);
  return text === null ? null : { keyword, bytes: text };
}

/** ImageMagick's profiles: a name, the length, and the block in hexadecimal digits. */
function rawProfile(bytes: Uint8Array): Uint8Array {
  const text = decodeText(bytes);
  const head = /^\s{0,8}[^\n]{0,80}\n\s{0,16}\d{1,10}\s/.exec(text);
  return Buffer.from(head === null ? "" : text.slice(head[0].length).replace(/\s+/g, ""), "hex");
}

const withoutExifMark = (bytes: Uint8Array): Uint8Array =>
  new Binary(bytes).latin1(0, 6) === "Exif\0\0" ? bytes.subarray(6) : bytes;

async function addText({ keyword, bytes }: PngText, found: Found): Promise<void> {
  if (keyword === "XML:com.adobe.xmp") found.xmp.push(bytes);
  else if (/^Raw profile type (exif|APP1)$/i.test(keyword)) {
    const block = rawProfile(bytes);
    const packet = findAscii(block, "<?xpacket");
    if (packet >= 0) found.xmp.push(block.subarray(packet));
    else await readTiff(bufferReader(withoutExifMark(block)), found, "block");
  } else if (/^Raw profile type (iptc|8bim)$/i.test(keyword)) {
    const block = rawProfile(bytes);
    found.iptc.push(...(block[0] === 0x1c ? [block] : iptcInResources(block)));
  } else if (/^Raw profile type xmp$/i.test(keyword)) found.xmp.push(rawProfile(bytes));
  else if (!keyword.startsWith("Raw profile type")) {
    const name = keyword.replace(/(?:^|[\s:_-]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const text = decodeText(bytes);
    addTag(found, `PNG:${name}`, name === "CreationTime" ? plainDateText(text) : text);
  }
}

/** `tIME`: the time of last change, in UTC by the specification. */
function changeTime(chunk: Binary): string {
  const pad = (at: number): string => String(chunk.u8(at)).padStart(2, "0");
  return `${chunk.u16(0)}-${pad(2)}-${pad(3)}T${pad(4)}:${pad(5)}:${pad(6)}Z`;
}

/** Reads a PNG's chunks, those behind the pixels too. Source: PNG specification (third edition), chapter 11. */
export async function readPng(reader: ByteReader, found: Found): Promise<void> {
  let at = 8;
  let textBudget = MOST_TEXT_TOTAL;
  for (let seen = 0; seen < MOST_CHUNKS; seen++) {
    const head = new Binary(await reader.read(at, 8));
    const type = head.latin1(4, 4);
    if (head.length < 8 || type === "IEND") break;
    const size = head.u32(0);
    if (READ.has(type) && size <= MOST_TEXT_BYTES && textBudget > 0) {
      const chunk = new Binary(await reader.read(at + 8, size));
      if (chunk.length < size) warn(found, "PNG: the file ends inside a chunk");
      if (type === "IHDR") Object.assign(found, { width: chunk.u32(0), height: chunk.u32(4) });
      else if (type === "tIME") addTag(found, "PNG:ModifyDate", changeTime(chunk));
      else if (type === "eXIf") await readTiff(bufferReader(withoutExifMark(chunk.bytes)), found, "block");
      else {
        const text = textOfChunk(type, chunk.bytes);
        if (text === null) warn(found, `PNG: a ${type} chunk is damaged`);
        else await addText(text, found);
        // An unpacked block costs at least its own start-up, so even empty texts use the budget up.
        textBudget -= 4096 + (text?.bytes.length ?? MOST_TEXT_BYTES);
      }
    }
    at += 12 + size;
  }
}
