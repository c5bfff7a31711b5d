import { isRuledField } from "./ruled-fields.js";
import { learnedRule, VALUE_RULES } from "./settling/value-rules.js";

/** A named way in which a difference between sources is settled without asking. */
export interface Rule {
  /** As `auto_resolve` in `config/user-preferences.json` spells it. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** True where the rule is part of how photosync records photos and cannot be switched off. */
  readonly always: boolean;
}

/** Equal bytes found again are a further instance of the photo; the canonical source stays the first. */
const exactDuplicates: Rule = {
  name: "exact_duplicates",
  description: "The same bytes found again are another copy of the photo; the canonical source stays.",
  always: true,
};

/** The same picture in other bytes becomes a `lower-quality` variant of the best one; switched off, a person is asked. */
export const qualityVariants: Rule = {
  name: "quality_variants",
  description: "The same picture in lower quality is joined to the best one, and never becomes canonical.",
  always: false,
};

/** A value that only some sources have is no disagreement: it is merged. */
const missingMetadata: Rule = {
  name: "missing_metadata",
  description: "A value that only one source has is taken over; silence is no disagreement.",
  always: true,
};

/** Visibility is narrowed in any case (`narrowedVisibility`); switched off, a person is asked about it beside that. */
export const mostRestrictiveVisibility: Rule = {
  name: "most_restrictive_visibility",
  description:
    "The narrowest level that a service shows counts, short of the owner's approval; switched off, it counts until you have decided.",
  always: false,
};

/** Every rule there is, those for values in the order in which they are tried. */
export const RULES: readonly Rule[] = [
  exactDuplicates,
  qualityVariants,
  missingMetadata,
  ...VALUE_RULES.map(({ name, description }) => ({ name, description, always: false })),
  mostRestrictiveVisibility,
];

/** The names that a new library's `auto_resolve` holds. */
export const DEFAULT_RULES: readonly string[] = RULES.map((rule) => rule.name);

/** Names of earlier configuration files, and the rules that do now what they did. */
const EARLIER_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  // Albums and people were united in any case when this name was given to new libraries.
  [
    "same_value",
    ["text_form", "same_instant", "place_precision", "camera_form", "album_union", "people_union"],
  ],
]);

/** The names of `auto_resolve` with those that stand for several rules spelled out. */
export const spelledOut = (names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => EARLIER_NAMES.get(name) ?? [name])),
];

/** True for what `auto_resolve` may name: a rule, an earlier name, or that a source's values of a field are preferred. */
export const isRuleName = (name: string): boolean =>
  EARLIER_NAMES.has(name) ||
  RULES.some((rule) => rule.name === name) ||
  isRuledField(learnedRule(name)?.field ?? "");

/** True where a rule applies: it is part of photosync, or enabled by name. */
export const isRuleOn = (rule: Rule, enabledRules: readonly string[]): boolean =>
  rule.always || enabledRules.includes(rule.name);
