import { typeOfName } from "../../infra/media/media-type.js";

/** `_s`, `_b`, `_3k`, …: sizes that Flickr made, by the endings of misc.urls; `_o` is the original. */
const SIZE_ENDING = /_(?:s|q|t|m|n|w|z|c|b|h|k|[3-6]k|f)$/i;
/** As systems number files that are unpacked twice. */
const NUMBERED = / ?\(\d+\)$/;
/** Flickr's ids have had ten digits and more since 2007; what phones put into names has nine or thirteen. */
const SURE_ID = /^\d{10,12}$/;
const SECRET_OF_DIGITS = /^\d{10}$/;
const SECRET = /^[0-9a-f]{10}$/;

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, "").replace(NUMBERED, "");

/** The parts of a name between `_`, without the ending that tells the size. */
const segmentsOf = (name: string): readonly string[] =>
  stemOf(name).replace(/_o$/i, "").replace(SIZE_ENDING, "").split("_");

/**
 * The ids that the name of an export's picture or video may hold, most likely first: `{title}_{id}_o.jpg`,
 * `{id}_{secret}_o.jpg`, `{title}_{id}.mov`. Titles may hold numbers, and a secret may be all digits, so which it is shows
 * only beside the `photo_{id}.json` files.
 */
export const idCandidates = (name: string): readonly string[] =>
  segmentsOf(name)
    .filter((segment) => /^\d{1,19}$/.test(segment))
    .reverse();

/** The id that a name tells by itself; undefined where it could be read in two ways. */
export function onlyId(name: string): string | undefined {
  const segments = segmentsOf(name);
  const [last] = idCandidates(name);
  if (last === undefined || !SURE_ID.test(last)) return undefined;
  const before = segments[segments.lastIndexOf(last) - 1] ?? "";
  return SECRET_OF_DIGITS.test(last) && /^\d+$/.test(before) ? undefined : last;
}

/** True where the name says that Flickr made this file smaller than what it was given. */
export const isReduced = (name: string): boolean => SIZE_ENDING.test(stemOf(name));

/**
 * The name without the secret that `{id}_{secret}_o.jpg` holds: with it, anybody can fetch a private picture. What may be one
 * is left out, too: the same file has one name, whether its photo's words are at hand or not.
 */
export function withoutSecret(name: string): string {
  const stem = stemOf(name);
  const segments = stem.replace(/_o$/i, "").split("_");
  const [id = "", last = ""] = segments.slice(-2);
  const isSecret = SECRET.test(last) && (SECRET_OF_DIGITS.test(last) ? SURE_ID : /^\d{6,12}$/).test(id);
  if (!isSecret || segments.length < 2) return name;
  return `${segments.slice(0, -1).join("_")}${name.slice(stem.replace(/_o$/i, "").length)}`;
}

/** True for names as Flickr gives them to media in an export. */
export function isMediaName(name: string): boolean {
  const isSure = (id: string | undefined) => id !== undefined && SURE_ID.test(id);
  if (/_o(?: ?\(\d+\))?\.[a-z0-9]{2,5}$/i.test(name)) return idCandidates(name).some(isSure);
  return typeOfName(name)?.kind === "video" && isSure(segmentsOf(name).at(-1));
}
