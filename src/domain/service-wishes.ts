import { copiesOn } from "./copies.js";
import type { ContentHash } from "./ids.js";
import type { InstanceCopy, Json, PhotoDocument } from "./photo.js";
import {
  canonicalFields,
  fieldsToCorrect,
  recordedFields,
  type WritableField,
  type WrittenFields,
} from "./service-fields.js";
import type { Visibility } from "./visibility.js";
import { type VisibilityChange, visibilityChange } from "./visibility-change.js";

/** Which photos the owner wants on a service. */
export type UploadChoice =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  /** Photos with one of these albums or tags; both lists empty means none. */
  | { readonly kind: "some"; readonly albums: readonly string[]; readonly tags: readonly string[] };

/** What planning needs to know of a service that can be written to. */
export interface ServiceView {
  /** The account's name. */
  readonly name: string;
  readonly uploads: UploadChoice;
  /** What the owner lets photosync write there, as far as the service can. */
  readonly fields: ReadonlySet<WritableField>;
  readonly settableVisibilities: readonly Visibility[];
  /** True where it is left to the owner who may see a photo there. */
  readonly leavesVisibility?: boolean;
  /** In bytes, by kind; absent where nothing can be uploaded. */
  readonly uploadLimits?: { readonly image: number; readonly video: number };
  /** MIME types; absent where the service takes any, or has to be tried. */
  readonly uploadTypes?: ReadonlySet<string>;
}

/** One thing to be done on a service so that it matches the document. */
export type Wish =
  | {
      readonly kind: "upload";
      readonly hash: ContentHash;
      readonly fields: WrittenFields;
      readonly why: string;
    }
  | {
      readonly kind: "set-metadata";
      readonly id: string;
      readonly fields: WrittenFields;
      /** What the service is on record to say in these fields. */
      readonly before: Readonly<Record<string, Json>>;
      readonly why: string;
    }
  | {
      readonly kind: "set-visibility";
      readonly id: string;
      readonly change: VisibilityChange;
      readonly why: string;
    };

export interface Wishes {
  /** In the order to carry them out: narrowing, uploading, writing, widening. */
  readonly wishes: readonly Wish[];
  /** What ought to be done and cannot be, in words. */
  readonly held: readonly string[];
}

const isChosen = (uploads: UploadChoice, { albums, metadata }: PhotoDocument): boolean => {
  if (uploads.kind !== "some") return uploads.kind === "all";
  return (
    uploads.albums.some((title) => albums?.includes(title) === true) ||
    uploads.tags.some((tag) => metadata.tags.includes(tag))
  );
};

/** The field under which a person answers that a photo is to stay off a service that does not take it. */
export const serviceField = (service: string): string => `service:${service}`;

/** True where a person knows that the service does not take the photo, and leaves it off there. */
const isLeftOff = ({ resolutions }: PhotoDocument, service: string): boolean =>
  resolutions?.some(({ field, by }) => by === "person" && field === serviceField(service)) ?? false;

/** Why a photo that the owner wants on the service cannot go there; null where it can. */
function whyNotUploaded({ media }: PhotoDocument, service: ServiceView): string | null {
  const { uploadLimits, uploadTypes, name } = service;
  if (uploadLimits === undefined) return null;
  const limit = media.mime_type.startsWith("video/") ? uploadLimits.video : uploadLimits.image;
  if (media.bytes > limit)
    return `${name} takes no more than ${limit} bytes of such a file, and it has ${media.bytes}`;
  if (uploadTypes !== undefined && !uploadTypes.has(media.mime_type))
    return `${name} takes no ${media.mime_type}`;
  return null;
}

const isWantedOn = (document: PhotoDocument, service: ServiceView): boolean =>
  service.uploadLimits !== undefined &&
  isChosen(service.uploads, document) &&
  document.trashed !== true &&
  document.ownership !== "other";

/** Why a photo that the owner wants on a service, and that is not known there, cannot go there; null where nothing is in its way. */
export const refusalOf = (document: PhotoDocument, service: ServiceView): string | null =>
  isWantedOn(document, service) && copiesOn(document, service.name).length === 0
    ? whyNotUploaded(document, service)
    : null;

function uploadWish(document: PhotoDocument, service: ServiceView): Wishes {
  if (!isWantedOn(document, service) || isLeftOff(document, service.name)) return { wishes: [], held: [] };
  const refusal = whyNotUploaded(document, service);
  if (refusal !== null) return { wishes: [], held: [refusal] };
  const fields = canonicalFields(document, service.fields);
  const why = `not on ${service.name} yet`;
  return { wishes: [{ kind: "upload", hash: document.content_hash, fields, why }], held: [] };
}

function visibilityWish(document: PhotoDocument, service: ServiceView, copy: InstanceCopy): Wishes {
  const { canonical } = document.visibility;
  const verdict = visibilityChange(service.name, copy.visibility, canonical, document.approvals ?? []);
  if (verdict.kind === "same") return { wishes: [], held: [] };
  if (verdict.kind === "not-approved") {
    const held = `${service.name} shows it as ${verdict.from}; nobody approved ${verdict.to} there`;
    return { wishes: [], held: [held] };
  }
  const { from, to } = verdict.change;
  if (!service.settableVisibilities.includes(to)) {
    // What nobody can read or set is a matter for the audit; here it would be repeated for every photo there.
    if (from === "unknown") return { wishes: [], held: [] };
    return {
      wishes: [],
      held: [`${service.name} shows it as ${from} and cannot be told ${to}: look there yourself`],
    };
  }
  const why =
    verdict.change.kind === "narrow"
      ? `${service.name} may show it as ${from === "unknown" ? "public" : from}; the library says ${to}`
      : `you approved ${to} for ${service.name}`;
  return { wishes: [{ kind: "set-visibility", id: copy.id, change: verdict.change, why }], held: [] };
}

function metadataWish(document: PhotoDocument, service: ServiceView, copy: InstanceCopy): readonly Wish[] {
  const fields = fieldsToCorrect(document, service.name, copy.id, service.fields);
  const names = Object.keys(fields);
  if (names.length === 0) return [];
  const before = recordedFields(document, service.name, copy.id, fields);
  return [
    {
      kind: "set-metadata",
      id: copy.id,
      fields,
      before,
      why: `${service.name} says otherwise of ${names.join(", ")}`,
    },
  ];
}

const RANK: Readonly<Record<Wish["kind"], number>> = { "set-visibility": 0, upload: 1, "set-metadata": 2 };
const rankOf = (wish: Wish): number =>
  wish.kind === "set-visibility" && wish.change.kind === "widen" ? 3 : RANK[wish.kind];

/**
 * What has to be done on a service so that it matches a photo's document; pure. A photo with open conflicts, or that was not
 * resolved since it changed, is left as it is, except that what is too visible is narrowed at once. Nothing is ever deleted, and
 * what is gone from the service is not brought back: somebody took it away there.
 */
export function wishesFor(document: PhotoDocument, service: ServiceView): Wishes {
  const known = copiesOn(document, service.name);
  const copies = known.filter((copy) => copy.gone_since === undefined);
  const isSettled =
    document.processing_state !== "discovered" &&
    !document.conflicts.some((conflict) => conflict.resolution_required);
  const visibility =
    service.leavesVisibility === true ? [] : copies.map((copy) => visibilityWish(document, service, copy));
  const upload = isSettled && known.length === 0 ? uploadWish(document, service) : { wishes: [], held: [] };
  const metadata = isSettled ? copies.flatMap((copy) => metadataWish(document, service, copy)) : [];
  const wishes = [...visibility.flatMap((one) => one.wishes), ...upload.wishes, ...metadata];
  return {
    wishes: wishes
      .filter((wish) => isSettled || (wish.kind === "set-visibility" && wish.change.kind === "narrow"))
      .toSorted((a, b) => rankOf(a) - rankOf(b)),
    held: [...visibility.flatMap((one) => one.held), ...upload.held],
  };
}
