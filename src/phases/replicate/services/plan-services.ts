import { compareCodePoints } from "../../../domain/canonical-json.js";
import type { SeenServices, SeenWish } from "./observe-services.js";
import { isNarrowing, type ServiceStep } from "./service-step.js";

function stepFor({ service, photo, wish, isPending }: SeenWish): ServiceStep {
  const about = { photo_id: photo.photo_id, target: service, why: wish.why };
  switch (wish.kind) {
    case "upload":
      return {
        ...about,
        id: `upload:${service}:${photo.photo_id}`,
        action: "upload",
        why: isPending ? `sent by an earlier run, which never learned what came of it` : wish.why,
        key: photo.blob_key,
        hash: photo.content_hash,
        bytes: photo.bytes,
        mime_type: photo.mimeType,
        filename: photo.filename,
        fields: wish.fields,
        expects: isPending ? "unknown" : "absent",
      };
    case "set-metadata":
      return {
        ...about,
        id: `set-metadata:${service}:${wish.id}`,
        action: "set-metadata",
        instance: wish.id,
        fields: wish.fields,
        expects: wish.before,
      };
    case "set-visibility":
      return {
        ...about,
        id: `set-visibility:${service}:${wish.id}`,
        action: "set-visibility",
        instance: wish.id,
        change: wish.change,
      };
  }
}

/** Narrowing of all photos goes first: what is too visible is not to wait for uploads. */
const inOrder = (a: ServiceStep, b: ServiceStep): number =>
  Number(isNarrowing(b)) - Number(isNarrowing(a)) || compareCodePoints(a.photo_id, b.photo_id);

/** The steps on the services that the run writes to, narrowing first, then photo by photo in the order of its wishes. Pure; order of sights aside. */
export function planServices(seen: SeenServices): readonly ServiceStep[] {
  const wished = seen.wishes.filter(({ service }) => seen.targets.has(service));
  const sorted = wished.toSorted(
    (a, b) =>
      compareCodePoints(a.photo.photo_id, b.photo.photo_id) || compareCodePoints(a.service, b.service),
  );
  return sorted.map(stepFor).toSorted(inOrder);
}
