import type { Json } from "../photo.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import { cameraRules } from "./camera-rules.js";
import { dateRules } from "./date-rules.js";
import { listRules, placeRules } from "./list-rules.js";
import { textRules } from "./text-rules.js";
import type { RuleContext, RuledField, Statement, ValueRule } from "./value-rule.js";

/** How a difference was settled. */
export interface Settlement {
  readonly rule: string;
  readonly value: Json;
}

/** Every rule that chooses a value, in the order in which they are tried: the one that claims least comes first. */
export const VALUE_RULES: readonly ValueRule[] = [
  ...textRules,
  ...dateRules,
  ...placeRules,
  ...cameraRules,
  ...listRules,
];

const LEARNED = /^prefer:([^:]+):([a-z_]+)$/u;

/** The name under which `auto_resolve` holds that a person always prefers one source's values of a field. */
export const learnedRuleName = (source: string, field: RuledField): string => `prefer:${source}:${field}`;

/** The source and the field of which a name says that they are preferred; null for other names. */
export function learnedRule(name: string): { readonly source: string; readonly field: string } | null {
  const [, source, field] = LEARNED.exec(name) ?? [];
  return source === undefined || field === undefined ? null : { source, field };
}

function learned(name: string, field: RuledField, statements: readonly Statement[]): Json | null {
  const rule = learnedRule(name);
  if (rule?.field !== field) return null;
  const said = statements.filter((one) => one.source === rule.source);
  const [first] = said;
  return first !== undefined && said.every(({ value }) => sameJson(value, first.value)) ? first.value : null;
}

/**
 * Settles a difference by the first enabled rule that covers it; null where a person must. Rules that make one of several
 * forms of one value go before what a person once preferred, so that a preference only decides what is left.
 */
export function settleValues(
  field: RuledField,
  statements: readonly Statement[],
  enabledRules: readonly string[],
  context: RuleContext,
): Settlement | null {
  if (statements.length === 0) return null;
  for (const rule of VALUE_RULES) {
    if (!enabledRules.includes(rule.name) || !rule.fields.includes(field)) continue;
    const value = rule.choose(statements, context);
    if (value !== null) return { rule: rule.name, value };
  }
  for (const name of enabledRules.toSorted(byCodeUnit)) {
    const value = learned(name, field, statements);
    if (value !== null) return { rule: name, value };
  }
  return null;
}
