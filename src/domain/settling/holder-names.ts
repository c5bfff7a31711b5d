import { CANONICAL_SPEAKER } from "../discrepancy.js";
import { ORIGINAL_SOURCE } from "../photo.js";

const TITLES: ReadonlyMap<string, string> = new Map([
  ["flickr", "Flickr"],
  ["google-photos", "Google Photos"],
  ["google-drive", "Google Drive"],
  ["folder", "the folder"],
  [ORIGINAL_SOURCE, "the file"],
  [CANONICAL_SPEAKER, "the library"],
]);

/** A holder of a value in its parts: the source, and the one copy that is meant where a source's copies differ. */
export function partsOfHolder(holder: string): { readonly source: string; readonly id: string | null } {
  const colon = holder.indexOf(":");
  return colon < 0
    ? { source: holder, id: null }
    : { source: holder.slice(0, colon), id: holder.slice(colon + 1) };
}

/** A holder as people call it: `Google Photos`, `the file`, `Flickr (51234)`; an account of another name by that name. */
export function holderName(holder: string): string {
  const { source, id } = partsOfHolder(holder);
  const name = TITLES.get(source) ?? source;
  return id === null ? name : `${name} (${id})`;
}

function possessive(holder: string): string {
  if (holder === ORIGINAL_SOURCE) return "the file's own";
  const { source, id } = partsOfHolder(holder);
  const name = holderName(source);
  return `${name}${name.endsWith("s") ? "'" : "'s"}${id === null ? "" : ` (${id})`}`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Whose a value is, as people say it: `Flickr's and the file's own`. */
export const holdersOwn = (holders: readonly string[]): string => listed(holders.map(possessive));

/** Holders in one breath: `Flickr and the folder`. */
export const holderNames = (holders: readonly string[]): string => listed(holders.map(holderName));
