import { visibilityDiscrepancies } from "./audit.js";
import { conflictOf, isFieldConflict } from "./conflict.js";
import { completedValue, type Derived, derive, derivedValue } from "./derive.js";
import { discrepancyOf, isReopened, resolutionInForce } from "./discrepancy.js";
import { isMetadataField } from "./fields.js";
import type { Conflict, Json, PhotoDocument, Resolution } from "./photo.js";
import { heldValue, holdingOf, nothingOf, RULED_FIELDS, withHolding, withValue } from "./ruled-fields.js";
import { mostRestrictiveVisibility, spelledOut } from "./rules.js";
import { sameJson } from "./same-json.js";
import { narrowedVisibility } from "./seen-visibility.js";
import type { ServiceView } from "./service-wishes.js";
import { furtherQuestions, isFurtherConflict, VISIBILITY_FIELD } from "./settling/further-questions.js";
import { contextOf, statementsOf } from "./settling/statements.js";
import type { RuledField } from "./settling/value-rule.js";
import { learnedRule, settleValues } from "./settling/value-rules.js";

/** The resolution's `rule` for a canonical value that the owner typed into the document. */
export const EDITED_BY_HAND = "edited by hand";

/** What resolving takes beside the document. */
export interface Resolving {
  /** As `auto_resolve` in `config/user-preferences.json` names them. */
  readonly enabledRules: readonly string[];
  /** The accounts that photos are uploaded to. */
  readonly services?: readonly ServiceView[];
  /** RFC 3339 in UTC. */
  readonly now: string;
}

/** What resolving one photo came to. */
export interface Resolved {
  /** The very document that was given in where nothing changed. */
  readonly document: PhotoDocument;
  /** Differences that rules settled in this call and that were not settled before. */
  readonly autoResolved: number;
  /** The conflicts that a person must settle, in the order of the document. */
  readonly open: readonly Conflict[];
}

/** What became of one field: settled as before, newly settled, or in need of a person. */
type Verdict =
  | { readonly kind: "quiet" }
  | { readonly kind: "settled"; readonly by: Resolution["by"]; readonly rule: string; readonly value: Json }
  | { readonly kind: "open"; readonly conflict: Conflict };

/** Replaces the resolutions of one field by a new one, in its place in time: at the end. */
export const withResolution = (
  resolutions: readonly Resolution[] | undefined,
  added: Resolution,
): readonly Resolution[] => [...(resolutions ?? []).filter((one) => one.field !== added.field), added];

function verdictOn(
  document: PhotoDocument,
  field: RuledField,
  derived: Derived,
  enabledRules: readonly string[],
): Verdict {
  const held = heldValue(document, field);
  const reopened = isReopened(document, field);
  if (!reopened && resolutionInForce(document, field) !== undefined) return { kind: "quiet" };

  const wasSettled = document.resolutions?.some((one) => one.field === field) ?? false;
  const follows = sameJson(held, derivedValue(derived, field));
  const isEdited = !reopened && (!follows || wasSettled);
  const byHand = {
    kind: "settled",
    by: "person",
    rule: EDITED_BY_HAND,
    value: held ?? nothingOf(field),
  } as const;
  if (isEdited && isMetadataField(field)) return byHand;
  const discrepancy = discrepancyOf(document, field);
  if (discrepancy === null) return { kind: "quiet" };
  const settlement = settleValues(field, statementsOf(document, field), enabledRules, contextOf(document));
  const isLearned = settlement !== null && learnedRule(settlement.rule) !== null;
  // Nearly every photo is in albums that only some service knows: united, they are no disagreement worth a record.
  if (settlement !== null && !isMetadataField(field) && !isLearned) return { kind: "quiet" };
  if (isEdited) return byHand;
  const open = { kind: "open", conflict: conflictOf(discrepancy) } as const;
  if (settlement === null) return open;
  // What a person settled only they can settle again, unless sources and they mean the same by now.
  if (reopened) return discrepancy.relation === "alike" ? { kind: "quiet" } : open;
  const chosen = withValue(holdingOf(document), field, completedValue(document, field, settlement.value));
  if (chosen === null) return open;
  const value = heldValue(chosen, field) ?? nothingOf(field);
  // Nor are two spellings of one value, as long as the one that is trusted most stays.
  if (discrepancy.relation === "alike" && sameJson(value, derivedValue(derived, field)))
    return { kind: "quiet" };
  return { kind: "settled", by: "rule", rule: settlement.rule, value };
}

/** The state after resolving: `replicated` only where nothing is open and nothing changed. */
function stateAfter(
  document: PhotoDocument,
  open: number,
  isChanged: boolean,
): PhotoDocument["processing_state"] {
  if (open > 0) return "discovered";
  return document.processing_state === "replicated" && !isChanged ? "replicated" : "resolved";
}

/**
 * Settles what the enabled rules can settle, each with a resolution that names the rule, and lists the rest as conflicts. What a
 * rule chose becomes canonical; forms of one value of which the most trusted stays need no record. Never widens visibility;
 * the rules that are `always` on apply whatever `enabledRules` names. A canonical value that no source and no resolution gave
 * is the owner's edit of the document and is recorded as their decision. Doing it twice changes nothing more: the second
 * time gives the same document back, time stamps included.
 */
export function resolveDocument(
  document: PhotoDocument,
  { enabledRules, services = [], now }: Resolving,
): Resolved {
  const derived = derive(document);
  const rules = spelledOut(enabledRules);
  const verdicts = RULED_FIELDS.map((field) => ({
    field,
    verdict: verdictOn(document, field, derived, rules),
  }));
  const holding = verdicts.reduce(
    (written, { field, verdict }) =>
      verdict.kind === "settled" && verdict.by === "rule"
        ? (withValue(written, field, verdict.value) ?? written)
        : written,
    holdingOf(document),
  );
  const canonical = narrowedVisibility(document);
  const isNarrowed = canonical !== document.visibility.canonical;
  const settled: readonly Resolution[] = [
    ...verdicts.flatMap(({ field, verdict }) => {
      if (verdict.kind !== "settled") return [];
      const { by, rule, value } = verdict;
      return [{ field, by, rule, value, resolved_at: now }];
    }),
    ...(isNarrowed ? [byNarrowing(canonical, now)] : []),
  ];
  const resolutions = settled.reduce<readonly Resolution[] | undefined>(withResolution, document.resolutions);
  const settledOn: PhotoDocument = {
    ...withHolding(document, holding),
    visibility: {
      ...document.visibility,
      canonical,
      discrepancies: visibilityDiscrepancies({
        visibility: canonical,
        seen_visibility: document.visibility.per_service,
      }),
    },
    ...(resolutions !== undefined && { resolutions }),
  };
  const conflicts = [
    ...document.conflicts.filter((conflict) => !isFieldConflict(conflict) && !isFurtherConflict(conflict)),
    ...verdicts.flatMap(({ verdict }) => (verdict.kind === "open" ? [verdict.conflict] : [])),
    ...furtherQuestions(settledOn, rules, services),
  ];
  const open = conflicts.filter((conflict) => conflict.resolution_required);
  const resolved: PhotoDocument = { ...settledOn, conflicts };
  const processing_state = stateAfter(document, open.length, !sameJson(resolved, document));
  const next = { ...resolved, processing_state };
  return {
    document: sameJson(next, document) ? document : { ...next, updated_at: now },
    autoResolved: settled.filter((resolution) => resolution.by === "rule").length,
    open,
  };
}

const byNarrowing = (value: string, now: string): Resolution => ({
  field: VISIBILITY_FIELD,
  by: "rule",
  rule: mostRestrictiveVisibility.name,
  value,
  resolved_at: now,
});
