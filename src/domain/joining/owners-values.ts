import { conflictOf } from "../conflict.js";
import type { Derived, Marks } from "../derive.js";
import { CANONICAL_SPEAKER, discrepancyOf, joinedSpeaker } from "../discrepancy.js";
import { canonicalValue, FIELD_RULES, type MetadataField } from "../fields.js";
import { followSources } from "../follow.js";
import type { PhotoId } from "../ids.js";
import type { Conflict, PhotoDocument, Resolution } from "../photo.js";
import { withResolution } from "../resolve.js";
import { nothingOf } from "../ruled-fields.js";
import { byCodeUnit, sameJson } from "../same-json.js";
import type { Evidence } from "../witnesses.js";
import { ownersDecision, ownersFields, ownersMarks } from "./owners-hand.js";

/** The resolution's `rule` for what was settled for a photo before it became a variant. */
export const settledOn = (photoId: PhotoId): string => `settled on photo ${photoId}`;

type Followed = Pick<PhotoDocument, "metadata" | "conflicts" | "resolutions">;

/** A photo that takes another one in, what both come to, and what each one's own sources gave. */
export interface Union {
  readonly host: PhotoDocument;
  readonly lone: PhotoDocument;
  readonly evidence: Evidence;
  readonly derived: { readonly host: Derived; readonly lone: Derived; readonly after: Derived };
}

const without = (conflicts: readonly Conflict[], field: string): readonly Conflict[] =>
  conflicts.filter((one) => one.field !== field);

/** The question which of two values that the owner settled on is to stand: what sources say is listed as well. */
function twiceSettled({ evidence, lone }: Union, followed: Followed, field: MetadataField): Conflict {
  const { metadata, conflicts } = followed;
  const known = conflicts.find((one) => one.field === field);
  const values = {
    ...known?.values,
    [CANONICAL_SPEAKER]: canonicalValue(metadata, field) ?? nothingOf(field),
    [joinedSpeaker(lone.photo_id)]: canonicalValue(lone.metadata, field) ?? nothingOf(field),
  };
  const services = Object.keys(values).sort(byCodeUnit);
  const question: Conflict = {
    type: "metadata_mismatch",
    field,
    description: "",
    services,
    values,
    resolution_required: true,
  };
  const discrepancy = discrepancyOf({ ...evidence, metadata, conflicts: [question] }, field);
  return discrepancy === null ? question : conflictOf(discrepancy);
}

/**
 * What following the sources made of the host, with the values that the owner gave the lone photo: they become the host's
 * where it has none of the owner's, and are asked about where it has another one.
 */
export function withOwnersValues(followed: Followed, union: Union, now: string): Followed {
  const { host, lone, evidence, derived } = union;
  const ours = ownersFields(host, derived.host);
  const theirs = followSources(lone, evidence, { before: derived.lone, after: derived.after });
  const withOwnersValue = (united: Followed, field: MetadataField): Followed => {
    const value = canonicalValue(lone.metadata, field);
    const rest = without(united.conflicts, field);
    if (ours.includes(field)) {
      if (sameJson(canonicalValue(united.metadata, field), value)) return united;
      return { ...united, conflicts: [...rest, twiceSettled(union, united, field)] };
    }
    const decision: Resolution = { ...ownersDecision(lone, field, now), rule: settledOn(lone.photo_id) };
    const asked = theirs.conflicts.filter((one) => one.field === field);
    return {
      metadata: FIELD_RULES[field].write(united.metadata, value) ?? united.metadata,
      conflicts: [...rest, ...asked],
      resolutions: withResolution(united.resolutions, decision),
    };
  };
  return ownersFields(lone, derived.lone).reduce(withOwnersValue, followed);
}

/** The host's lists and flags as they follow the sources, with what the owner changed in the lone photo's by hand. */
export function withOwnersMarks(followed: Marks, { host, lone, derived }: Union): Marks {
  const changed = ownersMarks(lone, derived.lone);
  const names = (key: "albums" | "people"): readonly string[] => {
    const now = followed[key] ?? [];
    if (!changed.includes(key)) return now;
    const [held, given] = [lone[key] ?? [], derived.lone.marks[key] ?? []];
    const added = held.filter((name) => !given.includes(name));
    const isRemoved = (name: string): boolean =>
      given.includes(name) && !held.includes(name) && host[key]?.includes(name) !== true;
    return [...new Set([...now.filter((name) => !isRemoved(name)), ...added])].toSorted(byCodeUnit);
  };
  const flags = (["favorite", "archived", "trashed", "ownership"] as const).filter(
    (key) => changed.includes(key) && host[key] === derived.host.marks[key],
  );
  const { albums: _, people: __, ...rest } = followed;
  const [albums, people] = [names("albums"), names("people")];
  const kept = Object.entries(rest).filter(([key]) => !flags.some((flag) => flag === key));
  return {
    ...(albums.length > 0 && { albums }),
    ...(people.length > 0 && { people }),
    ...Object.fromEntries(kept),
    ...Object.fromEntries(flags.flatMap((key) => (lone[key] === undefined ? [] : [[key, lone[key]]]))),
  };
}
