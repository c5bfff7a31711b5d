import { approvalFor } from "./approvals.js";
import type { Approval, PhotoDocument, Resolution } from "./photo.js";
import { byCodeUnit, own, sameJson } from "./same-json.js";
import { VISIBILITY_FIELD } from "./settling/further-questions.js";
import { isWider, type SeenVisibility, type Visibility, whenAuditing } from "./visibility.js";

/** What a document says of who may see its photo. */
export interface VisibilityFacts {
  readonly canonical: Visibility;
  readonly services: Readonly<Record<string, SeenVisibility>>;
  readonly approvals: readonly Approval[];
  /** The last narrowing by a rule. */
  readonly narrowing: Resolution | null;
}

/** What one level became; null stands for "not known", as before a photo was found. */
export interface LevelChange<Level> {
  readonly from: Level | null;
  readonly to: Level | null;
}

/** How one operation changed who may see one photo. */
export interface VisibilityShift {
  /** Null where the library's own level stayed. */
  readonly canonical: LevelChange<Visibility> | null;
  /** Services whose level is another one now, by name. */
  readonly services: readonly (LevelChange<SeenVisibility> & { readonly service: string })[];
  readonly approved: readonly Approval[];
  readonly withdrawn: readonly Approval[];
  /** The rule that narrowed the library's level, or null. */
  readonly rule: string | null;
  /** For what photosync widened at a service: the approval that was in force there. */
  readonly restsOn: Approval | null;
  /** True where more people may see the photo than before, anywhere; a level that cannot be read may be public. */
  readonly isWider: boolean;
}

/** Why a shift happened: what made the commit, and what is in it. */
export type VisibilityCause =
  | "found"
  | "seen"
  | "rule"
  | "approval"
  | "carried-out"
  | "undo"
  | "edit"
  | "removed";

export const visibilityFacts = ({
  visibility,
  approvals = [],
  resolutions = [],
}: PhotoDocument): VisibilityFacts => ({
  canonical: visibility.canonical,
  services: visibility.per_service,
  approvals,
  narrowing: resolutions.findLast(({ field, by }) => field === VISIBILITY_FIELD && by === "rule") ?? null,
});

const NOTHING: Omit<VisibilityFacts, "canonical"> = { services: {}, approvals: [], narrowing: null };

const widens = ({ from, to }: LevelChange<SeenVisibility>): boolean =>
  isWider(to === null ? "private" : whenAuditing(to), from === null ? "private" : whenAuditing(from));

const without = (approvals: readonly Approval[], others: readonly Approval[]): readonly Approval[] =>
  approvals.filter((one) => !others.some((other) => sameJson(one, other)));

/**
 * How a photo's visibility differs between two states of its document, null standing for "no document"; null where it does
 * not. Pure.
 */
export function visibilityShift(
  before: VisibilityFacts | null,
  after: VisibilityFacts | null,
): VisibilityShift | null {
  const [was, is] = [before ?? NOTHING, after ?? NOTHING];
  const [from, to] = [before?.canonical ?? null, after?.canonical ?? null];
  const canonical = from === to ? null : { from, to };
  const names = [...new Set([...Object.keys(was.services), ...Object.keys(is.services)])].sort(byCodeUnit);
  const services = names
    .map((service) => ({
      service,
      from: own(was.services, service) ?? null,
      to: own(is.services, service) ?? null,
    }))
    .filter((change) => change.from !== change.to);
  const approved = without(is.approvals, was.approvals);
  const withdrawn = without(was.approvals, is.approvals);
  if (canonical === null && services.length + approved.length + withdrawn.length === 0) return null;
  const widened = services.find(widens);
  const isNarrowedByRule = canonical !== null && !sameJson(was.narrowing, is.narrowing);
  return {
    canonical,
    services,
    approved,
    withdrawn,
    rule: isNarrowedByRule ? (is.narrowing?.rule ?? null) : null,
    restsOn: widened === undefined ? null : (approvalFor(was.approvals, widened.service) ?? null),
    isWider: widened !== undefined || (canonical !== null && widens(canonical)),
  };
}

/** Why the shift happened, given the command that made the commit (`edit` for a person's own commit). */
export function visibilityCause(
  command: string,
  { canonical, approved, withdrawn, rule }: VisibilityShift,
): VisibilityCause {
  if (command === "undo" || command === "edit") return command;
  if (canonical?.to === null) return "removed";
  if (approved.length + withdrawn.length > 0) return "approval";
  if (rule !== null) return "rule";
  if (canonical?.from === null) return "found";
  return command === "replicate" ? "carried-out" : "seen";
}

/** True where nobody but the owner may see the photo, as far as anybody can tell; no photo is private, too. */
export const isPrivate = (facts: VisibilityFacts | null): boolean =>
  facts === null ||
  (facts.canonical === "private" &&
    facts.approvals.length === 0 &&
    Object.values(facts.services).every((seen) => seen === "private"));
