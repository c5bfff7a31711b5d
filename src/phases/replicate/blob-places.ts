import { copiesOf } from "../../domain/copies.js";
import type { BlobKey } from "../../domain/ids.js";
import type { Instance, Location, PhotoDocument } from "../../domain/photo.js";

/** Where a document says that one of its blobs was found, and under which name. */
export interface BlobPlaces {
  readonly filename: string;
  /** Every place that an instance was found at, the canonical source's first, each once. */
  readonly locations: readonly Location[];
}

function locationsOf(
  instances: Readonly<Record<string, Instance>>,
  canonicalSource: string,
): readonly Location[] {
  const first = canonicalSource.slice(0, canonicalSource.indexOf(":"));
  const services = Object.keys(instances).sort(
    (a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1),
  );
  const found = new Map<string, Location>();
  for (const service of services) {
    for (const copy of copiesOf(instances[service])) {
      for (const location of copy.locations ?? []) {
        found.set(JSON.stringify([location.path, location.entry]), location);
      }
    }
  }
  return [...found.values()];
}

/** The places of the blob with this key; null where the document names no such blob. */
export function placesOf(document: PhotoDocument, key: BlobKey): BlobPlaces | null {
  const { canonical_source, metadata } = document;
  const blob =
    document.blob_key === key
      ? { filename: metadata.filename, instances: document.instances }
      : document.variants?.find((variant) => variant.blob_key === key);
  if (blob === undefined) return null;
  return { filename: blob.filename, locations: locationsOf(blob.instances, canonical_source) };
}
