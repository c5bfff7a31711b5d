import { approvalFor } from "./approvals.js";
import type { Instance, PhotoDocument } from "./photo.js";
import { own } from "./same-json.js";
import {
  isWider,
  mostRestrictive,
  type SeenVisibility,
  type Visibility,
  whenAuditing,
} from "./visibility.js";

type Holder = { readonly instances: Readonly<Record<string, Instance>> };
type Shown = Holder & { readonly variants?: readonly Holder[] };

/** Every level that a service shows the photo with: its copies', and those of the photo's variants. */
export function levelsSeenOn(photo: Shown, service: string): readonly SeenVisibility[] {
  return [photo, ...(photo.variants ?? [])].flatMap(({ instances }) => {
    const instance = own(instances, service);
    return instance === undefined
      ? []
      : [instance.visibility, ...(instance.copies ?? []).map((copy) => copy.visibility)];
  });
}

/** The level that tells how exposed the photo is on a service: the widest of its copies, where unknown may be public. */
export function exposureOn(photo: Shown, service: string): SeenVisibility | undefined {
  const levels = levelsSeenOn(photo, service);
  if (levels.includes("public")) return "public";
  return levels.reduce<SeenVisibility | undefined>(
    (widest, level) =>
      widest === undefined || isWider(whenAuditing(level), whenAuditing(widest)) ? level : widest,
    undefined,
  );
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
  const holders: Shown[] = [document, ...(document.variants ?? [])];
  const services = new Set([
    ...Object.keys(per_service),
    ...holders.flatMap((holder) => Object.keys(holder.instances)),
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
