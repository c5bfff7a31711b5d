import type { ServiceSettings, Services } from "../control/config.js";
import type { PhotoDocument } from "../domain/photo.js";
import { byCodeUnit, own } from "../domain/same-json.js";
import { exposureOn } from "../domain/seen-visibility.js";
import { wishesFor } from "../domain/service-wishes.js";
import { isWider, type SeenVisibility } from "../domain/visibility.js";
import { traitsOfTarget } from "../services/uploadable.js";
import type { PlannedStep } from "./results.js";
import type { VisibilitySetResult } from "./visibility-results.js";

type Consequences = Pick<VisibilitySetResult, "plan" | "held">;

const providerOf = (services: Services, name: string): string => own(services, name)?.provider ?? name;

/** The services on which the photo or a variant of it stands, by name, with who may see it there. The owner's folders are none. */
export function standsOn(
  document: PhotoDocument,
  services: Services,
): readonly { readonly service: string; readonly current: SeenVisibility }[] {
  const holders = [document, ...(document.variants ?? [])];
  const names = new Set(holders.flatMap(({ instances }) => Object.keys(instances)));
  return [...names]
    .filter((name) => providerOf(services, name) !== "folder")
    .sort(byCodeUnit)
    .map((service) => ({ service, current: exposureOn(document, service) ?? "unknown" }));
}

/** Why `replicate` will not change who may see photos on an account; null where it will. */
function whyNotWritten(name: string, settings: ServiceSettings | undefined): string | null {
  if (settings?.enabled !== true)
    return `${name} is not connected: photosync connect ${name}, or change it there yourself`;
  if (settings.replicate !== undefined && settings.replicate.visibility !== false) return null;
  return `config/services.json does not let replicate change who sees photos on ${name}: give it "replicate": {} in its entry, or change it there yourself`;
}

/** What `replicate` would do at the services on which the photo stands so that they match its visibility; nothing is asked of them. */
export function visibilityConsequences(document: PhotoDocument, services: Services): Consequences {
  const plan: PlannedStep[] = [];
  const held: { subject: string; why: string }[] = [];
  const { photo_id } = document;
  for (const { service, current } of standsOn(document, services)) {
    const { wishes, held: reasons } = wishesFor(document, {
      name: service,
      uploads: { kind: "none" },
      fields: new Set(),
      settableVisibilities: traitsOfTarget(providerOf(services, service))?.settableVisibilities ?? [],
    });
    for (const why of reasons) held.push({ subject: service, why });
    const hindrance = whyNotWritten(service, own(services, service));
    for (const { why } of wishes) {
      if (hindrance === null) plan.push({ action: "set-visibility", photo_id, target: service, why });
    }
    if (wishes.length > 0 && hindrance !== null) held.push({ subject: service, why: hindrance });
    if (wishes.length + reasons.length > 0) continue;
    if (current === "unknown")
      held.push({
        subject: service,
        why: `${service} does not tell who may see it, so it is left as it is there`,
      });
    else if (isWider(document.visibility.canonical, current))
      held.push({ subject: service, why: "photosync resolve has to settle the photo first" });
  }
  return { plan, held };
}
