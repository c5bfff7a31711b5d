/**
 * A tag as Flickr's clean form shows it: lower case, letters and digits alone. A machine tag keeps its `:` and `=`
 * (flickr.com/services/api/misc.tags.html).
 */
export function cleanTag(raw: string): string {
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const machine = /^([a-z]\w*):([a-z]\w*)=(.*)$/isu.exec(raw.trim());
  if (machine === null) return bare(raw);
  return `${(machine[1] ?? "").toLowerCase()}:${(machine[2] ?? "").toLowerCase()}=${bare(machine[3] ?? "")}`;
}

/** The tag without what cannot be part of one: quotes bound it, and commas part tags in some of Flickr's ways. */
export const writableTag = (tag: string): string => tag.replace(/[",\s]+/g, " ").trim();

/** Tags as Flickr's `tags` arguments take them: with a space between, those that hold one in quotes. */
export const tagsText = (tags: readonly string[]): string =>
  tags
    .map(writableTag)
    .filter((tag) => tag !== "")
    .map((tag) => (tag.includes(" ") ? `"${tag}"` : tag))
    .join(" ");
