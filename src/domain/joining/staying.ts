import { visibilityShown } from "../audit.js";
import { type Derived, derive, derivedValue } from "../derive.js";
import { CANONICAL_SPEAKER, joinedSpeaker } from "../discrepancy.js";
import { followMarks, followSources } from "../follow.js";
import type { PhotoId } from "../ids.js";
import type { Conflict, PhotoDocument } from "../photo.js";
import { type Holding, holdingOf, RULED_FIELDS, withValue } from "../ruled-fields.js";
import { own, sameJson } from "../same-json.js";
import { withExposureOn } from "../seen-visibility.js";
import { settledOn } from "./owners-values.js";
import { type Parted, sourcesOf } from "./parted.js";

/** A question without what was settled for the photo that left; null where nothing else was in question. */
function withoutSpeaker(conflict: Conflict, speaker: string): Conflict | null {
  if (!Object.hasOwn(conflict.values, speaker)) return conflict;
  const { [speaker]: _, ...values } = conflict.values;
  const settled = values[CANONICAL_SPEAKER];
  if (Object.values(values).every((value) => sameJson(value, settled))) return null;
  return { ...conflict, values, services: conflict.services.filter((service) => service !== speaker) };
}

/** Names that nobody but the sources of what left had given are given up; the owner's own stay. */
function namesLeft(
  held: readonly string[] = [],
  { before, after }: { readonly before: Derived; readonly after: Derived },
  field: "albums" | "people",
): readonly string[] {
  const [old, now] = [before.marks[field] ?? [], after.marks[field] ?? []];
  return held.filter((name) => now.includes(name) || !old.includes(name));
}

/** The photo without a variant that goes, its canonical fields following the sources that stay. No photo becomes more visible by it. */
export function stayingPhoto(
  host: PhotoDocument,
  parts: Parted,
  photoId: PhotoId,
  now: string,
): PhotoDocument {
  const { variant, along, staying } = parts;
  const gone = [variant, ...along];
  const { content_hash, instances } = host;
  const sources = sourcesOf(host, parts, "staying");
  const evidence = { content_hash, instances, variants: staying, sources };
  const derived = { before: derive(host), after: derive(evidence) };
  const isCarried = ({ rule }: { readonly rule: string }): boolean => rule === settledOn(photoId);
  const carried = (host.resolutions ?? []).filter(isCarried).map(({ field }) => field);
  const followed = followSources(host, evidence, derived);
  const holding = RULED_FIELDS.reduce<Holding>((written, field) => {
    if (carried.includes(field))
      return withValue(written, field, derivedValue(derived.after, field)) ?? written;
    if (field !== "albums" && field !== "people") return written;
    const names = namesLeft(written[field], derived, field);
    return names.length === (written[field] ?? []).length
      ? written
      : (withValue(written, field, names) ?? written);
  }, holdingOf(followed));
  const resolutions = followed.resolutions?.filter((one) => !isCarried(one));
  const conflicts = followed.conflicts.flatMap((one) => withoutSpeaker(one, joinedSpeaker(photoId)) ?? []);
  const services = new Set(gone.flatMap((one) => Object.keys(one.instances)));
  const per_service = [...services].sort().reduce((known, service) => {
    const holders = [host, ...staying];
    if (holders.some((holder) => own(holder.instances, service) !== undefined))
      return withExposureOn(evidence, service, known);
    return Object.fromEntries(Object.entries(known).filter(([name]) => name !== service));
  }, host.visibility.per_service);
  const { albums, people, favorite, archived, trashed, ownership, variants: _, ...others } = host;
  const { resolutions: __, ...rest } = others;
  return {
    ...rest,
    ...holding,
    conflicts: conflicts.filter(({ field }) => !carried.includes(field)),
    ...(resolutions !== undefined && { resolutions }),
    ...followMarks(host, derived),
    visibility: visibilityShown(host.visibility.canonical, per_service),
    processing_state: "discovered",
    ...(staying.length > 0 && { variants: staying }),
    sources,
    updated_at: now,
  };
}
