import { visibilityDiscrepancies } from "./audit.js";
import type { Approval, PhotoDocument } from "./photo.js";
import { sameJson } from "./same-json.js";
import type { Visibility } from "./visibility.js";

/** As an approval's service: every service there is and every one to come. */
export const EVERY_SERVICE = "*";

/** The approval in force for a service: the last one that names it or all of them. A later, narrower one takes an earlier one back. */
export const approvalFor = (approvals: readonly Approval[], service: string): Approval | undefined =>
  approvals.findLast((one) => one.service === service || one.service === EVERY_SERVICE);

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
