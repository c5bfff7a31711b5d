import type { Location } from "../../domain/photo.js";
import { toPortable } from "../../infra/portable-path.js";
import type { Finding, FoundFile, FoundInstance } from "../../ports/photo-source.js";

/** The finding with its places as the library writes them down. */
export function portableFinding(libraryRoot: string, finding: Finding): Finding {
  const place = (location: Location): Location => ({
    ...location,
    path: toPortable(libraryRoot, location.path),
  });
  const file = (found: FoundFile): FoundFile => ({ ...found, locations: found.locations.map(place) });
  const all = (instances: readonly FoundInstance[]): readonly FoundInstance[] =>
    instances.map((instance) => ({ ...instance, locations: instance.locations.map(place) }));
  return {
    ...finding,
    original: file(finding.original),
    instances: all(finding.instances),
    variants: finding.variants.map((variant) => ({
      ...variant,
      file: file(variant.file),
      instances: all(variant.instances),
    })),
  };
}
