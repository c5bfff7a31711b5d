/** A text without what changes nothing in it: Unicode form (NFC), outer and repeated white space, line ends. */
export const plainText = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();

/** The references that services write into texts: those of XML and the one for a space that does not break. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/giu, (whole, decimal, hex, name) => {
    if (typeof name === "string") return ENTITIES[name.toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const isCharacter = point > 0 && point <= 0x10_ffff && !(point >= 0xd800 && point <= 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : whole;
  });
}

/**
 * A text as it was before a service stored it as HTML: references decoded, `<br>` and paragraphs as spaces, links and emphasis
 * without their tags, then `plainText`. Flickr keeps a small set of HTML in descriptions and escapes the rest.
 */
export function unmangled(text: string): string {
  const tagless = text
    .replace(/<(br|p|\/p)\s*\/?>/giu, " ")
    .replace(/<\/?(a|b|i|u|em|strong|blockquote)(\s[^<>]*)?>/giu, "");
  return plainText(decoded(tagless));
}

const isWordPart = (character: string): boolean => /[\p{L}\p{N}\p{M}]/u.test(character);

/** True where the short text stands in the long one as whole words, or is its start cut off with an ellipsis. Both plain. */
export function containsText(long: string, short: string): boolean {
  const cut = /^(.*\S)\s?(…|\.\.\.)$/u.exec(short)?.[1];
  if (cut !== undefined && long.startsWith(cut)) return true;
  if (short === "") return true;
  for (let at = long.indexOf(short); at >= 0; at = long.indexOf(short, at + 1)) {
    const [before, after] = [
      [...long.slice(0, at)].at(-1) ?? "",
      [...long.slice(at + short.length)][0] ?? "",
    ];
    const [first, last] = [[...short][0] ?? "", [...short].at(-1) ?? ""];
    const isCutIn = (isWordPart(before) && isWordPart(first)) || (isWordPart(last) && isWordPart(after));
    if (!isCutIn) return true;
  }
  return false;
}
