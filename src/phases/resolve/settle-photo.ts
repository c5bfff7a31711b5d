import type { ContentHash } from "../../domain/ids.js";
import { withIdentityConflicts } from "../../domain/joining/ask.js";
import { joinPhoto } from "../../domain/joining/join.js";
import type { Conflict, Media, PhotoDocument } from "../../domain/photo.js";
import { type Resolved, resolveDocument } from "../../domain/resolve.js";
import { sameJson } from "../../domain/same-json.js";
import type { ServiceView } from "../../domain/service-wishes.js";
import type { IdentityIndex } from "../../ports/identity-index.js";
import type { Member } from "./resolve-step.js";

export interface SettleDeps {
  readonly enabledRules: readonly string[];
  /** The accounts that photos are uploaded to. */
  readonly services: readonly ServiceView[];
  readonly index: Pick<IdentityIndex, "look">;
  readonly now: string;
}

/** The document with the perceptual hashes of those of its pictures that were looked at. */
function withLooks(document: PhotoDocument, index: SettleDeps["index"]): PhotoDocument {
  const seen = <T extends { readonly content_hash: ContentHash; readonly media: Media }>(blob: T): T => {
    const perceptual_hash = index.look(blob.content_hash)?.hash;
    if (perceptual_hash === undefined || blob.media.perceptual_hash === perceptual_hash) return blob;
    return { ...blob, media: { ...blob.media, perceptual_hash } };
  };
  const { variants } = document;
  const looked = variants?.map(seen);
  const isSame = looked?.every((variant, at) => variant === variants?.[at]) ?? true;
  const original = seen(document);
  return isSame || looked === undefined ? original : { ...original, variants: looked };
}

/** The photo with its members joined to it; null where no rule may join one of them. */
export const withMembers = (
  host: PhotoDocument,
  members: readonly { readonly document: PhotoDocument; readonly member: Member }[],
  now: string,
): PhotoDocument | null =>
  members.reduce<PhotoDocument | null>(
    (joined, { document, member: { role, reasons } }) =>
      joined === null ? null : joinPhoto(joined, document, { role, by: "rule", reasons }, now),
    host,
  );

/** Settles a document, whose members have joined it, with these questions on other pictures; see `resolveDocument`. */
export function settlePhoto(
  document: PhotoDocument,
  asked: readonly Conflict[],
  { index, ...deps }: SettleDeps,
): Resolved {
  const prepared = withLooks(withIdentityConflicts(document, asked, deps.now), index);
  if (sameJson(prepared, document)) return resolveDocument(document, deps);
  const resolved = resolveDocument(prepared, deps);
  if (resolved.document !== prepared) return resolved;
  return { ...resolved, document: { ...prepared, updated_at: deps.now } };
}
