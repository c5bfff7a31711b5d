import { copiesIn, isRendition } from "./copies.js";
import { derive } from "./derive.js";
import type { Instance, PhotoDocument } from "./photo.js";
import { RULED_FIELDS, sayingsOn } from "./ruled-fields.js";
import { levelsSeenOn } from "./seen-visibility.js";

const servicesOf = (instances: Readonly<Record<string, Instance>>): readonly string[] =>
  Object.keys(instances).sort();

/**
 * What of a document bears on resolving or replicating: what the sources say, what follows from it, which services hold
 * which bytes, and who can see them. Two documents with equal bearing need no new look from the later phases; places,
 * urls and further copies of the same kind make no difference. Compare with `sameJson`.
 */
export function bearingOf(document: PhotoDocument): unknown {
  const services = new Set(
    [document, ...(document.variants ?? [])].flatMap(({ instances }) => servicesOf(instances)),
  );
  return {
    derived: derive(document),
    metadata: document.metadata,
    marks: [document.albums, document.people, document.favorite, document.archived, document.trashed],
    said: RULED_FIELDS.map((field) => [
      ...new Set(sayingsOn(document, field).map(({ source, value }) => `${source} ${JSON.stringify(value)}`)),
    ]),
    asked: document.conflicts.map(({ field }) => field),
    original: servicesOf(document.instances),
    variants: (document.variants ?? []).map(({ content_hash, role, instances }) => ({
      content_hash,
      role,
      services: servicesOf(instances),
    })),
    isOriginalKnown: [document, ...(document.variants ?? [])].some(
      ({ instances }) => !copiesIn(instances).every(isRendition),
    ),
    levels: [...services].sort().map((service) => [...new Set(levelsSeenOn(document, service))].sort()),
  };
}
