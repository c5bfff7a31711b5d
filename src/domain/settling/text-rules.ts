import { nameStem } from "../identity/name-stem.js";
import type { Json } from "../photo.js";
import { byCodeUnit } from "../same-json.js";
import { containsText, plainText, unmangled } from "./text-forms.js";
import type { Statement, ValueRule } from "./value-rule.js";

/** The texts said, each once, in an order of their own; null where something is no text. */
function textsOf(statements: readonly Statement[]): readonly string[] | null {
  const texts = new Set<string>();
  for (const { value } of statements) {
    if (typeof value !== "string") return null;
    texts.add(value);
  }
  return [...texts].sort(byCodeUnit);
}

/** The first by a measure, the greatest first; the order of code units where it is equal. */
const greatest = (texts: readonly string[], measure: (text: string) => number): Json =>
  texts.toSorted((a, b) => measure(b) - measure(a) || byCodeUnit(a, b))[0] ?? null;

const lines = (text: string): number => text.split("\n").length;
const isTidy = (text: string): boolean =>
  text === text.normalize("NFC").trim() && !/[\t\r]|\u0020\u0020/u.test(text);
/** Among forms of one text: as its author broke the lines, then without stray spaces, then the longest. */
const bestForm = (texts: readonly string[]): Json =>
  greatest(texts, (text) => 1e9 * lines(text.trim()) + 1e8 * Number(isTidy(text)) + text.length);

const TEXTS = ["caption", "title"] as const;

const textForm: ValueRule = {
  name: "text_form",
  description:
    "Texts that differ in white space and Unicode form only are one; the tidy one with its line breaks stays.",
  fields: TEXTS,
  choose: (statements) => {
    const texts = textsOf(statements);
    if (texts === null || new Set(texts.map(plainText)).size !== 1) return null;
    return bestForm(texts);
  },
};

const serviceMangling: ValueRule = {
  name: "service_mangling",
  description:
    "Texts that differ only in what a service made of them (&amp;, <br>, link tags) are one; the untouched one stays.",
  fields: TEXTS,
  choose: (statements) => {
    const texts = textsOf(statements);
    if (texts === null || new Set(texts.map(unmangled)).size !== 1) return null;
    const untouched = texts.filter((text) => unmangled(text) === plainText(text));
    return untouched.length > 0 ? bestForm(untouched) : greatest(texts, (text) => -text.length);
  },
};

const filenameTitle: ValueRule = {
  name: "filename_title",
  description:
    "A title that repeats the file name was made by a program and yields to one that a person wrote.",
  fields: ["title"],
  choose: (statements, { filenames }) => {
    const texts = textsOf(statements);
    if (texts === null) return null;
    const stems = filenames.map((name) => nameStem(name).stem).filter((stem) => stem !== "");
    const written = texts.filter((text) => !stems.includes(nameStem(text).stem));
    if (written.length === texts.length || written.length === 0) return null;
    return new Set(written.map(plainText)).size === 1 ? bestForm(written) : null;
  },
};

const captionContained: ValueRule = {
  name: "caption_contained",
  description: "A text that holds all the others, as whole words, says what they say and stays.",
  fields: TEXTS,
  choose: (statements) => {
    const texts = textsOf(statements);
    if (texts === null) return null;
    const holds = (long: string) => texts.every((short) => containsText(plainText(long), plainText(short)));
    const holding = texts.filter(holds);
    return holding.length === 0 ? null : bestForm(holding);
  },
};

/** Rules for captions and titles, the one that claims least first. */
export const textRules: readonly ValueRule[] = [textForm, serviceMangling, filenameTitle, captionContained];
