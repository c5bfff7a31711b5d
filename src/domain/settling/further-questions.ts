import { approvalFor, EVERY_SERVICE } from "../approvals.js";
import { copiesOf, isRendition } from "../copies.js";
import type { Conflict, Json, PhotoDocument } from "../photo.js";
import { isRuleOn, mostRestrictiveVisibility } from "../rules.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import { refusalOf, type ServiceView, serviceField } from "../service-wishes.js";

/** The field of the question who may see a photo, and of a narrowed visibility's resolution. */
export const VISIBILITY_FIELD = "visibility";
/** The field of the question whether it is known that no original is to be had. */
const ORIGINAL_FIELD = "original";

/** True for the conflicts that resolving makes and takes away beside those on fields. */
export const isFurtherConflict = ({ type, field }: Conflict): boolean =>
  (type === "visibility_mismatch" && field === VISIBILITY_FIELD) ||
  (type === "missing_original" && field === ORIGINAL_FIELD) ||
  (type === "service_policy" && field.startsWith(serviceField("")));

const asked = (
  question: Pick<Conflict, "type" | "field" | "description" | "resolution_required">,
  values: readonly (readonly [string, Json])[],
): Conflict => {
  const named = values.toSorted(([a], [b]) => byCodeUnit(a, b));
  return { ...question, services: named.map(([service]) => service), values: Object.fromEntries(named) };
};

/** Services that show different levels, where no rule decides between them and the owner has not decided on the present one. */
function visibilityQuestion(document: PhotoDocument, enabledRules: readonly string[]): Conflict | null {
  if (isRuleOn(mostRestrictiveVisibility, enabledRules)) return null;
  const { canonical, per_service } = document.visibility;
  const known = Object.entries(per_service).filter(([, level]) => level !== "unknown");
  if (new Set(known.map(([, level]) => level)).size < 2) return null;
  const last = document.resolutions?.findLast(({ field }) => field === VISIBILITY_FIELD);
  const isDecided =
    (last?.by === "person" && last.value === canonical) ||
    approvalFor(document.approvals ?? [], EVERY_SERVICE)?.visibility === canonical;
  if (isDecided) return null;
  return asked(
    {
      type: "visibility_mismatch",
      field: VISIBILITY_FIELD,
      description: `Different visibility across services; until you decide it is ${canonical}`,
      resolution_required: true,
    },
    known,
  );
}

/** A photo of which every copy that is left is known to be a rendition of an original that nobody has. */
function originalQuestion(document: PhotoDocument): Conflict | null {
  const copies = [document, ...(document.variants ?? [])].flatMap(({ instances }) =>
    Object.entries(instances).flatMap(([service, instance]) =>
      copiesOf(instance)
        .filter(({ gone_since }) => gone_since === undefined)
        .map((copy) => ({ service, copy })),
    ),
  );
  if (copies.length === 0 || !copies.every(({ copy }) => isRendition(copy))) return null;
  return asked(
    {
      type: "missing_original",
      field: ORIGINAL_FIELD,
      description: "No source has the original: every copy is a rendition of it",
      resolution_required: false,
    },
    // Of several copies on one service the better one counts.
    copies
      .map(({ service, copy }) => [service, copy.quality] as const)
      .toSorted(([, a], [, b]) => byCodeUnit(b, a)),
  );
}

/** What else is to be asked about a photo as it is now. Pure; `services` are the accounts that photos are uploaded to. */
export function furtherQuestions(
  document: PhotoDocument,
  enabledRules: readonly string[],
  services: readonly ServiceView[],
): readonly Conflict[] {
  const isAccepted = ({ field, values }: Conflict): boolean => {
    const last = document.resolutions?.findLast((one) => one.field === field);
    return last?.by === "person" && sameJson(last.value, values);
  };
  const refused = services.flatMap((service): readonly Conflict[] => {
    const refusal = refusalOf(document, service);
    if (refusal === null) return [];
    const field = serviceField(service.name);
    const description = `Cannot be uploaded to ${service.name} as it is`;
    return [
      asked({ type: "service_policy", field, description, resolution_required: false }, [
        [service.name, refusal],
      ]),
    ];
  });
  const visibility = visibilityQuestion(document, enabledRules);
  const optional = [originalQuestion(document), ...refused].filter((one) => one !== null);
  return [...(visibility === null ? [] : [visibility]), ...optional.filter((one) => !isAccepted(one))];
}
