import type { PhotoDocument, VisibilityDiscrepancy } from "./photo.js";
import { byCodeUnit, own } from "./same-json.js";
import {
  isWider,
  mostRestrictive,
  type SeenVisibility,
  type Visibility,
  whenAuditing,
} from "./visibility.js";

/** Who may see a photo, and who can, by service. */
export interface Shown {
  readonly visibility: Visibility;
  readonly seen_visibility: Readonly<Record<string, SeenVisibility>>;
}

/** What auditing needs of a photo; a catalog's row fits. */
export interface Audited extends Shown {
  /** What the owner's approval in force allows, for the services that one speaks of. */
  readonly approved?: Readonly<Record<string, Visibility>>;
}

/** A service that shows a photo to more people than the owner ever agreed to. */
export interface Exposure extends VisibilityDiscrepancy {
  /** What was approved for the service, where that is narrower than the canonical level: a level written in by hand is no approval. */
  readonly approved?: Visibility;
}

/**
 * The services that show a photo to more people than its canonical visibility allows, by name. A level that cannot
 * be read counts as public here and is listed as `unknown`. Files in the owner's folders come as `private`, so they
 * never show up.
 */
export function visibilityDiscrepancies(row: Shown): VisibilityDiscrepancy[] {
  return Object.entries(row.seen_visibility)
    .filter(([, seen]) => isWider(whenAuditing(seen), row.visibility))
    .map(([service, current]) => ({ service, current, canonical: row.visibility }))
    .sort((a, b) => byCodeUnit(a.service, b.service));
}

/** A document's `visibility` of these levels. */
export const visibilityShown = (
  canonical: Visibility,
  per_service: Shown["seen_visibility"],
): PhotoDocument["visibility"] => ({
  canonical,
  per_service,
  discrepancies: visibilityDiscrepancies({ visibility: canonical, seen_visibility: per_service }),
});

/**
 * `visibilityDiscrepancies`, and beyond them the services that show more than the last approval for them allows. Where
 * nothing was ever approved the canonical level alone counts: what was public before photosync came is the owner's doing.
 */
export function exposures(row: Audited): Exposure[] {
  return Object.entries(row.seen_visibility)
    .flatMap(([service, current]): Exposure[] => {
      const approved = own(row.approved ?? {}, service) ?? row.visibility;
      const allowed = mostRestrictive([row.visibility, approved]);
      if (!isWider(whenAuditing(current), allowed)) return [];
      const found = { service, current, canonical: row.visibility };
      return [isWider(row.visibility, approved) ? { ...found, approved } : found];
    })
    .sort((a, b) => byCodeUnit(a.service, b.service));
}
