import type { Discrepancy } from "./discrepancy.js";

/** A named way in which a difference between sources is settled without asking. */
export interface Rule {
  /** As `auto_resolve` in `config/user-preferences.json` spells it. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /**
   * True where the rule is part of how photosync records photos and cannot be switched off: nothing it covers ever
   * becomes a question, whatever `auto_resolve` names.
   */
  readonly always: boolean;
  /** True when the rule settles this discrepancy with the document's canonical value. Pure. */
  readonly settles: (discrepancy: Discrepancy) => boolean;
}

/** For rules that act on bytes, gaps or visibility: what they cover is never a difference between two values. */
const settlesNoValues = (): boolean => false;

/** Equal bytes found again are a further instance of the photo; the canonical source stays the first. */
export const exactDuplicates: Rule = {
  name: "exact_duplicates",
  description: "The same bytes found again are another copy of the photo; the canonical source stays.",
  always: true,
  settles: settlesNoValues,
};

/** The same picture in other bytes becomes a `lower-quality` variant of the best one; switched off, a person is asked. */
export const qualityVariants: Rule = {
  name: "quality_variants",
  description: "The same picture in lower quality is joined to the best one, and never becomes canonical.",
  always: false,
  settles: settlesNoValues,
};

/** A value that only some sources have is no disagreement: it is merged. */
export const missingMetadata: Rule = {
  name: "missing_metadata",
  description: "A value that only one source has is taken over; silence is no disagreement.",
  always: true,
  settles: settlesNoValues,
};

/** Two spellings of one value: white space, Unicode form, an unknown zone, a place's precision. */
export const sameValue: Rule = {
  name: "same_value",
  description:
    "Values that differ in form only (spaces, Unicode, unknown time zone, a place's precision) are one.",
  always: false,
  settles: ({ relation }) => relation === "alike",
};

/** Lists of tags are united. */
export const tagUnion: Rule = {
  name: "tag_union",
  description: "Different tags are united: the photo gets those of every source.",
  always: false,
  // The owner's own list is not added to: that would bring back a tag they removed.
  settles: ({ field, relation, services }) =>
    field === "tags" && relation === "unitable" && !services.includes("canonical"),
};

/** Visibility follows the narrowest level seen; carried out by `narrowedVisibility`. */
export const mostRestrictiveVisibility: Rule = {
  name: "most_restrictive_visibility",
  description:
    "Canonical visibility is never wider than the narrowest level seen, short of the owner's approval.",
  always: true,
  settles: settlesNoValues,
};

/** Every rule there is, in the order in which they are tried. */
export const RULES: readonly Rule[] = [
  exactDuplicates,
  qualityVariants,
  missingMetadata,
  sameValue,
  tagUnion,
  mostRestrictiveVisibility,
];

/** The names that a new library's `auto_resolve` holds. */
export const DEFAULT_RULES: readonly string[] = RULES.map((rule) => rule.name);

/** True where a rule applies: it is part of photosync, or enabled by name. */
export const isRuleOn = (rule: Rule, enabledRules: readonly string[]): boolean =>
  rule.always || enabledRules.includes(rule.name);

/** The rule that settles a discrepancy, of those enabled by name (names of no rule are ignored); null where none does. */
export const ruleFor = (discrepancy: Discrepancy, enabledRules: readonly string[]): Rule | null =>
  RULES.find((rule) => isRuleOn(rule, enabledRules) && rule.settles(discrepancy)) ?? null;
