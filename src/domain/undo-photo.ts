import { approvalsLeft } from "./approvals.js";
import { visibilityDiscrepancies } from "./audit.js";
import { isRecord } from "./is-record.js";
import type { Approval, Json, PhotoDocument } from "./photo.js";
import { sameJson } from "./same-json.js";
import { type ThreeWayOptions, threeWay } from "./three-way.js";
import { isWider, mostRestrictive, VISIBILITIES, type Visibility } from "./visibility.js";

/** How one operation changed one photo; null stands for "no document". */
export interface PhotoChange {
  readonly before: PhotoDocument | null;
  readonly after: PhotoDocument | null;
}

/** A photo without some of the operations that once changed it. */
export type ReplayedPhoto =
  | { readonly kind: "photo"; readonly document: PhotoDocument | null }
  /** The change builds on something that is not there; JSON pointers into the document. */
  | { readonly kind: "clash"; readonly paths: readonly string[] };

/** Tells whether a value obeys the schema of photo documents. */
export type IsPhoto = (value: unknown) => value is PhotoDocument;

/** Values that mean something only as a whole. */
const WHOLE_KEYS = new Set(["location", "camera_info", "raw", "values", "media"]);
/** Lists whose elements mean something only as a whole. */
const WHOLE_ELEMENTS = new Set(["resolutions", "conflicts", "discrepancies"]);
/** Times and states that every run renews: the latest that stands wins. */
const RENEWED_KEYS = new Set(["updated_at", "last_sync", "processing_state"]);
/** Tables whose entries later runs work out or prove again: the latest that stands wins. */
const RENEWED_ENTRIES = new Set(["conflicts", "per_service", "discrepancies", "replicas"]);

const isVisibility = (value: Json | undefined): value is Visibility =>
  VISIBILITIES.some((level) => level === value);

const STATES: readonly PhotoDocument["processing_state"][] = ["discovered", "resolved", "replicated"];

/** True for two states of a variant that differ in nothing but in the stores where its blob was proven to be. */
function isStoredSince(left: Json | undefined, right: Json | undefined): boolean {
  if (!isRecord(left) || !isRecord(right)) return false;
  return sameJson({ ...left, replicas: {} }, { ...right, replicas: {} });
}

const OPTIONS: ThreeWayOptions = {
  isWhole: (path) => WHOLE_KEYS.has(path.at(-1) ?? "") || WHOLE_ELEMENTS.has(path.at(-2) ?? ""),
  decide: (path, base, ours, theirs) => {
    const key = path.at(-1) ?? "";
    if (RENEWED_KEYS.has(key) && theirs !== undefined) return { value: theirs };
    if (RENEWED_ENTRIES.has(path.at(-2) ?? "") && theirs !== undefined) return { value: theirs };
    // The photo that the variant becomes again has its blob under the same key: replicating proves it there once more.
    if (path[0] === "variants" && path.length === 2 && isStoredSince(base, ours ?? theirs)) {
      if (ours === undefined || theirs === undefined) return { value: undefined };
    }
    if (path[0] === "visibility" && key === "canonical" && path.length === 2) {
      return { value: mostRestrictive([base, ours, theirs].filter(isVisibility)) };
    }
    return null;
  },
};

/** A photo document as the JSON that its file holds, with a list of variants even where there are none. */
const asJson = (document: PhotoDocument): Json =>
  JSON.parse(JSON.stringify({ ...document, variants: document.variants ?? [] }));

function withoutEmptyList(document: PhotoDocument): PhotoDocument {
  const { variants = [], ...rest } = document;
  return variants.length > 0 ? document : rest;
}

const has = (approvals: readonly Approval[], one: Approval): boolean =>
  approvals.some((other) => sameJson(one, other));

/** The document with exactly these approvals. */
function withApprovals(document: PhotoDocument, approvals: readonly Approval[]): PhotoDocument {
  const { approvals: held, ...rest } = document;
  if (sameJson(held ?? [], approvals)) return document;
  return approvals.length > 0 ? { ...rest, approvals } : rest;
}

/** Approvals are a set: what the change added is in, what it took away is out. */
function approvalsWith(state: PhotoDocument, before: PhotoDocument, after: PhotoDocument) {
  const [held, old, now] = [state, before, after].map(({ approvals }) => approvals ?? []);
  const kept = (held ?? []).filter((one) => has(now ?? [], one) || !has(old ?? [], one));
  return [...kept, ...(now ?? []).filter((one) => !has(old ?? [], one) && !has(kept, one))];
}

const lowestState = (documents: readonly PhotoDocument[]): PhotoDocument["processing_state"] =>
  STATES.find((state) => documents.some((one) => one.processing_state === state)) ?? "discovered";

/**
 * What an operation's change of a photo makes of another state of it, one in which earlier operations are taken back.
 * The state that the operation found becomes the very one that it left, so replaying every change gives what is there.
 * Elsewhere both stand as far as they touch different places; where they touch the same, or where the operation builds on a
 * document that is not there, it is a clash. No photo counts as further along than either state says.
 */
export function replayChange(
  state: PhotoDocument | null,
  { before, after }: PhotoChange,
  isPhoto: IsPhoto,
): ReplayedPhoto {
  if (sameJson(state, before) || sameJson(state, after)) return { kind: "photo", document: after };
  if (sameJson(before, after)) return { kind: "photo", document: state };
  if (state === null || before === null || after === null) return { kind: "clash", paths: [""] };
  const [base, ours, theirs] = [before, state, after].map((one) => asJson(withApprovals(one, [])));
  const merged = threeWay(base, ours, theirs, OPTIONS);
  if (merged.kind === "clash") return merged;
  if (!isPhoto(merged.value)) return { kind: "clash", paths: [""] };
  const document = withApprovals(withoutEmptyList(merged.value), approvalsWith(state, before, after));
  const { canonical } = document.visibility;
  // What it was replicated as is not what it is now.
  const furthest = canonical === after.visibility.canonical ? [] : [atMostResolved(after)];
  const processing_state = lowestState([document, state, after, ...furthest]);
  return { kind: "photo", document: { ...withCanonical(document, canonical), processing_state } };
}

const atMostResolved = (document: PhotoDocument): PhotoDocument =>
  document.processing_state === "replicated" ? { ...document, processing_state: "resolved" } : document;

/** The document with this canonical visibility, and the services that show more. */
function withCanonical(document: PhotoDocument, canonical: Visibility): PhotoDocument {
  const { per_service } = document.visibility;
  const discrepancies = visibilityDiscrepancies({ visibility: canonical, seen_visibility: per_service });
  return { ...document, visibility: { canonical, per_service, discrepancies } };
}

/**
 * The document, but neither visible to more people than `present` is, nor with more approved than `present` has: taking operations
 * back, or doing them again, is no approval of the owner's, and a decision that took an approval back stands. The very
 * document where that is so already.
 */
export function noWiderThan(document: PhotoDocument, present: PhotoDocument): PhotoDocument {
  const kept = withApprovals(document, approvalsLeft(document.approvals ?? [], present.approvals ?? []));
  const { canonical } = present.visibility;
  return isWider(document.visibility.canonical, canonical)
    ? withCanonical(atMostResolved(kept), canonical)
    : kept;
}
