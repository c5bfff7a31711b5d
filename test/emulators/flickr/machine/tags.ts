import { tagNumberAfter } from "./ids.js";
import type { FlickrState, PhotoTag } from "./state.js";

const MACHINE_TAG = /^([a-z][a-z0-9_]*):([a-z][a-z0-9_]*)=(.+)$/is;

/** Lower case, letters and digits only: by this Flickr tells tags apart. */
const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The form a tag is compared in and lists show. A machine tag keeps its `namespace:predicate=`; its value is squeezed too. */
export function cleanTag(raw: string): string {
  const machine = MACHINE_TAG.exec(raw);
  if (machine === null) return squeezed(raw);
  const [, namespace = "", predicate = "", value = ""] = machine;
  return `${namespace.toLowerCase()}:${predicate.toLowerCase()}=${squeezed(value)}`;
}

export const isMachineTag = (raw: string): boolean => MACHINE_TAG.test(raw);

/** The tags in one text: parted by spaces, double quotes hold words together. Quotes are never part of a tag. */
export function splitTags(text: string, commasSplit: boolean): string[] {
  const tags: string[] = [];
  let tag = "";
  let isQuoted = false;
  const end = () => {
    if (tag !== "") tags.push(tag);
    tag = "";
  };
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (/\s/.test(character) || (commasSplit && character === ","))) end();
    else tag += character;
  }
  end();
  return tags;
}

/** The tags together with new ones; one whose clean form is there already changes nothing. */
export function withTags(
  state: FlickrState,
  photo: { readonly id: string; readonly tags: readonly PhotoTag[] },
  author: string,
  raws: readonly string[],
): readonly PhotoTag[] {
  const tags = [...photo.tags];
  const known = new Set(tags.map((tag) => tag.clean));
  for (const raw of raws) {
    const clean = cleanTag(raw);
    if (clean === "" || known.has(clean)) continue;
    known.add(clean);
    const fullId = `${author.split("@")[0]}-${photo.id}-${tagNumberAfter(state)}`;
    tags.push({ fullId, author, raw, clean, isMachineTag: isMachineTag(raw) });
  }
  return tags;
}
