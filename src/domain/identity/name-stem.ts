/** What a file name tells of the picture, once what programs hang on it is taken off. */
export interface NameStem {
  /** Lower case, without extension and without what copies, sizes and edits append. */
  readonly stem: string;
  /** `counter`: letters and a camera's number; `plain`: words that thousands of pictures carry; `distinct`: the rest. */
  readonly kind: "counter" | "plain" | "distinct";
  /** True where the name itself says that it is an edited copy. */
  readonly isEdited: boolean;
  /** The name as it stands, without extension, in lower case. */
  readonly whole: string;
}

export type NameRelation =
  | "same"
  /** One plain name, numbers and all. */
  | "plain"
  /** Two numbers of one camera's count: two captures. */
  | "numbers"
  /** They say nothing of each other: a service made one of them up. */
  | "silent";

/** Google's `-edited`, Apple's `IMG_E1234`, and what common editors append. */
const EDITED = /[-_ ](edited|edit|bearbeitet|modifié|editado|modificato|enhancer?|effects?)$/u;
/** ` (1)`, `-2 copy`, `~2`, ` - Copy`, Flickr's size letters, widths, `_original`. */
const APPENDED =
  /( ?\(\d{1,3}\)|[-_ ]+(copy|kopie|copie|copia)( \d{1,2})?|~\d{1,2}|[-_ ](small|medium|large|original|resized|scaled|\d{3,4}px|\d{3,4}x\d{3,4}))$/u;
/** Phones call several pictures of one second `20240501_102030(0)`, `20240501_102030(1)`: of those no copy was made. */
const SECONDS = /\d{8}[-_ ]?\d{6}\(\d{1,3}\)$/u;
/** `DSC01234`, `_MG_4711`, `P1010001`; a blank only after letters that cameras write, for `Tokyo 2019` is a person's. */
const COUNTER =
  /^(([a-z]{1,5}|_[a-z]{3}|[a-z]{3,4}_)?[-_]?|(img|dsc|dscn|dscf|sam|pict|cimg|gopr|pxl|mvi) )\d{3,8}$/u;
const PLAIN =
  /^(image|img|photo|picture|pic|foto|bild|scan|scanned|screenshot|bildschirmfoto|screen shot|untitled|unnamed|unknown|download|file|document|dokument|temp|camera|snapshot|whatsapp image|received|cover|avatar)?[-_ ]?\d{0,3}$/u;

/** The stem of a file name or of the title that a service made of it. Unicode form and letter case do not count. */
export function nameStem(filename: string): NameStem {
  const whole = filename
    .normalize("NFC")
    .toLowerCase()
    .trim()
    .replace(/\.[a-z0-9]{2,4}$/u, "");
  let stem = whole;
  let isEdited = false;
  for (let pass = 0; pass < 3; pass += 1) {
    isEdited ||= EDITED.test(stem);
    stem = stem.replace(EDITED, "");
    if (SECONDS.test(stem)) break;
    stem = stem.replace(APPENDED, "").trim();
  }
  const apple = /^img_e(\d{4})$/u.exec(stem);
  if (apple !== null) return { stem: `img_${apple[1]}`, kind: "counter", isEdited: true, whole };
  if (PLAIN.test(stem)) return { stem, kind: "plain", isEdited, whole };
  return { stem, kind: COUNTER.test(stem) ? "counter" : "distinct", isEdited, whole };
}

const family = (stem: string): string => stem.replace(/\d+/gu, "0");

/** How two stems stand to each other. Symmetric. Plain ones say next to nothing, even where both are the same. */
export function relateStems(a: NameStem, b: NameStem): NameRelation {
  if (a.kind === "plain" || b.kind === "plain")
    return a.whole !== "" && a.whole === b.whole ? "plain" : "silent";
  if (a.stem === b.stem) return "same";
  // Digits alone are as often a service's id as a camera's count.
  const isFamily = /\p{L}/u.test(a.stem) && family(a.stem) === family(b.stem);
  return isFamily ? "numbers" : "silent";
}
