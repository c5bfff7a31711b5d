import { discrepancies } from "../../../src/domain/discrepancy.js";
import type { Instance, PhotoDocument } from "../../../src/domain/photo.js";
import { byCodeUnit } from "../../../src/domain/same-json.js";

const idsOf = (instances: Readonly<Record<string, Instance>>) =>
  Object.entries(instances)
    .flatMap(([service, instance]) =>
      [instance, ...(instance.copies ?? [])].map(
        ({ id, locations }) => `${service} ${id} ${JSON.stringify(locations)}`,
      ),
    )
    .sort(byCodeUnit);

/** Everything of a document that must not depend on the order in which findings come. */
export const essence = (document: PhotoDocument) => ({
  metadata: document.metadata,
  albums: document.albums,
  people: document.people,
  favorite: document.favorite,
  ownership: document.ownership,
  per_service: document.visibility.per_service,
  discrepancies: discrepancies(document),
  instances: idsOf(document.instances),
  variants: (document.variants ?? [])
    .map(({ content_hash, role, instances }) => ({ content_hash, role, instances: idsOf(instances) }))
    .sort((a, b) => byCodeUnit(a.content_hash, b.content_hash)),
  sources: Object.entries(document.sources)
    .map(([source, records]) => ({
      source,
      records: records.map((one) => JSON.stringify(one)).sort(byCodeUnit),
    }))
    .sort((a, b) => byCodeUnit(a.source, b.source)),
});
