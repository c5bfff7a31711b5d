import type { MetadataField } from "../fields.js";
import type { Json } from "../photo.js";

/** The fields that rules choose values for. Visibility is none of them: no rule here can widen it. */
export type RuledField = MetadataField | "albums" | "people";

/** One source's value, with what a rule needs to know beside it. */
export interface Statement {
  readonly source: string;
  readonly value: Json;
  /** True where the value is of a scanner's making: the day on which a print was scanned. */
  readonly isOfScan?: boolean;
}

/** What else a rule may look at. */
export interface RuleContext {
  /** What the original's file is called, here and there: a title that repeats such a name was made by a program. */
  readonly filenames: readonly string[];
}

/** A named way to choose a value where sources differ. */
export interface ValueRule {
  /** As `auto_resolve` in `config/user-preferences.json` spells it. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  readonly fields: readonly RuledField[];
  /**
   * The value that stands for all of them, or null where the rule does not cover them. Pure; the order of the
   * statements and how often a value is said do not count; chosen again with its own choice among them, it stays.
   */
  readonly choose: (statements: readonly Statement[], context: RuleContext) => Json | null;
}
