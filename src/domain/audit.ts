import type { VisibilityDiscrepancy } from "./photo.js";
import { byCodeUnit } from "./same-json.js";
import { isWider, type SeenVisibility, type Visibility, whenAuditing } from "./visibility.js";

/** What auditing needs of a photo; a catalog's row fits. */
export interface Audited {
  readonly visibility: Visibility;
  readonly seen_visibility: Readonly<Record<string, SeenVisibility>>;
}

/**
 * The services that show a photo to more people than its canonical visibility allows, by name. A level that cannot
 * be read counts as public here and is listed as `unknown`. Files in the owner's folders come as `private`, so they
 * never show up.
 */
export function visibilityDiscrepancies(row: Audited): VisibilityDiscrepancy[] {
  return Object.entries(row.seen_visibility)
    .filter(([, seen]) => isWider(whenAuditing(seen), row.visibility))
    .map(([service, current]) => ({ service, current, canonical: row.visibility }))
    .sort((a, b) => byCodeUnit(a.service, b.service));
}
