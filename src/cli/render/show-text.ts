import type { Instance, Media, PhotoDocument, Replica, Variant } from "../../domain/photo.js";
import type { ShowResult } from "../../operations/results.js";
import { pad, shown, wrap } from "../../text/lines.js";
import { duration, readable, size } from "../../text/units.js";
import { asText } from "./closing.js";
import { conflictLines, reasonLines } from "./resolve-text.js";
import { heading, paint, type View } from "./view.js";

const LABEL_COLUMNS = 15;

function field(label: string, value: string | undefined, view: View): string[] {
  if (value === undefined || value === "") return [];
  const indent = " ".repeat(LABEL_COLUMNS + 2);
  const [first = "", ...rest] = wrap(shown(value), view.width, indent);
  return [`  ${paint(view, "dim", pad(label, LABEL_COLUMNS, "left"))}${first.trimStart()}`, ...rest];
}

function mediaText(media: Media): string {
  const pixels =
    media.width === undefined || media.height === undefined ? "" : `, ${media.width} × ${media.height}`;
  const length = media.duration_seconds === undefined ? "" : `, ${duration(media.duration_seconds)}`;
  return `${media.mime_type}, ${size(media.bytes)}${pixels}${length}`;
}

function metadataLines(photo: PhotoDocument, view: View): string[] {
  const { metadata } = photo;
  const { location, camera_info: camera } = metadata;
  const flags = (["favorite", "archived", "trashed"] as const).filter((flag) => photo[flag] === true);
  return [
    ...field("taken", metadata.taken_date === null ? "no date known" : readable(metadata.taken_date), view),
    ...field("title", metadata.title, view),
    ...field("caption", metadata.caption, view),
    ...field("place", location === undefined ? "" : `${location.lat}, ${location.lng}`, view),
    ...field("camera", [camera?.make, camera?.model, camera?.lens].filter(Boolean).join(", "), view),
    ...field("tags", metadata.tags.join(", "), view),
    ...field("rating", metadata.rating?.toString(), view),
    ...field("albums", photo.albums?.join(", "), view),
    ...field("people", photo.people?.join(", "), view),
    ...field(
      "flags",
      [...flags, ...(photo.ownership === "other" ? ["someone else's"] : [])].join(", "),
      view,
    ),
  ];
}

const instanceLines = (instances: Readonly<Record<string, Instance>>, view: View): string[] =>
  Object.entries(instances).flatMap(([service, instance]) => {
    const seen = instance.visibility === "unknown" ? "visibility cannot be read" : instance.visibility;
    const copies = instance.copies?.length ? `, and ${instance.copies.length} more there` : "";
    const gone = instance.gone_since === undefined ? "" : `, gone since ${readable(instance.gone_since)}`;
    return field(service, `${instance.quality} quality, ${seen}: ${instance.id}${gone}${copies}`, view);
  });

const replicaLines = (replicas: Readonly<Record<string, Replica>>, view: View): string[] =>
  Object.entries(replicas).flatMap(([store, replica]) =>
    field(store, `${replica.key}, verified ${readable(replica.verified_at)}`, view),
  );

/** A variant, what it is, and why it was taken for the same picture. */
function variantLines({ role, filename, media, joined }: Variant, view: View): string[] {
  const lines = field(role, `${filename}: ${mediaText(media)}`, view);
  if (joined === undefined) return lines;
  const who = joined.by === "person" ? "you said" : "rule quality_variants";
  const indent = " ".repeat(LABEL_COLUMNS + 2);
  return [
    ...lines,
    ...wrap(`joined ${readable(joined.at)} (${who}):`, view.width, indent),
    ...reasonLines(joined.reasons, view, `${indent}  `),
  ];
}

function section(title: string, lines: readonly string[], view: View): string[] {
  return lines.length === 0 ? [] : ["", heading(view, title), ...lines];
}

/** One photo: what it is, what is known of it, who sees it, where it lies. */
export function renderShow({ photo, path }: ShowResult, view: View): string {
  const variants = (photo.variants ?? []).flatMap((variant) => variantLines(variant, view));
  const replicas = replicaLines(photo.replicas, view);
  return asText([
    heading(view, shown(photo.metadata.filename)),
    ...field("photo", photo.photo_id, view),
    ...field("original", mediaText(photo.media), view),
    ...field("hash", photo.content_hash, view),
    ...field("state", photo.processing_state, view),
    ...field("visibility", photo.visibility.canonical, view),
    ...field("document", path, view),
    ...section("Known of it", metadataLines(photo, view), view),
    ...section("Services", instanceLines(photo.instances, view), view),
    ...section("Variants", variants, view),
    ...section("Replicas", replicas.length === 0 ? ["  none yet: photosync replicate"] : replicas, view),
    ...section(
      "Conflicts",
      photo.conflicts.flatMap((conflict) => conflictLines(conflict, view)),
      view,
    ),
  ]);
}
