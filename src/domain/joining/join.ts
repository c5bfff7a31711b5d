import { approvalsOfBoth } from "../approvals.js";
import { isFieldConflict } from "../conflict.js";
import { derive } from "../derive.js";
import { CANONICAL_SPEAKER } from "../discrepancy.js";
import type { Joined, PhotoDocument, VariantRole } from "../photo.js";
import { hashesOf, isKeptApart } from "./apart.js";
import { ownersDecision, ownersFields, ownersFlags } from "./owners-hand.js";
import { takeIn } from "./take-in.js";

/** Why and as what a photo joins another one. */
export interface Joining extends Pick<Joined, "by" | "reasons"> {
  readonly role: VariantRole;
}

/** True where nothing that a person decided or edited is in the document, nor is asked about such a decision. */
function isUntouched(document: PhotoDocument): boolean {
  const derived = derive(document);
  return (
    (document.approvals ?? []).length === 0 &&
    !(document.resolutions ?? []).some(({ by }) => by === "person") &&
    !document.conflicts.some((one) => isFieldConflict(one) && Object.hasOwn(one.values, CANONICAL_SPEAKER)) &&
    ownersFields(document, derived).length === 0 &&
    ownersFlags(document, derived).length === 0
  );
}

const approvalsBeside = (host: PhotoDocument, lone: PhotoDocument) =>
  approvalsOfBoth(host.approvals ?? [], lone.approvals ?? []);

/**
 * Whether the lone photo, judged to be the same picture as the host, may join it. `never` where a person said that they differ, or
 * they are one document. `ask` where no rule may decide it: a person decided or edited something on the lone photo; an
 * approval of the host's would end; one is somebody else's and the other is not, with other bytes; a person kept
 * something of the one apart from something of the other.
 */
export function mayJoin(host: PhotoDocument, lone: PhotoDocument): "yes" | "ask" | "never" {
  if (host.photo_id === lone.photo_id) return "never";
  if (isKeptApart(host, lone.content_hash) || isKeptApart(lone, host.content_hash)) return "never";
  const [ours, theirs] = [hashesOf(host), hashesOf(lone)];
  const isDivided =
    ours.some((hash) => isKeptApart(lone, hash)) || theirs.some((hash) => isKeptApart(host, hash));
  const isSomebodyElses = host.ownership !== lone.ownership && !ours.includes(lone.content_hash);
  const isWithdrawn = approvalsBeside(host, lone).withdrawn.length > 0;
  return isUntouched(lone) && !isDivided && !isSomebodyElses && !isWithdrawn ? "yes" : "ask";
}

/**
 * The host with the whole of a lone photo, whose picture it shows in better quality: the lone photo's original as a variant that tells
 * why it was joined, and with it the variants that it had. A rule joins only what `mayJoin` says `yes` to, a person all
 * but `never`; null elsewhere. What the owner settled on the lone photo becomes the host's where it has no decision of
 * theirs, and a question where it has another one. Nobody sees more of either photo. `now` is RFC 3339 in UTC.
 */
export function joinPhoto(
  host: PhotoDocument,
  lone: PhotoDocument,
  { role, by, reasons }: Joining,
  now: string,
): PhotoDocument | null {
  const may = mayJoin(host, lone);
  if (may === "never" || (may === "ask" && by === "rule")) return null;
  const { canonical_source, source_of_truth_path, created_at } = lone;
  const held = hashesOf(host);
  const along = (lone.variants ?? []).map(({ content_hash }) => content_hash);
  const brought = along.filter((hash) => !held.includes(hash));
  const settled = decisionsOn(lone, now);
  const joined: Joined = {
    by,
    at: now,
    reasons,
    was: { canonical_source, source_of_truth_path, created_at },
    ...(brought.length > 0 && { with: brought }),
    ...(settled.length > 0 && { settled }),
  };
  return takeIn(host, lone, { role, joined, ...approvalsBeside(host, lone) }, now);
}

/** What a person decided on the photo, values written in by hand among it. */
function decisionsOn(lone: PhotoDocument, now: string) {
  const fields = ownersFields(lone, derive(lone));
  const written = fields.map((field) => ownersDecision(lone, field, now));
  const others = (lone.resolutions ?? []).filter(
    ({ by, field }) => by === "person" && !fields.some((one) => one === field),
  );
  return [...others, ...written];
}
