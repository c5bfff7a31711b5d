/** Room for what is added to a name (a suffix that tells two apart, a variant's role, `.xmp`) within the 255 bytes that file systems take. */
const MOST_BYTES = 180;
/** Longer ones are no extension but the end of a title with a dot in it. */
const LONGEST_EXTENSION = 12;

/** Not to be had in names on NTFS and exFAT, or a trap in a terminal: control characters and what turns the direction of writing. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF<>:"/\\|?*]/gu;
/** Windows takes these for devices, whatever their extension ("Naming Files, Paths, and Namespaces", Microsoft Learn). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

const bytesOf = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** The beginning of a text in at most so many bytes of UTF-8; no character is cut. */
function cut(text: string, mostBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > mostBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Windows drops dots and blanks at the end of a name, and so would take two names for one. */
const withoutLooseEnd = (text: string): string => text.replace(/[. ]+$/u, "");

/** A text as a part of a name: nothing is left in it that a file system refuses or takes for something else; may be empty. */
const tame = (text: string): string => text.normalize("NFC").replace(UNSAFE, "_").normalize("NFC");

/** A leading dot hides a file, and a device's name opens the device. */
function shielded(stem: string): string {
  const shown = stem.replace(/^\.+/, (dots) => "_".repeat(dots.length));
  return DEVICE.test(withoutLooseEnd(shown.split(".")[0] ?? "")) ? `_${shown}` : shown;
}

/** A file's name in two: `IMG_1` and `.JPG`. */
export interface SafeName {
  readonly stem: string;
  /** With its dot, or empty. */
  readonly extension: string;
}

/**
 * A file name that ext4, APFS, NTFS and exFAT all take and give back: in NFC, without separators, control characters, devices'
 * names, loose ends, and short enough for what is added. A name that needs no change has none. `fallback` stands in
 * where nothing is left of the stem.
 */
export function safeFileName(filename: string, fallback: string): SafeName {
  const name = withoutLooseEnd(tame(filename).trim());
  const dot = name.lastIndexOf(".");
  const tail = dot <= 0 ? "" : name.slice(dot);
  const isExtension = tail.length > 1 && tail.length <= LONGEST_EXTENSION && !/\s/u.test(tail);
  const extension = isExtension ? tail : "";
  const whole = name.slice(0, name.length - extension.length);
  const stem = withoutLooseEnd(cut(shielded(withoutLooseEnd(whole)), MOST_BYTES - bytesOf(extension)));
  return { stem: stem === "" ? fallback : stem, extension };
}

/** The same for a folder. */
export function safeFolderName(title: string, fallback: string): string {
  const name = withoutLooseEnd(cut(shielded(withoutLooseEnd(tame(title).trim())), MOST_BYTES));
  return name === "" ? fallback : name;
}

/**
 * What two names have in common that some file system takes for one: letter case, composed and decomposed characters, and
 * characters without width. Broader than any single file system, so that a tree can be copied from one to the next.
 */
export const foldName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC");
