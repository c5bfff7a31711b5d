import { EDITED_SUFFIXES, plainName } from "./localized-names.js";

/** Takeout cuts a media name to this many UTF-16 units, extension included, a `(n)` not counted. */
const MEDIA_UNITS = 51;
/** What stands behind the last dot counts as an extension if it looks like one: `.jpg`, `.MP~2`, not `. Smith`. */
const EXTENSION = /(?<=.)\.[^.\s()]{1,10}$/u;
const PLAIN_SUFFIXES: readonly string[] = EDITED_SUFFIXES.map(plainName);
/** Every beginning of a suffix, longest first: `-edite`, `-edit`, … `-`. */
const CUT_SUFFIXES: readonly string[] = [
  ...new Set(
    PLAIN_SUFFIXES.flatMap((suffix) =>
      Array.from({ length: suffix.length - 1 }, (_, dropped) => suffix.slice(0, suffix.length - 1 - dropped)),
    ),
  ),
];
const ENDS_INSIDE_PAIR = /[\uD800-\uDBFF]$/;
const ENDS_WITH_PAIR = /[\uDC00-\uDFFF]$/;

export interface MediaNameParts {
  readonly stem: string;
  /** `(2)`, or empty. */
  readonly number: string;
  /** With its dot, or empty. */
  readonly extension: string;
}

/** Splits `IMG(2).jpg` into `IMG`, `(2)` and `.jpg`; only the last bracket before the extension is a number. */
export function splitMediaName(name: string): MediaNameParts {
  const extension = EXTENSION.exec(name)?.[0] ?? "";
  const whole = name.slice(0, name.length - extension.length);
  const number = /(?<=.)\(\d+\)$/u.exec(whole)?.[0] ?? "";
  return { stem: whole.slice(0, whole.length - number.length), number, extension };
}

/** The names that `name` may be an edited copy of: a whole suffix taken off, its number kept. */
export function editedBases(name: string): string[] {
  return name.includes("-") ? basesWithout(name, PLAIN_SUFFIXES) : [];
}

/** The same for a name that was cut in the middle of the suffix; none unless the name is as long as a cut one. */
export function cutEditedBases(name: string): string[] {
  if (!isAtMediaLimit(name)) return [];
  return basesWithout(name, CUT_SUFFIXES);
}

/** `suffixes` as `plainName` gives them, which leaves their lengths as they are. */
function basesWithout(name: string, suffixes: readonly string[]): string[] {
  const { stem, number, extension } = splitMediaName(name);
  const plainStem = plainName(stem);
  return suffixes
    .filter((suffix) => stem.length > suffix.length && plainStem.endsWith(suffix))
    .map((suffix) => `${stem.slice(0, stem.length - suffix.length)}${number}${extension}`);
}

/** True where the name is as long as Takeout lets a media name be: 51 units, or 52 to keep an emoji whole. */
export function isAtMediaLimit(name: string): boolean {
  const { stem, extension } = splitMediaName(name);
  return [stem, stem.normalize("NFD")].some((form) => {
    const units = form.length + extension.length;
    return units === MEDIA_UNITS || (units === MEDIA_UNITS + 1 && ENDS_WITH_PAIR.test(form));
  });
}

/** Cuts an uploaded name to what Takeout calls the file, extension kept. */
export function clipMediaName(name: string): string {
  if (name.length <= MEDIA_UNITS) return name;
  const extension = EXTENSION.exec(name)?.[0] ?? "";
  const width = MEDIA_UNITS - extension.length;
  const stem = name.slice(0, width);
  return (ENDS_INSIDE_PAIR.test(stem) ? name.slice(0, width + 1) : stem) + extension;
}

/**
 * What the still beside a clip may be called, without its extension and nearest first: `X.MP` goes with `X.MP.jpg`,
 * `X.MP~2` with `X.MP~2.jpg` or `X.MP.jpg`, `X.LS.mp4` with `X.LS.jpg` or `X.jpg`, `MVIMG_1` with `MVIMG_1.jpg`.
 */
export function stillStems(name: string): string[] {
  const { stem, number } = splitMediaName(name);
  const stems = [name, name.replace(/~\d+$/, ""), `${stem}${number}`];
  return [...new Set([...stems, ...stems.map((text) => text.replace(/\.(?:MP|LS|MV)(?=\(\d+\)$|$)/i, ""))])];
}
