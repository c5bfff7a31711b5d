import { visibilityDiscrepancies } from "./audit.js";
import type { Approval, Json, PhotoDocument } from "./photo.js";
import { sameJson } from "./same-json.js";
import { type ThreeWayOptions, threeWay } from "./three-way.js";
import { isWider, mostRestrictive, VISIBILITIES, type Visibility } from "./visibility.js";

/** What taking back one operation makes of one photo. */
export type UndonePhoto =
  | {
      readonly kind: "document";
      readonly document: PhotoDocument;
      /** True where the photo was visible to more people before the operation than it stays now. */
      readonly keptNarrower: boolean;
    }
  /** The operation made the photo, and nothing happened to it since (or it is gone already). */
  | { readonly kind: "removed" }
  /** Later changes touch the same places; JSON pointers into the document. */
  | { readonly kind: "clash"; readonly paths: readonly string[] };

/** Values that mean something only as a whole. */
const WHOLE_KEYS = new Set(["location", "camera_info", "raw", "values", "media"]);
/** Lists whose elements mean something only as a whole. */
const WHOLE_ELEMENTS = new Set(["resolutions", "conflicts", "approvals", "discrepancies"]);
/** Times and states of the present that every run renews: the present's stand. */
const RENEWED_KEYS = new Set(["updated_at", "last_sync", "processing_state"]);
/** Tables whose entries later runs work out or prove again: the present's stand. */
const RENEWED_ENTRIES = new Set(["conflicts", "per_service", "discrepancies", "replicas"]);

const isVisibility = (value: Json | undefined): value is Visibility =>
  VISIBILITIES.some((level) => level === value);

const STATES: readonly PhotoDocument["processing_state"][] = ["discovered", "resolved", "replicated"];

const OPTIONS: ThreeWayOptions = {
  isWhole: (path) => WHOLE_KEYS.has(path.at(-1) ?? "") || WHOLE_ELEMENTS.has(path.at(-2) ?? ""),
  decide: (path, base, ours, theirs) => {
    const key = path.at(-1) ?? "";
    if (RENEWED_KEYS.has(key) && ours !== undefined) return { value: ours };
    if (RENEWED_ENTRIES.has(path.at(-2) ?? "") && ours !== undefined) return { value: ours };
    if (path[0] === "visibility" && key === "canonical" && path.length === 2) {
      return { value: mostRestrictive([base, ours, theirs].filter(isVisibility)) };
    }
    return null;
  },
};

/** A photo document as the JSON that its file holds. */
const asJson = (document: PhotoDocument): Json => JSON.parse(JSON.stringify(document));

/**
 * The approvals after undoing: those of the present that the operation did not add. Approvals that are gone do not come
 * back, not even when it was the undone operation that withdrew them.
 */
function approvalsAfter(
  before: PhotoDocument,
  after: PhotoDocument,
  current: PhotoDocument,
): readonly Approval[] {
  const has = ({ approvals }: PhotoDocument, one: Approval) =>
    approvals?.some((other) => sameJson(one, other)) ?? false;
  return (current.approvals ?? []).filter((one) => has(before, one) || !has(after, one));
}

const lowestState = (documents: readonly PhotoDocument[]): PhotoDocument["processing_state"] =>
  STATES.find((state) => documents.some((one) => one.processing_state === state)) ?? "discovered";

function restored(before: PhotoDocument, after: PhotoDocument, current: PhotoDocument): UndonePhoto {
  const merged = threeWay(asJson(after), asJson(current), asJson(before), OPTIONS);
  if (merged.kind === "clash") return merged;
  // Every part is one of three valid documents' or merged from them, and `Documents.write` checks the whole.
  const { approvals: _, ...document } = merged.value as unknown as PhotoDocument;
  const approvals = approvalsAfter(before, after, current);
  const keptNarrower = isWider(document.visibility.canonical, current.visibility.canonical);
  const canonical = keptNarrower ? current.visibility.canonical : document.visibility.canonical;
  const { per_service, discrepancies } = document.visibility;
  // What happened since may not have been through the phases yet, whatever state the operation found.
  const reached = [document, ...(sameJson(after, current) ? [] : [current, before])];
  return {
    kind: "document",
    keptNarrower,
    document: {
      ...document,
      processing_state: lowestState(reached),
      visibility: {
        canonical,
        per_service,
        discrepancies: keptNarrower
          ? visibilityDiscrepancies({ visibility: canonical, seen_visibility: per_service })
          : discrepancies,
      },
      ...(approvals.length > 0 && { approvals }),
    },
  };
}

/**
 * Takes one operation's change of a photo (`before` → `after`) out of its present document, keeping what happened since.
 * Null stands for "no document". When nothing happened since, the result is `before` itself, except that canonical
 * visibility never becomes wider than it is now (`keptNarrower` says where it would have) and approvals that are gone do not
 * come back. A photo that the operation removed is brought back as it was; there is no present visibility to widen then.
 */
export function undoPhoto({
  before,
  after,
  current,
}: {
  readonly before: PhotoDocument | null;
  readonly after: PhotoDocument | null;
  readonly current: PhotoDocument | null;
}): UndonePhoto {
  if (before !== null && after !== null && current !== null) return restored(before, after, current);
  const asDocument = (document: PhotoDocument | null): UndonePhoto =>
    document === null ? { kind: "removed" } : { kind: "document", document, keptNarrower: false };
  if (sameJson(current, after)) return asDocument(before);
  if (sameJson(before, after) || sameJson(current, before)) return asDocument(current);
  return { kind: "clash", paths: [""] };
}
