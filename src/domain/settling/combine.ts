import { distinctNames } from "../fields.js";
import type { Json } from "../photo.js";
import { isListField } from "../ruled-fields.js";
import { byCodeUnit } from "../same-json.js";
import { containsText, plainText } from "./text-forms.js";
import type { RuledField } from "./value-rule.js";

const isText = (value: Json): value is string => typeof value === "string";
const isNames = (value: Json): value is readonly string[] => Array.isArray(value) && value.every(isText);

/** Between texts that become one: a title stays one line. */
const BETWEEN: Readonly<Partial<Record<RuledField, string>>> = { caption: "\n\n", title: " / " };

/** True where a longer or, of equal ones, an earlier text says it already. */
const isSaidBy = (text: string, at: number, texts: readonly string[]): boolean =>
  texts.some((other, place) => {
    const [mine, theirs] = [plainText(text), plainText(other)];
    return place !== at && (mine === theirs ? place < at : containsText(theirs, mine));
  });

/**
 * All values as one: texts one after the other in the order given, without those that another one contains; lists united. Null where
 * the field's values cannot be put together, or where what comes out is one of them.
 */
export function combined(field: RuledField, values: readonly Json[]): Json | null {
  const between = BETWEEN[field];
  if (between !== undefined) {
    if (!values.every(isText)) return null;
    const left = values.filter((text, at) => !isSaidBy(text, at, values));
    return left.length > 1 ? left.map((text) => text.trim()).join(between) : null;
  }
  if (!isListField(field) || !values.every(isNames)) return null;
  const united = [...distinctNames(values.flat())].sort(byCodeUnit);
  return values.some((value) => new Set(distinctNames(value)).size === united.length) ? null : united;
}
