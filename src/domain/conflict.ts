import { CANONICAL_SPEAKER, type Discrepancy } from "./discrepancy.js";
import { type Conflict, ORIGINAL_SOURCE } from "./photo.js";
import { isRuledField, pluralOf } from "./ruled-fields.js";

/** True for the conflicts that merging and resolving make and take away; others are left alone. */
export const isFieldConflict = (conflict: Conflict): boolean =>
  conflict.type === "metadata_mismatch" && isRuledField(conflict.field);

function described({ field, services }: Discrepancy): string {
  const plural = pluralOf(field);
  if (services.includes(CANONICAL_SPEAKER)) return `Different ${plural} since this was settled`;
  const parties = services.filter((name) => name !== ORIGINAL_SOURCE);
  if (parties.length > 1) return `Different ${plural} across services`;
  const [party] = parties;
  return services.includes(ORIGINAL_SOURCE)
    ? `Different ${plural} in the file and on ${party}`
    : `Different ${plural} of copies on ${party}`;
}

/** The conflict that puts a discrepancy to a person. */
export const conflictOf = (discrepancy: Discrepancy): Conflict => ({
  type: "metadata_mismatch",
  field: discrepancy.field,
  description: described(discrepancy),
  services: discrepancy.services,
  values: discrepancy.values,
  resolution_required: true,
});
