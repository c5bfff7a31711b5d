import { damaged } from "./git-object.js";

/**
 * Entries of an index of version 4, in which each path says only how it differs from the one before (gitformat-index,
 * "Version 4"), as the bytes of the same entries in version 3, and where they end in the file. Throws `library.damaged`.
 */
export function expandVersion4(
  file: Buffer,
  count: number,
): { readonly bytes: Buffer; readonly end: number } {
  const parts: Buffer[] = [];
  let previous = Buffer.alloc(0);
  let at = 12;
  for (let entry = 0; entry < count; entry++) {
    const start = at;
    at += (file[start + 60] ?? 0) & 0x40 ? 64 : 62;
    const stripped = readVarint(file, at);
    const nul = file.indexOf(0, stripped.end);
    if (nul < 0 || stripped.value > previous.length) throw damaged("the Git index is cut short");
    const fixed = file.subarray(start, at);
    const path = Buffer.concat([
      previous.subarray(0, previous.length - stripped.value),
      file.subarray(stripped.end, nul),
    ]);
    const length = Math.floor((fixed.length + path.length) / 8 + 1) * 8;
    parts.push(Buffer.concat([fixed, path], length));
    previous = path;
    at = nul + 1;
  }
  if (at > file.length - 20) throw damaged("the Git index is cut short");
  return { bytes: Buffer.concat(parts), end: at };
}

/** The number coding of offset deltas in packs: big-endian groups of seven bits, each continuation adding one. */
function readVarint(file: Buffer, start: number): { readonly value: number; readonly end: number } {
  let at = start;
  let byte = file[at++] ?? 0;
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = file[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}
