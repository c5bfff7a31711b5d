import { clipMediaName, splitMediaName } from "./media-name.js";

const ESCAPES: readonly (readonly [string, string])[] = [
  ["&#39;", "'"],
  ["&quot;", '"'],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&amp;", "&"],
];

const unescaped = (title: string): string =>
  ESCAPES.reduce((text, [from, to]) => text.replaceAll(from, to), title);

/**
 * Makes an uploaded name and a name in the export comparable. Takeout puts `_` for `/ \ : * ? " < > |` "and others",
 * so every ASCII sign counts as `_`; letter case is set aside; what is not ASCII stands for itself.
 */
function folded(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s!-/:-@[-`{-~]/gu, "_");
}

/** True where one stem begins with the other: the title that a sidecar carries speaks for this media name. */
export function titleFits(title: string, mediaName: string): boolean {
  const { stem: titleStem, number } = splitMediaName(unescaped(title));
  const wanted = folded(titleStem + number);
  const stem = folded(splitMediaName(mediaName).stem);
  return wanted.startsWith(stem) || stem.startsWith(wanted);
}

/** What a file uploaded as `title` is called in an export, made comparable; equal keys mean equal names. */
export const titleKey = (title: string): string => folded(clipMediaName(unescaped(title)));

/** The keys under which a media file's title may be known, each with the number that its sidecar must then carry. */
export function mediaTitleKeys(
  mediaName: string,
): readonly { readonly key: string; readonly number: string }[] {
  const { stem, number, extension } = splitMediaName(mediaName);
  const keys = [
    { key: folded(stem + extension), number },
    { key: folded(stem), number },
  ];
  if (number === "") return keys;
  return [...keys, { key: folded(mediaName), number: "" }, { key: folded(stem + number), number: "" }];
}
