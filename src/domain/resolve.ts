import { visibilityDiscrepancies } from "./audit.js";
import { conflictOf, isFieldConflict } from "./conflict.js";
import { type Derived, derive, derivedValue } from "./derive.js";
import { discrepancyOf, isReopened, nothingOf, resolutionInForce } from "./discrepancy.js";
import { canonicalValue, METADATA_FIELDS, type MetadataField } from "./fields.js";
import type { Conflict, Json, PhotoDocument, Resolution } from "./photo.js";
import { mostRestrictiveVisibility, ruleFor } from "./rules.js";
import { sameJson } from "./same-json.js";
import { narrowedVisibility } from "./seen-visibility.js";

/** The resolution's `rule` for a canonical value that the owner typed into the document. */
export const EDITED_BY_HAND = "edited by hand";
/** The resolution's `field` for a narrowed visibility. */
export const VISIBILITY_FIELD = "visibility";

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
  field: MetadataField,
  derived: Derived,
  enabledRules: readonly string[],
): Verdict {
  const held = canonicalValue(document.metadata, field);
  const reopened = isReopened(document, field);
  if (!reopened && resolutionInForce(document, field) !== undefined) return { kind: "quiet" };

  const wasSettled = document.resolutions?.some((one) => one.field === field) ?? false;
  const follows = sameJson(held, derivedValue(derived, field));
  if (!reopened && (!follows || wasSettled)) {
    return { kind: "settled", by: "person", rule: EDITED_BY_HAND, value: held ?? nothingOf(field) };
  }
  const discrepancy = discrepancyOf(document, field);
  if (discrepancy === null) return { kind: "quiet" };
  const rule = ruleFor(discrepancy, enabledRules);
  if (rule === null) return { kind: "open", conflict: conflictOf(discrepancy) };
  // Two spellings of one value are no disagreement worth a record: nearly every photo has one.
  if (discrepancy.relation === "alike") return { kind: "quiet" };
  return { kind: "settled", by: "rule", rule: rule.name, value: held ?? nothingOf(field) };
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
 * Settles what the enabled rules can settle and lists the rest as conflicts. Never widens visibility; the rules that
 * are `always` on apply whatever `enabledRules` names. A canonical value that no source and no resolution gave is
 * the owner's edit of the document and is recorded as their decision. Doing it twice changes nothing more:
 * the second time gives the same document back, time stamps included.
 */
export function resolveDocument(
  document: PhotoDocument,
  { enabledRules, now }: { readonly enabledRules: readonly string[]; readonly now: string },
): Resolved {
  const derived = derive(document);
  const verdicts = METADATA_FIELDS.map((field) => ({
    field,
    verdict: verdictOn(document, field, derived, enabledRules),
  }));
  const conflicts = [
    ...document.conflicts.filter((conflict) => !isFieldConflict(conflict)),
    ...verdicts.flatMap(({ verdict }) => (verdict.kind === "open" ? [verdict.conflict] : [])),
  ];
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
  const open = conflicts.filter((conflict) => conflict.resolution_required);
  const resolved: PhotoDocument = {
    ...document,
    visibility: {
      ...document.visibility,
      canonical,
      discrepancies: visibilityDiscrepancies({
        visibility: canonical,
        seen_visibility: document.visibility.per_service,
      }),
    },
    conflicts,
    ...(resolutions !== undefined && { resolutions }),
  };
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
