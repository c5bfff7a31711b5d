const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const utf16le = new TextDecoder("utf-16le");
const utf16be = new TextDecoder("utf-16be");

/**
 * Code points of windows-1252 where it differs from Latin-1 (0x80 to 0x9F); undefined positions stay as they are.
 * Source: the WHATWG Encoding Standard's index. Node's own decoder got these wrong in some 20.x releases.
 */
const CP1252 = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
  0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0x9d, 0x017e, 0x0178,
];

function westernText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (const byte of bytes) {
    parts.push(String.fromCharCode(byte >= 0x80 && byte <= 0x9f ? (CP1252[byte - 0x80] ?? byte) : byte));
  }
  return parts.join("");
}

/** Text that no standard gave an encoding: UTF-8 where the bytes are valid UTF-8, else Western European (CP 1252). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return westernText(bytes);
  }
}

/** UTF-16 without its byte order mark; a mark that is there wins over `littleEndian`. */
export function decodeUtf16(bytes: Uint8Array, littleEndian: boolean): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? true : bytes[0] === 0xfe && bytes[1] === 0xff ? false : null;
  return ((marked ?? littleEndian) ? utf16le : utf16be).decode(bytes);
}

/** The text before the first NUL. */
export function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** A person's text: without NULs and the blanks that cameras pad with; undefined when nothing is left. */
export function tidyText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).replaceAll("\0", "").trim();
  return text === "" ? undefined : text;
}
