import { distinctNames } from "../fields.js";
import type { Json } from "../photo.js";
import { isListField } from "../ruled-fields.js";
import { byCodeUnit } from "../same-json.js";
import { plainText } from "./text-forms.js";
import type { RuledField } from "./value-rule.js";

const isText = (value: Json): value is string => typeof value === "string";

/** Several values as one: texts one after the other, each once, a line each; lists united. Null where that makes no sense. */
export function combinedValue(field: RuledField, values: readonly Json[]): Json | null {
  if (isListField(field)) {
    const names = values.flatMap((value) => (Array.isArray(value) ? value : []));
    return distinctNames(names.filter(isText)).toSorted(byCodeUnit);
  }
  if (field !== "caption" && field !== "title") return null;
  const texts = new Map<string, string>();
  for (const value of values.filter(isText)) {
    if (plainText(value) !== "" && !texts.has(plainText(value))) texts.set(plainText(value), value.trim());
  }
  return texts.size === 0 ? null : [...texts.values()].join("\n");
}
