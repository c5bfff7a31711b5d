import { visibilityDiscrepancies } from "./audit.js";
import type { Approval, PhotoDocument } from "./photo.js";
import { sameJson } from "./same-json.js";
import { isWider, mostRestrictive, type Visibility } from "./visibility.js";

/** As an approval's service: every service there is and every one to come. */
export const EVERY_SERVICE = "*";

/** The approval in force for a service: the last one that names it or all of them. A later, narrower one takes an earlier one back. */
export const approvalFor = (approvals: readonly Approval[], service: string): Approval | undefined =>
  approvals.findLast((one) => one.service === service || one.service === EVERY_SERVICE);

/**
 * True where deciding on `wanted` may show the photo to more people than the library allows so far: wider than the canonical
 * level, or than what is approved for some service that there is or that is to come.
 */
export function allowsMore(
  { approvals = [], visibility }: Pick<PhotoDocument, "approvals" | "visibility">,
  wanted: Visibility,
): boolean {
  const services = [EVERY_SERVICE, ...approvals.map(({ service }) => service)];
  const approved = services.map((service) => approvalFor(approvals, service)?.visibility ?? "private");
  return isWider(wanted, mostRestrictive([visibility.canonical, ...approved]));
}

/**
 * The approvals that are left of `present` when only those in `wanted` are to stand. One that takes an earlier one back stays in any
 * case, so that for no service more is approved than at present.
 */
export function approvalsLeft(
  wanted: readonly Approval[],
  present: readonly Approval[],
): readonly Approval[] {
  const open = [...wanted];
  const left: Approval[] = [];
  for (const one of present) {
    // Each stands for one: the same may have been decided twice within a second.
    const at = open.findIndex((other) => sameJson(one, other));
    if (at >= 0) open.splice(at, 1);
    if (at >= 0 || takesBack(one, left)) left.push(one);
  }
  return left;
}

const takesBack = ({ service, visibility }: Approval, earlier: readonly Approval[]): boolean => {
  const services = service === EVERY_SERVICE ? [service, ...earlier.map((one) => one.service)] : [service];
  return services.some((name) => isWider(approvalFor(earlier, name)?.visibility ?? "private", visibility));
};

/**
 * The document after its owner decided who may see the photo, everywhere: the one way in which the canonical visibility
 * becomes wider. Approving what is approved already changes nothing. A photo that was replicated has to be looked at again.
 */
export function withApproval(
  document: PhotoDocument,
  visibility: Visibility,
  decision: Pick<Approval, "approved_by" | "approved_at" | "reason">,
): PhotoDocument {
  const approvals = document.approvals ?? [];
  const last = approvals.at(-1);
  const isInForce = last?.service === EVERY_SERVICE && last.visibility === visibility;
  if (isInForce && document.visibility.canonical === visibility) return document;
  const { per_service } = document.visibility;
  const next: PhotoDocument = {
    ...document,
    approvals: [...approvals, { service: EVERY_SERVICE, visibility, ...decision }],
    visibility: {
      canonical: visibility,
      per_service,
      discrepancies: visibilityDiscrepancies({ visibility, seen_visibility: per_service }),
    },
    processing_state: document.processing_state === "replicated" ? "resolved" : document.processing_state,
  };
  return sameJson(next, document) ? document : { ...next, updated_at: decision.approved_at };
}

/** What is approved at most for a service; for every service, what is approved for the one with least. */
function ceilingFor(approvals: readonly Approval[], service: string): Visibility {
  const names = service === EVERY_SERVICE ? [service, ...approvals.map((one) => one.service)] : [service];
  return mostRestrictive(names.map((name) => approvalFor(approvals, name)?.visibility ?? "private"));
}

/** Those that are in force for some service, each once. */
export const approvalsInForce = (approvals: readonly Approval[]): readonly Approval[] => [
  ...new Set(
    [EVERY_SERVICE, ...approvals.map(({ service }) => service)].flatMap(
      (service) => approvalFor(approvals, service) ?? [],
    ),
  ),
];

/** What two photos' approvals come to once the photos are one. */
export interface ApprovalsOfBoth {
  /** For no service is more approved than for either photo; the first one's where they say the same. */
  readonly approvals: readonly Approval[];
  /** Those of the first in force that no longer are, since the second was approved for less. */
  readonly withdrawn: readonly Approval[];
}

/** The approvals that stand for two photos alike. What nobody approved for one of them is private there. */
export function approvalsOfBoth(ours: readonly Approval[], theirs: readonly Approval[]): ApprovalsOfBoth {
  const fits = ({ service, visibility }: Approval): boolean =>
    !isWider(visibility, mostRestrictive([ceilingFor(ours, service), ceilingFor(theirs, service)]));
  const withdrawn = approvalsInForce(ours).filter((one) => !fits(one));
  const kept = withdrawn.length === 0 ? ours : ours.filter(fits);
  const added = theirs.filter((one) => fits(one) && !kept.some((other) => sameJson(one, other)));
  return { approvals: [...kept, ...added], withdrawn };
}
