import { extensionClass, MEDIA_EXTENSIONS } from "./media-extensions.js";
import {
  cutEditedBases,
  editedBases,
  type MediaNameParts,
  splitMediaName,
  stillStems,
} from "./media-name.js";

/**
 * Which names a media file's sidecar can have. Google documents none of this; the rules are what published
 * listings agree on (immich-go's and GooglePhotosTakeoutHelper's matchers and their tests). Work from the media
 * name to the sidecar name: the other way is ambiguous. Lengths are UTF-16 units, which JavaScript counts too.
 */
const NEW_STYLE = ".supplemental-metadata";
const SIDECAR_UNITS = 46;
const ENDS_INSIDE_PAIR = /[\uD800-\uDBFF]$/;

/** How a pair was found: 2 new style, 3 old style, 4 number left in place, 5 edited, 6 cut, 7 loose, 8 by title. */
export type SidecarRule = 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface SidecarCandidate {
  readonly name: string;
  readonly rule: SidecarRule;
  /** True where the limit fell inside the media's own name, so that other media can have the same candidate. */
  readonly cut: boolean;
}

/** Names to look for at one step. */
export interface SidecarStep {
  /** Rival guesses; within a family, the first that exists wins. Made when asked for: they are hundreds for a file. */
  families(): readonly (readonly SidecarCandidate[])[];
  /** True where a sidecar that another file owns may be shared: edited copies, the halves of a live photo. */
  readonly shares: boolean;
  /** True where letter case is set aside, and the sidecar's title must agree. */
  readonly loose: boolean;
}

/** Splits `IMG.jpg.supple(1).json` into `IMG.jpg.supple` and `(1)`; null where the name is not a `.json`. */
export function splitSidecarName(name: string): { readonly stem: string; readonly number: string } | null {
  if (!name.toLowerCase().endsWith(".json")) return null;
  const whole = name.slice(0, -".json".length);
  const number = /\(\d+\)$/.exec(whole)?.[0] ?? "";
  return { stem: whole.slice(0, whole.length - number.length), number };
}

/** The first units; both neighbours where the cut would split an emoji, for what Google does then was never seen. */
function clips(text: string): string[] {
  const clipped = text.slice(0, SIDECAR_UNITS);
  return ENDS_INSIDE_PAIR.test(clipped)
    ? [text.slice(0, SIDECAR_UNITS + 1), clipped.slice(0, -1)]
    : [clipped];
}

/** Google clips the name as it was uploaded, which may have been decomposed; names reach us in NFC only. */
function clippedForms(text: string): string[] {
  const decomposed = text.normalize("NFD");
  if (decomposed === text) return clips(text);
  return [...clips(text), ...clips(decomposed).map((clipped) => clipped.normalize("NFC"))];
}

function family(full: string, number: string, rule?: SidecarRule): SidecarCandidate[] {
  const newStyle = clippedForms(full + NEW_STYLE);
  const oldStyle = clippedForms(full).filter((stem) => !newStyle.includes(stem));
  const candidate = (stem: string, style: SidecarRule) => ({
    name: `${stem}${number}.json`,
    rule: rule ?? style,
    cut: stem.length < full.length,
  });
  return [...newStyle.map((stem) => candidate(stem, 2)), ...oldStyle.map((stem) => candidate(stem, 3))];
}

const numberBehind = ({ stem, number, extension }: MediaNameParts, rule?: SidecarRule) =>
  family(stem + extension, number, rule);
const numberInPlace = ({ stem, number, extension }: MediaNameParts, rule: SidecarRule) =>
  number === "" ? [] : [family(stem + number + extension, "", rule)];
const familiesOf = (parts: MediaNameParts, rule: SidecarRule) => [
  numberBehind(parts, rule),
  ...numberInPlace(parts, rule),
];
const ofNames = (names: readonly string[], rule: SidecarRule) =>
  names.flatMap((name) => familiesOf(splitMediaName(name), rule));
const withoutExtension = (name: string) => familiesOf({ ...splitMediaName(name), extension: "" }, 7);

function withExtensions(name: string, stem: string, sameClass: boolean): SidecarCandidate[][] {
  const own = extensionClass(name);
  const wanted = MEDIA_EXTENSIONS.filter(
    (extension) => (extensionClass(`x.${extension}`) === own) === sameClass,
  );
  return ofNames(
    wanted.map((extension) => `${stem}.${extension}`),
    7,
  );
}

const bareName = (name: string): string => {
  const { stem, number } = splitMediaName(name);
  return stem + number;
};

type Families = () => SidecarCandidate[][];
const exact = (families: Families, shares = false): SidecarStep => ({ families, shares, loose: false });
const loose = (families: Families, shares = false): SidecarStep => ({ families, shares, loose: true });

/**
 * Rules 2 to 5, strongest first: the exact names of a file's own sidecar, then those of what it is an edit of. The
 * steps for own names stand at the same positions for every file.
 */
export function exactSteps(name: string): SidecarStep[] {
  const parts = splitMediaName(name);
  const edited = editedBases(name).flatMap((base) => ofNames([base], 5));
  return [
    exact(() => [numberBehind(parts)]),
    exact(() => numberInPlace(parts, 4)),
    ...edited.map((each) => exact(() => [each], true)),
  ];
}

/** Old `_n`, `_n-` and `_` endings were seen a character short in the sidecar's name. */
function shortened(parts: MediaNameParts): SidecarCandidate[][] {
  if (!/(?:_n-|_n|_)$/.test(parts.stem)) return [];
  const short = { ...parts, stem: parts.stem.slice(0, -1) };
  return [{ ...short, extension: "" }, short].map((each) => numberBehind(each, 7));
}

/** Rules 6 and 7, strongest first, for a file that no exact name was found for. */
export function looseSteps(name: string): SidecarStep[] {
  const parts = splitMediaName(name);
  const edits = editedBases(name);
  const edited = (sameClass: boolean) =>
    edits.map((base) => loose(() => withExtensions(base, bareName(base), sameClass), true));
  return [
    loose(() => ofNames(cutEditedBases(name), 6), true),
    loose(() => [numberBehind(parts, 7)]),
    loose(() => numberInPlace(parts, 7)),
    loose(() => ofNames(edits, 7), true),
    loose(() => withoutExtension(name)),
    loose(() => edits.flatMap(withoutExtension), true),
    loose(() => shortened(parts)),
    ...stillStems(name).map((stem) => loose(() => withExtensions(name, stem, false), true)),
    loose(() => withExtensions(name, bareName(name), true)),
    ...edited(true),
    ...edited(false),
  ];
}

/** Names that are decomposed when cut can differ early on; 14 characters hold even for Korean. */
const PROBE_UNITS = { ascii: 40, other: 14 };

/** How every name of `looseSteps` begins, letter case set aside: a folder without it needs no further look. */
export function looseProbe(name: string): string {
  const bases = [
    ...editedBases(name),
    ...cutEditedBases(name),
    ...stillStems(name).map((stem) => `${stem}.x`),
  ];
  const stems = bases.map((base) => splitMediaName(base).stem.length);
  const shortest = Math.min(splitMediaName(name).stem.length - 1, ...stems);
  const isPlain = name === name.normalize("NFD");
  return name.slice(0, Math.min(shortest, isPlain ? PROBE_UNITS.ascii : PROBE_UNITS.other)).toLowerCase();
}

/** The exact sidecar names of rules 2 to 5 in the order in which they are tried. */
export const sidecarCandidates = (name: string): SidecarCandidate[] =>
  exactSteps(name).flatMap((step) => step.families().flat());
