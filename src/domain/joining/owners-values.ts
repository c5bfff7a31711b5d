import type { Derived, Marks } from "../derive.js";
import { joinedSpeaker } from "../discrepancy.js";
import { isMetadataField } from "../fields.js";
import { followSources, reopening } from "../follow.js";
import type { PhotoId } from "../ids.js";
import type { Conflict, PhotoDocument, Resolution } from "../photo.js";
import { withResolution } from "../resolve.js";
import { type Holding, heldValue, holdingOf, nothingOf, withValue } from "../ruled-fields.js";
import { sameJson } from "../same-json.js";
import type { RuledField } from "../settling/value-rule.js";
import type { Evidence } from "../witnesses.js";
import { ownersDecision, ownersFields, ownersFlags } from "./owners-hand.js";

/** The resolution's `rule` for what was settled for a photo before it became a variant. */
export const settledOn = (photoId: PhotoId): string => `settled on photo ${photoId}`;

type Followed = Holding & Pick<PhotoDocument, "conflicts" | "resolutions">;
type Flags = Omit<Marks, "albums" | "people">;

/** A photo that takes another one in, what both come to, and what each one's own sources gave. */
export interface Union {
  readonly host: PhotoDocument;
  readonly lone: PhotoDocument;
  readonly evidence: Evidence;
  readonly derived: { readonly host: Derived; readonly lone: Derived; readonly after: Derived };
}

/** The question which of two values that the owner settled on is to stand: what sources say is listed as well. */
function twiceSettled({ evidence, lone }: Union, united: Followed, field: RuledField): Conflict {
  const known = united.conflicts.find((one) => one.field === field);
  const other = heldValue(lone, field) ?? nothingOf(field);
  return reopening(evidence, holdingOf(united), field, {
    ...known?.values,
    [joinedSpeaker(lone.photo_id)]: other,
  });
}

/**
 * What following the sources made of the host, with the values that the owner gave the lone photo: they become the host's
 * where it has none of the owner's, and are asked about where it has another one; albums and people are united.
 */
export function withOwnersValues(followed: Followed, union: Union, now: string): Followed {
  const { host, lone, evidence, derived } = union;
  const ours = ownersFields(host, derived.host);
  const theirs = followSources(lone, evidence, { before: derived.lone, after: derived.after });
  const withOwnersValue = (united: Followed, field: RuledField): Followed => {
    const rest = united.conflicts.filter((one) => one.field !== field);
    if (ours.includes(field)) {
      const [held, other] = [heldValue(united, field), heldValue(lone, field)];
      if (sameJson(held, other)) return united;
      // Nobody is asked about albums and people: all of them can be true.
      if (!isMetadataField(field)) {
        const both = [held ?? [], other ?? []].flat();
        return { ...united, ...withValue(holdingOf(united), field, both) };
      }
      return { ...united, conflicts: [...rest, twiceSettled(union, united, field)] };
    }
    const value = heldValue(theirs, field) ?? nothingOf(field);
    const decision: Resolution = {
      ...ownersDecision(lone, field, now),
      rule: settledOn(lone.photo_id),
      value,
    };
    return {
      ...(withValue(holdingOf(united), field, value) ?? holdingOf(united)),
      conflicts: [...rest, ...theirs.conflicts.filter((one) => one.field === field)],
      resolutions: withResolution(united.resolutions, decision),
    };
  };
  return ownersFields(lone, derived.lone).reduce(withOwnersValue, followed);
}

/** The host's flags as they follow the sources, with those of the lone photo that the owner changed by hand. */
export function withOwnersFlags(followed: Flags, { host, lone, derived }: Union): Flags {
  const changed = ownersFlags(lone, derived.lone).filter((key) => host[key] === derived.host.marks[key]);
  const kept = Object.entries(followed).filter(([key]) => !changed.some((flag) => flag === key));
  const given = changed.flatMap((key) => (lone[key] === undefined ? [] : [[key, lone[key]]]));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(given) };
}
