import type { ContentHash } from "../../domain/ids.js";
import { groupBy } from "../../infra/group-by.js";
import type { StreamVerdicts } from "../exports/stream-verdicts.js";
import type { Matches } from "./match-sidecars.js";
import { type MediaFile, type SidecarFile, shownPath } from "./takeout-index.js";

/**
 * Finds the photos of sidecars that lie without them, as some exports have them in albums: by Google's id, else by
 * the same sidecar name with the same title and time elsewhere. What fits two photos is left out.
 */
export function photosOfLoneSidecars(
  sidecars: readonly SidecarFile[],
  matches: Matches,
): ReadonlyMap<SidecarFile, MediaFile> {
  const byId = new Map<string, MediaFile>();
  for (const [{ serviceId }, file] of matches.owners) if (serviceId !== undefined) byId.set(serviceId, file);
  const byName = groupBy(matches.owners.keys(), ({ name }) => name);
  const elsewhere = [...matches.owners].filter(([sidecar, file]) => sidecar.folder !== file.folder);
  const found = new Map<SidecarFile, MediaFile>(elsewhere);
  for (const sidecar of sidecars) {
    if (sidecar.broken || !matches.isFree(sidecar)) continue;
    const file =
      byId.get(sidecar.serviceId ?? "") ?? twinOwner(sidecar, byName.get(sidecar.name) ?? [], matches);
    if (file !== undefined) found.set(sidecar, file);
  }
  return found;
}

function twinOwner(
  sidecar: SidecarFile,
  namesakes: readonly SidecarFile[],
  matches: Matches,
): MediaFile | undefined {
  const owners = namesakes
    .filter((twin) => twin.serviceId === undefined || sidecar.serviceId === undefined)
    .filter((twin) => twin.title === sidecar.title && twin.takenSeconds === sidecar.takenSeconds)
    .filter((twin) => sidecar.takenSeconds !== undefined || twin.hash === sidecar.hash)
    .flatMap((twin) => matches.owners.get(twin) ?? []);
  const [first] = owners;
  return first !== undefined && owners.every(({ hash }) => hash === first.hash) ? first : undefined;
}

/** Their sidecars by the bytes of the photos found. */
export function byPhoto(
  found: ReadonlyMap<SidecarFile, MediaFile>,
): ReadonlyMap<ContentHash, readonly SidecarFile[]> {
  return groupBy(found.keys(), (sidecar) => found.get(sidecar)?.hash ?? sidecar.hash);
}

/** Gives every sidecar its verdict. Returns how many have no photo in the parts given. */
export function settleSidecars(
  sidecars: readonly SidecarFile[],
  matches: Matches,
  found: ReadonlyMap<SidecarFile, MediaFile>,
  verdicts: StreamVerdicts,
): number {
  const borrowers = new Map<SidecarFile, MediaFile>();
  for (const [file, match] of matches.of) if (match.pair.borrowed) borrowers.set(match.file, file);
  let missing = 0;
  for (const sidecar of sidecars) {
    const file = matches.owners.get(sidecar) ?? borrowers.get(sidecar) ?? found.get(sidecar);
    const superseding = matches.superseded.get(sidecar);
    if (file !== undefined) {
      verdicts.settle(
        sidecar.streams,
        "sidecar",
        file.readable ? shownPath(file) : `${shownPath(file)}, unreadable`,
      );
    } else if (superseding !== undefined) {
      verdicts.settle(
        sidecar.streams,
        "sidecar",
        `${shownPath(superseding)}, which has a newer one beside it`,
      );
    } else if (matches.ambiguous.has(sidecar)) {
      verdicts.settle(sidecar.streams, "sidecar", "fits more than one photo, so it was given to none");
    } else {
      verdicts.settle(sidecar.streams, "sidecar", "its photo is not in these parts");
      if (!sidecar.broken) missing += sidecar.streams.length;
    }
  }
  return missing;
}
