import { copiesOf } from "./copies.js";
import type { InstanceFound } from "./finding.js";
import type { Instance, InstanceCopy, Location } from "./photo.js";
import { own, sameJson, withEntry } from "./same-json.js";

export type Instances = Readonly<Record<string, Instance>>;

function copyOf(found: InstanceFound, now: string): InstanceCopy {
  return {
    id: found.id,
    quality: found.quality,
    last_sync: now,
    visibility: found.visibility,
    ...(found.url !== undefined && { url: found.url }),
    ...(found.locations.length > 0 && { locations: united([], found.locations) }),
    ...(found.bytesStamp !== undefined && { bytes_stamp: found.bytesStamp }),
  };
}

/** The known locations first, in their order, then the new ones; a place is listed once. */
function united(known: readonly Location[], found: readonly Location[]): readonly Location[] {
  const all = [...known];
  for (const place of found) {
    if (!all.some((one) => one.path === place.path && one.entry === place.entry)) all.push(place);
  }
  return all;
}

/** The copy as last seen: what the source no longer tells (a url, a quality) stays as it was known; further copies stay with it. */
function seenAgain(known: Instance, found: InstanceFound, now: string): Instance {
  if (found.isGone === true) return known.gone_since === undefined ? { ...known, gone_since: now } : known;
  const locations = united(known.locations ?? [], found.locations);
  // What an export tells of its own day brings nothing back.
  const { gone_since: goneSince, ...there } = known;
  const seen: Instance = {
    ...there,
    ...(goneSince !== undefined && found.isCurrent !== true && { gone_since: goneSince }),
    quality: found.quality === "unknown" ? known.quality : found.quality,
    visibility: found.visibility,
    ...(found.url !== undefined && { url: found.url }),
    ...(locations.length > 0 && { locations }),
    ...(found.bytesStamp !== undefined && { bytes_stamp: found.bytesStamp }),
  };
  return sameJson(seen, known) ? known : { ...seen, last_sync: now };
}

const holds = (instance: Instance | undefined, id: string): boolean =>
  copiesOf(instance).some((copy) => copy.id === id);

function withSighting(instances: Instances, service: string, found: InstanceFound, now: string): Instances {
  const known = own(instances, service);
  if (found.isGone === true && !holds(known, found.id)) return instances;
  if (known === undefined) return withEntry(instances, service, copyOf(found, now));
  if (known.id === found.id) return withEntry(instances, service, seenAgain(known, found, now));
  const copies = known.copies ?? [];
  const isKnown = copies.some((copy) => copy.id === found.id);
  return withEntry(instances, service, {
    ...known,
    copies: isKnown
      ? copies.map((copy) => (copy.id === found.id ? seenAgain(copy, found, now) : copy))
      : [...copies, copyOf(found, now)],
  });
}

/** One sighting of what a finding lists twice under one id: all its places, for the rest the last word. */
function together(first: InstanceFound, second: InstanceFound): InstanceFound {
  return {
    ...first,
    ...second,
    quality: second.quality === "unknown" ? first.quality : second.quality,
    locations: united(first.locations, second.locations),
  };
}

/**
 * The instances with what a finding saw on a service. The same id is the same copy, brought up to date; another id is a
 * further copy, kept beside the first. Only a copy that is new or changed gets `now` as its `last_sync`; one that is gone keeps all
 * that was known of it.
 */
export function withSightings(
  instances: Instances,
  service: string,
  found: readonly InstanceFound[],
  now: string,
): Instances {
  const byId = new Map<string, InstanceFound>();
  for (const sighting of found) {
    const before = byId.get(sighting.id);
    byId.set(sighting.id, before === undefined ? sighting : together(before, sighting));
  }
  return [...byId.values()].reduce((all, sighting) => withSighting(all, service, sighting, now), instances);
}
