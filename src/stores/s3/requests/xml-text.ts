const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
const ESCAPED = /&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi;

/** The text that stands between two tags of XML, where nothing but characters does (XML 1.0, section 4.1); what means nothing stays as it is. */
export const unescaped = (text: string): string =>
  text.includes("&")
    ? text.replace(ESCAPED, (whole, name: string) => {
        if (!name.startsWith("#")) return ENTITIES.get(name) ?? whole;
        const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
        return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
      })
    : text;
