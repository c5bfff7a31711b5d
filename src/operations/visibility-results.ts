import type { Exposure } from "../domain/audit.js";
import type { Approval } from "../domain/photo.js";
import type { SeenVisibility, Visibility } from "../domain/visibility.js";
import type { VisibilityCause } from "../domain/visibility-story.js";
import type { OperationResult, PlannedStep } from "./results.js";

export interface AuditResult extends OperationResult {
  readonly counts: { readonly photos: number; readonly discrepancies: number; readonly unreadable: number };
  readonly discrepancies: readonly (Exposure & {
    readonly photo_id: string;
    readonly filename: string;
  })[];
  /** How it came to be, oldest first; only where it was asked for. */
  readonly history?: readonly VisibilityEvent[];
}

/** What one operation changed about who may see one photo. A level is null where nothing was known before, or is now. */
export interface VisibilityEvent {
  /** The operation's id, as in `OperationSummary`. */
  readonly operation: string;
  readonly at: string;
  readonly author: string;
  readonly command: string;
  readonly undoes: string | null;
  readonly photo_id: string;
  readonly filename: string;
  readonly cause: VisibilityCause;
  /** True where more people may see the photo than before, here or at a service; what cannot be read may be public. */
  readonly wider: boolean;
  /** The library's own level, or null where it stayed. */
  readonly canonical: { readonly from: Visibility | null; readonly to: Visibility | null } | null;
  readonly services: readonly {
    readonly service: string;
    readonly from: SeenVisibility | null;
    readonly to: SeenVisibility | null;
  }[];
  readonly approved: readonly Approval[];
  readonly withdrawn: readonly Approval[];
  /** The rule that narrowed the library's level. */
  readonly rule: string | null;
  /** The approval on which `replicate` made it wider at a service. */
  readonly rests_on: Approval | null;
}

export interface VisibilitySetResult extends OperationResult {
  readonly counts: { readonly changed: number };
  readonly photo_id: string;
  readonly filename: string;
  readonly from: Visibility;
  readonly to: Visibility;
  /** The approval that was recorded, or would be; null where it was in force already. */
  readonly approval: Approval | null;
  /** True where the decision may show the photo to more people than the library allowed before. */
  readonly wider: boolean;
  /** Where the photo stands, and who may see it there. */
  readonly services: readonly { readonly service: string; readonly current: SeenVisibility }[];
  /** What `replicate` would do about it. */
  readonly plan: readonly PlannedStep[];
  /** What ought to be done at a service and will not be, and why. */
  readonly held: readonly { readonly subject: string; readonly why: string }[];
}
