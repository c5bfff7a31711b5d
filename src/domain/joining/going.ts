import { approvalsInForce } from "../approvals.js";
import { visibilityShown } from "../audit.js";
import { derive } from "../derive.js";
import type { PhotoId } from "../ids.js";
import type { PhotoDocument } from "../photo.js";
import { placeText } from "../placing.js";
import { type Holding, holdingOf, isRuledField, withValue } from "../ruled-fields.js";
import { exposureOn, narrowedVisibility } from "../seen-visibility.js";
import { mostRestrictive } from "../visibility.js";
import { ownersFlags } from "./owners-hand.js";
import { type Parted, sourcesOf } from "./parted.js";

/** Nobody may see more of it than of the photo that it leaves, and no approval goes with it that allows anything. */
function visibilityOf(host: PhotoDocument, { variant, along }: Parted): PhotoDocument["visibility"] {
  const { instances } = variant;
  const services = [variant, ...along].flatMap((one) => Object.keys(one.instances));
  const per_service = Object.fromEntries(
    [...new Set(services)].sort().flatMap((service) => {
      const seen = exposureOn({ instances, variants: along }, service);
      return seen === undefined ? [] : [[service, seen]];
    }),
  );
  const approved = approvalsInForce(host.approvals ?? []).map(({ visibility }) => visibility);
  const limits = [host.visibility.canonical, ...approved.filter((level) => level !== "private")];
  const visibility = visibilityShown(mostRestrictive(limits), per_service);
  return visibilityShown(narrowedVisibility({ instances, variants: along, visibility }), per_service);
}

/** What the owner marked by hand so that it is uploaded nowhere: on which of the two photos that was is not on record. */
function heldBack(host: PhotoDocument): Pick<PhotoDocument, "trashed" | "ownership"> {
  const byHand = ownersFlags(host, derive(host));
  return {
    ...(byHand.includes("trashed") && host.trashed === true && { trashed: true }),
    ...(byHand.includes("ownership") && host.ownership === "other" && { ownership: "other" }),
  };
}

/** The photo that a variant becomes, with the variants that go with it: what it was before it was joined, seen by nobody new. */
export function goingPhoto(host: PhotoDocument, parts: Parted, photoId: PhotoId, now: string): PhotoDocument {
  const { variant, along } = parts;
  const { content_hash, filename, media, blob_key, instances, replicas, joined } = variant;
  const sources = sourcesOf(host, parts, "going");
  const derived = derive({ content_hash, instances, variants: along, sources });
  const settled = joined?.settled ?? [];
  const { albums, people, ...flags } = derived.marks;
  const given = holdingOf({ ...derived.marks, metadata: { ...derived.metadata, filename } });
  const holding = settled.reduce<Holding>(
    (written, { field, value }) =>
      isRuledField(field) ? (withValue(written, field, value) ?? written) : written,
    given,
  );
  const [[service = "unknown", first] = []] = Object.entries(instances);
  const [place] = first?.locations ?? [];
  const approvals = (host.approvals ?? []).filter(({ visibility }) => visibility === "private");
  return {
    schema_version: host.schema_version,
    photo_id: photoId,
    content_hash,
    canonical_source: joined?.was?.canonical_source ?? `${service}:${first?.id ?? content_hash}`,
    source_of_truth_path:
      joined?.was?.source_of_truth_path ?? (place === undefined ? blob_key : placeText(place)),
    blob_key,
    media,
    ...holding,
    ...flags,
    ...heldBack(host),
    visibility: visibilityOf(host, parts),
    processing_state: "discovered",
    conflicts: [],
    ...(settled.length > 0 && { resolutions: settled }),
    ...(approvals.length > 0 && { approvals }),
    ...(along.length > 0 && { variants: along }),
    instances,
    replicas,
    sources,
    created_at: joined?.was?.created_at ?? now,
    updated_at: now,
  };
}
