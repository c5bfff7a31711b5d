/** Controls, and the marks that reverse the direction of writing: they would let a name forge a terminal's output. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A name as it may be printed: what could move a terminal's cursor is shown as `\u{1b}`. */
export const shownName = (name: string): string =>
  name.replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);

/** Bytes that are no UTF-8 as text: ASCII as it is, every other byte as `\xNN`. */
export const shownBytes = (bytes: Uint8Array): string =>
  shownName(
    Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
    ).join(""),
  );

/**
 * Why an archive's entry name is refused, or null when it is fit: it must be a relative path with `/` that stays below
 * where it would be unpacked, on every operating system. APPNOTE 4.4.17 forbids drives, leading slashes and backslashes.
 */
export function unsafeName(name: string): string | null {
  if (name.includes("\0")) return "it holds a NUL character";
  if (name.includes("\\")) return "it holds a backslash";
  if (name.startsWith("/")) return "it is an absolute path";
  if (/^[a-z]:/i.test(name)) return "it begins with a drive letter";
  const segments = name.split("/");
  if (segments.includes("..")) return "it leads out of the archive";
  if (segments.every((segment) => segment === "" || segment === ".")) return "it is empty";
  return null;
}

/** An entry's name as people know it: in NFC, without `./` and doubled slashes. */
export const plainName = (name: string): string =>
  name
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/")
    .normalize("NFC");

/**
 * Makes the names of one archive's entries distinct, in the archive's order: the first `a.jpg` keeps its name, the second
 * becomes `a.jpg\2`. A backslash stands in no name that `unsafeName` lets pass, so no other entry is meant by it.
 */
export class EntryKeys {
  readonly #seen = new Map<string, number>();

  /** The key of the next entry of this name; it goes into `location.entry`. */
  next(name: string): string {
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    return count === 1 ? name : `${name}\\${count}`;
  }
}
