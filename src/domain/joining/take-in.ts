import { derive } from "../derive.js";
import { followMarks, followSources } from "../follow.js";
import { isIdentityConflict, otherOf } from "../identity/identity-field.js";
import type { Approval, Joined, PhotoDocument, Variant, VariantRole } from "../photo.js";
import { holdingOf } from "../ruled-fields.js";
import { hashesOf } from "./apart.js";
import { settledOn, type Union, withOwnersFlags, withOwnersValues } from "./owners-values.js";
import { unitedBytes, unitedSources, unitedVisibility } from "./united.js";

/** How one photo becomes part of another. */
export interface TakingIn {
  readonly role: VariantRole;
  readonly joined?: Joined;
  /** The host's approvals afterwards, and those that ended. */
  readonly approvals: readonly Approval[];
  readonly withdrawn: readonly Approval[];
}

function asVariant(
  { content_hash, metadata, media, blob_key, instances, replicas }: PhotoDocument,
  how: TakingIn,
) {
  const { role, joined } = how;
  const { filename } = metadata;
  const variant: Variant = {
    content_hash,
    role,
    filename,
    ...(joined !== undefined && { joined }),
    media,
    blob_key,
    instances,
    replicas,
  };
  return variant;
}

type Parts = Pick<PhotoDocument, "content_hash" | "blob_key" | "instances" | "replicas"> & {
  readonly variants: readonly Variant[];
};

/** The host's bytes with some more; those that it holds already gain the copies that were found elsewhere. */
function withPart(host: Parts, part: Variant): Parts {
  if (host.content_hash === part.content_hash) return { ...host, ...unitedBytes(host, part) };
  const isHeld = host.variants.some(({ content_hash }) => content_hash === part.content_hash);
  return {
    ...host,
    variants: isHeld
      ? host.variants.map((one) =>
          one.content_hash === part.content_hash ? { ...one, ...unitedBytes(one, part) } : one,
        )
      : [...host.variants, part],
  };
}

/** What both photos were told of other pictures; nothing of the bytes that are now the photo's own. */
function aboutOthers(
  { host, lone }: Union,
  united: Pick<PhotoDocument, "conflicts" | "resolutions">,
  own: readonly string[],
): Pick<PhotoDocument, "conflicts" | "resolutions"> {
  const isOwn = ({ field }: { readonly field: string }): boolean => own.includes(otherOf(field) ?? "");
  const isNew = ({ field }: { readonly field: string }): boolean =>
    !isOwn({ field }) && ![...host.conflicts, ...(host.resolutions ?? [])].some((one) => one.field === field);
  const decided = (lone.resolutions ?? []).filter(
    (one) => one.by === "person" && isIdentityConflict(one) && isNew(one),
  );
  const asked = lone.conflicts.filter((one) => isIdentityConflict(one) && isNew(one));
  const resolutions = [
    ...(united.resolutions ?? []).filter((one) => !isOwn(one)),
    ...decided.map((one) => ({ ...one, rule: settledOn(lone.photo_id) })),
  ];
  return {
    conflicts: [...united.conflicts.filter((one) => !isOwn(one)), ...asked],
    ...((united.resolutions !== undefined || resolutions.length > 0) && { resolutions }),
  };
}

/**
 * The host with the whole of a lone photo as its variants: bytes under the blob keys that their blobs already have,
 * instances, replicas and source records. Canonical fields and marks follow the united sources as in `mergeFinding`;
 * visibility becomes the narrower of the two, and the host is to be resolved and replicated anew. Whether the two may be
 * one is not asked here. `now` is RFC 3339 in UTC.
 */
export function takeIn(host: PhotoDocument, lone: PhotoDocument, how: TakingIn, now: string): PhotoDocument {
  const known: Parts = { ...host, variants: host.variants ?? [] };
  const parts = [asVariant(lone, how), ...(lone.variants ?? [])].reduce(withPart, known);
  const { blob_key, instances, replicas, variants } = parts;
  const sources = unitedSources(host, lone);
  const evidence = { content_hash: host.content_hash, instances, variants, sources };
  const derived = { host: derive(host), lone: derive(lone), after: derive(evidence) };
  const union: Union = { host, lone, evidence, derived };
  const change = { before: derived.host, after: derived.after };
  const { albums, people, favorite, archived, trashed, ownership, ...others } = host;
  const { resolutions: _, approvals: __, ...rest } = others;
  const followed = withOwnersValues(followSources(host, evidence, change), union, now);
  return {
    ...rest,
    ...holdingOf(followed),
    ...aboutOthers(union, followed, hashesOf(evidence)),
    ...withOwnersFlags(followMarks(host, change), union),
    visibility: unitedVisibility(host, lone, evidence, how.withdrawn),
    processing_state: "discovered",
    ...(how.approvals.length > 0 && { approvals: how.approvals }),
    ...(variants.length > 0 && { variants }),
    blob_key,
    instances,
    replicas,
    sources,
    updated_at: now,
  };
}
