import { visibilityShown } from "../audit.js";
import type { InstanceFound } from "../finding.js";
import { type Sources, sourcesWith } from "../merge-sources.js";
import type {
  Approval,
  Instance,
  InstanceCopy,
  Location,
  PhotoDocument,
  SourceRecord,
  Variant,
} from "../photo.js";
import { own } from "../same-json.js";
import { withExposureOn } from "../seen-visibility.js";
import { mostRestrictive } from "../visibility.js";

const asFound = (record: SourceRecord): InstanceFound => ({
  id: record.id,
  quality: "unknown",
  visibility: "unknown",
  locations: [],
  record,
});

/** The records of both as merging would have gathered them; where both know an id, the host's last word stays last. */
export function unitedSources(host: PhotoDocument, lone: PhotoDocument): Sources {
  const { content_hash: hash, metadata, media } = host;
  const original = { hash, filename: metadata.filename, sizeBytes: media.bytes, locations: [] };
  return Object.entries(host.sources).reduce<Sources>(
    (sources, [service, records]) =>
      sourcesWith(sources, { service, original, instances: records.map(asFound), variants: [] }, new Map()),
    lone.sources,
  );
}

/** Who may see the photo that two become, and who can: the narrower of both, and of the approvals that ended with it. */
export function unitedVisibility(
  host: PhotoDocument,
  lone: PhotoDocument,
  together: Pick<PhotoDocument, "instances" | "variants">,
  withdrawn: readonly Approval[],
): PhotoDocument["visibility"] {
  const [ours, theirs] = [host.visibility.per_service, lone.visibility.per_service];
  const services = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  const per_service = services.reduce(
    (known, service) => withExposureOn(together, service, known),
    Object.fromEntries(
      services.flatMap((service) => {
        const seen = own(ours, service) ?? own(theirs, service);
        return seen === undefined ? [] : [[service, seen]];
      }),
    ),
  );
  const levels = [host.visibility, lone.visibility].map(({ canonical }) => canonical);
  const canonical = mostRestrictive([...levels, ...withdrawn.map(({ visibility }) => visibility)]);
  return visibilityShown(canonical, per_service);
}

function unitedLocations(ours: readonly Location[], theirs: readonly Location[]): readonly Location[] {
  const isHeld = (place: Location): boolean =>
    ours.some((one) => one.path === place.path && one.entry === place.entry);
  return [...ours, ...theirs.filter((place) => !isHeld(place))];
}

function unitedCopy<T extends InstanceCopy>(ours: T, theirs: InstanceCopy): T {
  const { copies: _, ...seen }: Instance = theirs;
  const locations = unitedLocations(ours.locations ?? [], theirs.locations ?? []);
  const latest = seen.last_sync > ours.last_sync ? { ...ours, ...seen } : ours;
  return { ...latest, ...(locations.length > 0 && { locations }) };
}

function withCopy(known: Instance, copy: InstanceCopy): Instance {
  if (known.id === copy.id) return unitedCopy(known, copy);
  const copies = known.copies ?? [];
  const isKnown = copies.some(({ id }) => id === copy.id);
  return {
    ...known,
    copies: isKnown
      ? copies.map((one) => (one.id === copy.id ? unitedCopy(one, copy) : one))
      : [...copies, copy],
  };
}

function unitedInstance(ours: Instance, theirs: Instance): Instance {
  const { copies = [], ...first } = theirs;
  return [first, ...copies].reduce(withCopy, ours);
}

type Held = Pick<Variant, "blob_key" | "instances" | "replicas">;

/**
 * Bytes that two documents hold, as one of them will: every copy of both, and the blob of ours. The other blob's replicas
 * are taken over only where ours was never stored, because a store is asked for one key.
 */
export function unitedBytes(ours: Held, theirs: Held): Held {
  const services = [...new Set([...Object.keys(ours.instances), ...Object.keys(theirs.instances)])];
  const instances = services.flatMap((service): (readonly [string, Instance])[] => {
    const [left, right] = [own(ours.instances, service), own(theirs.instances, service)];
    const instance =
      left === undefined || right === undefined ? (left ?? right) : unitedInstance(left, right);
    return instance === undefined ? [] : [[service, instance]];
  });
  const isStored = Object.keys(ours.replicas).length > 0 || ours.blob_key === theirs.blob_key;
  const { blob_key, replicas } = isStored ? ours : theirs;
  const more = ours.blob_key === theirs.blob_key ? theirs.replicas : {};
  return { blob_key, instances: Object.fromEntries(instances), replicas: { ...more, ...replicas } };
}
