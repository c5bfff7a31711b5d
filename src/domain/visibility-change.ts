import { approvalFor } from "./approvals.js";
import type { Brand } from "./brand.js";
import type { Approval } from "./photo.js";
import { isWider, type SeenVisibility, type Visibility, whenActing, whenAuditing } from "./visibility.js";

/** Takes a photo from more eyes. Needs nobody's leave. */
export interface Narrowing {
  readonly kind: "narrow";
  /** The level last read from the service; `unknown` counts as `public` here. */
  readonly from: SeenVisibility;
  readonly to: Visibility;
}

/** Shows a photo to more people, which the owner allowed in so many words. */
export interface Widening {
  readonly kind: "widen";
  readonly from: Visibility;
  readonly to: Visibility;
  /** The entry of the photo document's `approvals` that allows it. */
  readonly approval: Approval;
}

/**
 * A change of who may see a photo on a service. Only `visibilityChange` makes one, so that no code can ask a service to
 * widen without an approval at hand.
 */
export type VisibilityChange = Brand<Narrowing | Widening, "VisibilityChange">;

/** What stands between a service's level and the wanted one. */
export type VisibilityVerdict =
  | { readonly kind: "same" }
  | { readonly kind: "change"; readonly change: VisibilityChange }
  /** It would have to be widened and nothing allows that. */
  | { readonly kind: "not-approved"; readonly from: Visibility; readonly to: Visibility };

/**
 * How a service's level becomes the wanted one. A level that cannot be read counts as public when it comes to
 * narrowing and as private when it comes to widening, so that it is narrowed, down to private, and never widened. The last
 * approval for the service counts, and only up to its own level.
 */
export function visibilityChange(
  service: string,
  seen: SeenVisibility,
  wanted: Visibility,
  approvals: readonly Approval[],
): VisibilityVerdict {
  if (isWider(whenAuditing(seen), wanted)) {
    // What cannot be read may be private already: any other level could show it to more people than now.
    const to = seen === "unknown" ? "private" : wanted;
    return { kind: "change", change: { kind: "narrow", from: seen, to } as VisibilityChange };
  }
  const from = whenActing(seen);
  if (seen === "unknown" || !isWider(wanted, from)) return { kind: "same" };
  const approval = approvalFor(approvals, service);
  if (approval === undefined || isWider(wanted, approval.visibility)) {
    return { kind: "not-approved", from, to: wanted };
  }
  return { kind: "change", change: { kind: "widen", from, to: wanted, approval } as VisibilityChange };
}
