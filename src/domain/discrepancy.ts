import type { Relation } from "./agreement.js";
import { METADATA_FIELDS } from "./fields.js";
import type { PhotoId } from "./ids.js";
import type { Json, PhotoDocument, Resolution } from "./photo.js";
import { type Holding, heldValue, nothingOf, relateValues, sayingsOn } from "./ruled-fields.js";
import { byCodeUnit, own, sameJson } from "./same-json.js";
import type { RuledField } from "./settling/value-rule.js";
import { bySpeaker, type Evidence, type Said } from "./witnesses.js";

/**
 * The name under which a conflict lists what the library holds, when the owner settled the field and a source
 * then changed its mind. No service may be called so.
 */
export const CANONICAL_SPEAKER = "canonical";

const JOINED_SPEAKER = `${CANONICAL_SPEAKER}:`;

/**
 * The name under which a conflict lists what was settled for a photo that has since become a variant, where the owner had
 * settled the field for both photos and differently.
 */
export const joinedSpeaker = (photoId: PhotoId): string => `${JOINED_SPEAKER}${photoId}`;

/** A field that sources hold different values of. */
export interface Discrepancy {
  readonly field: RuledField;
  /** The gravest relation between two of the values; `same` never occurs. */
  readonly relation: Exclude<Relation, "same">;
  /**
   * By service or `original`; `service:id` where instances of one service differ among themselves;
   * `canonical` for a value the owner chose before. In the order of names.
   */
  readonly values: Readonly<Record<string, Json>>;
  /** The services of `values`, each once, sorted; `original` and `canonical` stand for themselves. */
  readonly services: readonly string[];
}

const GRAVITY: readonly Relation[] = ["same", "alike", "unitable", "different"];

function gravest(field: RuledField, values: readonly Json[]): Relation {
  let worst: Relation = "same";
  values.forEach((left, index) => {
    for (const right of values.slice(index + 1)) {
      const relation = relateValues(field, left, right);
      if (GRAVITY.indexOf(relation) > GRAVITY.indexOf(worst)) worst = relation;
    }
  });
  return worst;
}

/** The resolution in force for a field: the last one, as long as the document still holds its value. */
export function resolutionInForce(
  document: Holding & Pick<PhotoDocument, "resolutions">,
  field: RuledField,
): Resolution | undefined {
  const resolution = document.resolutions?.findLast((one) => one.field === field);
  const held = heldValue(document, field);
  return resolution && sameJson(resolution.value, held ?? nothingOf(field)) ? resolution : undefined;
}

/** By name, what is listed where the field is in question. */
const askedOf = (
  { conflicts }: Pick<PhotoDocument, "conflicts">,
  field: RuledField,
): Readonly<Record<string, Json>> =>
  conflicts.find((one) => one.type === "metadata_mismatch" && one.field === field)?.values ?? {};

/** True when the owner settled this field, a source has changed since, and nobody has decided again. */
export function isReopened(document: Holding & Pick<PhotoDocument, "conflicts">, field: RuledField): boolean {
  const settled = own(askedOf(document, field), CANONICAL_SPEAKER);
  return settled !== undefined && sameJson(settled, heldValue(document, field) ?? nothingOf(field));
}

/** What the owner settled on, for the photo and for those that became its variants, where the question is open again. */
function settledSayings(
  document: Holding & Pick<PhotoDocument, "conflicts">,
  field: RuledField,
): readonly Said[] {
  if (!isReopened(document, field)) return [];
  return Object.entries(askedOf(document, field))
    .filter(([name]) => name === CANONICAL_SPEAKER || name.startsWith(JOINED_SPEAKER))
    .map(([source, value]) => ({ source, id: "", value }));
}

/** What sources hold of one field where they differ, whether or not it was settled; null where they do not. */
export function discrepancyOf(
  document: Evidence & Holding & Pick<PhotoDocument, "conflicts">,
  field: RuledField,
): Discrepancy | null {
  const sayings = [...sayingsOn(document, field), ...settledSayings(document, field)];
  const relation = gravest(
    field,
    sayings.map(({ value }) => value),
  );
  if (relation === "same") return null;
  const named = [...bySpeaker(sayings, (a, b) => relateValues(field, a, b) === "same")].sort(([a], [b]) =>
    byCodeUnit(a, b),
  );
  return {
    field,
    relation,
    values: Object.fromEntries(named.map(([name, { value }]) => [name, value])),
    services: [...new Set(named.map(([, { source }]) => source))].sort(byCodeUnit),
  };
}

/** Every field of the metadata that sources differ in and that nothing in force settles, in the order of `METADATA_FIELDS`. */
export function discrepancies(document: PhotoDocument): readonly Discrepancy[] {
  return METADATA_FIELDS.flatMap((field) => {
    if (resolutionInForce(document, field) !== undefined && !isReopened(document, field)) return [];
    const discrepancy = discrepancyOf(document, field);
    return discrepancy === null ? [] : [discrepancy];
  });
}
