import { approvalFor } from "./approvals.js";
import { copiesOn, type WithVariants } from "./copies.js";
import type { PhotoDocument } from "./photo.js";
import { own, withEntry } from "./same-json.js";
import {
  isWider,
  mostRestrictive,
  type SeenVisibility,
  type Visibility,
  whenAuditing,
} from "./visibility.js";

/** Every level that a service has last shown the photo with: its copies', and those of the photo's variants. */
export const levelsSeenOn = (photo: WithVariants, service: string): readonly SeenVisibility[] =>
  copiesOn(photo, service).map((copy) => copy.visibility);

/**
 * The level that tells how exposed the photo is on a service: the widest of its copies there, where unknown may be public.
 * Undefined where it has none, or where the service says that all of them are gone.
 */
export function exposureOn(photo: WithVariants, service: string): SeenVisibility | undefined {
  const levels = copiesOn(photo, service).flatMap((copy) =>
    copy.gone_since === undefined ? [copy.visibility] : [],
  );
  if (levels.includes("public")) return "public";
  return levels.reduce<SeenVisibility | undefined>(
    (widest, level) =>
      widest === undefined || isWider(whenAuditing(level), whenAuditing(widest)) ? level : widest,
    undefined,
  );
}

/** What is known of who can see the photo on each service, brought up to date for one: no entry where nothing is left there. */
export function withExposureOn(
  photo: WithVariants,
  service: string,
  known: PhotoDocument["visibility"]["per_service"],
): PhotoDocument["visibility"]["per_service"] {
  const seen = exposureOn(photo, service);
  if (seen !== undefined) return withEntry(known, service, seen);
  if (copiesOn(photo, service).length === 0) return known;
  return Object.fromEntries(Object.entries(known).filter(([name]) => name !== service));
}

/**
 * The canonical visibility after everything that was seen for certain: never wider than it was. A service's narrower
 * level counts only down to what the owner last approved for that service, because a photo approved as public stays
 * private there until the change is carried out.
 */
export function narrowedVisibility(
  document: Pick<PhotoDocument, "instances" | "variants" | "visibility" | "approvals">,
): Visibility {
  const { canonical, per_service } = document.visibility;
  const parts = [document, ...(document.variants ?? [])];
  const services = new Set([
    ...Object.keys(per_service),
    ...parts.flatMap(({ instances }) => Object.keys(instances)),
  ]);
  const limits = [...services].flatMap((service) => {
    const approved = approvalFor(document.approvals ?? [], service)?.visibility;
    const shown = own(per_service, service);
    return [...levelsSeenOn(document, service), ...(shown === undefined ? [] : [shown])].flatMap((seen) => {
      if (seen === "unknown") return [];
      return [approved !== undefined && isWider(approved, seen) ? approved : seen];
    });
  });
  return mostRestrictive([canonical, ...limits]);
}
