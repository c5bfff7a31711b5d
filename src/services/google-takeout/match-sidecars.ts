import { parseTakenDate } from "../../domain/taken-date.js";
import { groupBy } from "../../infra/group-by.js";
import type { FolderRoles } from "./folder-roles.js";
import { type Pairing, pairSidecars, type SidecarPair } from "./pair-sidecars.js";
import { sidecarCandidates } from "./sidecar-names.js";
import { type MediaFile, type SidecarFile, shownPath } from "./takeout-index.js";
import { titleFits } from "./title-fit.js";

export interface Match {
  readonly file: SidecarFile;
  readonly pair: Omit<SidecarPair, "sidecar">;
}

/** Which sidecar speaks of which media file, over all folders and exports. */
export class Matches {
  readonly of = new Map<MediaFile, Match>();
  readonly owners = new Map<SidecarFile, MediaFile>();
  readonly superseded = new Map<SidecarFile, MediaFile>();
  /** Sidecars that rivals fit; their notes say so. */
  readonly ambiguous = new Set<SidecarFile>();
  readonly notes: string[] = [];

  /** True for a sidecar that speaks of no media file yet. */
  isFree(sidecar: SidecarFile): boolean {
    return !this.owners.has(sidecar) && !this.superseded.has(sidecar) && !this.ambiguous.has(sidecar);
  }
}

/** Files with one name in one folder; more than one where their bytes differ. */
type ByName<T> = ReadonlyMap<string, readonly T[]>;

/**
 * Pairs by name inside each folder of each export, then what is left inside each folder over all exports given, then
 * over folders (a sidecar can lie in the album while its photo lies in the year folder, or the other way round).
 */
export function matchSidecars(
  media: readonly MediaFile[],
  sidecars: readonly SidecarFile[],
  roles: FolderRoles,
): Matches {
  const matches = new Matches();
  const inOneExport = ({ set, folder }: MediaFile | SidecarFile) => `${set}\0${folder}`;
  matchGroups(media, sidecars, inOneExport, matches);
  const free = (files: readonly SidecarFile[]) => files.filter((sidecar) => matches.isFree(sidecar));
  const lone = (files: readonly MediaFile[]) => files.filter((file) => !matches.of.has(file));
  if (new Set([...media, ...sidecars].map(({ set }) => set)).size > 1) {
    matchGroups(lone(media), free(sidecars), ({ folder }) => folder, matches);
  }
  matchOverFolders(lone(media), free(sidecars), roles, matches);
  return matches;
}

function matchGroups(
  media: readonly MediaFile[],
  sidecars: readonly SidecarFile[],
  groupOf: (file: MediaFile | SidecarFile) => string,
  matches: Matches,
): void {
  const sidecarGroups = groupBy(sidecars, groupOf);
  for (const [group, files] of groupBy(media, groupOf)) {
    const found = sidecarGroups.get(group);
    if (found !== undefined) matchFolder(files, found, matches);
  }
}

function matchFolder(media: readonly MediaFile[], sidecars: readonly SidecarFile[], matches: Matches): void {
  const mediaByName = groupBy(media, ({ name }) => name);
  const sidecarByName = new Map<string, SidecarFile>();
  for (const [name, files] of groupBy(sidecars, (file) => file.name)) {
    const newest = [...files].sort((a, b) => (a.set < b.set ? -1 : 1)).at(-1);
    if (newest === undefined) continue;
    if (files.some((file) => file.hash !== newest.hash && !isAboutTheSame(file, newest))) {
      for (const file of files) matches.ambiguous.add(file);
      matches.notes.push(`${shownPath(newest)}: different sidecars have this name; none of them was used.`);
    } else sidecarByName.set(name, newest);
  }
  const names = [...sidecarByName].map(([name, { title }]) => ({
    name,
    ...(title === undefined ? {} : { title }),
  }));
  record(pairSidecars([...mediaByName.keys()], names), mediaByName, sidecarByName, matches);
}

const isAboutTheSame = (a: SidecarFile, b: SidecarFile): boolean =>
  a.serviceId !== undefined && a.serviceId === b.serviceId;

function record(
  pairing: Pairing,
  mediaByName: ByName<MediaFile>,
  sidecarByName: ReadonlyMap<string, SidecarFile>,
  matches: Matches,
): void {
  for (const [mediaName, pair] of pairing.pairs) {
    const files = mediaByName.get(mediaName) ?? [];
    const sidecar = sidecarByName.get(pair.sidecar);
    const [file] = files;
    if (sidecar === undefined || file === undefined) continue;
    if (new Set(files.map(({ hash }) => hash)).size > 1) {
      matches.ambiguous.add(sidecar);
      matches.notes.push(
        `${shownPath(file)}: different photos have this name; none was given ${sidecar.name}.`,
      );
      continue;
    }
    for (const each of files) matches.of.set(each, { file: sidecar, pair });
    if (!pair.borrowed) matches.owners.set(sidecar, file);
  }
  for (const [name, mediaName] of pairing.superseded) {
    const sidecar = sidecarByName.get(name);
    const file = mediaByName.get(mediaName)?.[0];
    if (sidecar !== undefined && file !== undefined) matches.superseded.set(sidecar, file);
  }
  for (const { media, sidecars } of pairing.ambiguities) {
    for (const name of sidecars) {
      const sidecar = sidecarByName.get(name);
      if (sidecar !== undefined && !matches.owners.has(sidecar)) matches.ambiguous.add(sidecar);
    }
    const folder = mediaByName.get(media[0] ?? "")?.[0]?.folder ?? "";
    matches.notes.push(
      `${folder}: ${media.join(" and ")} and ${sidecars.join(" and ")} fit each other equally well; none was paired.`,
    );
  }
}

function matchOverFolders(
  media: readonly MediaFile[],
  sidecars: readonly SidecarFile[],
  roles: FolderRoles,
  matches: Matches,
): void {
  const byName = groupBy(
    sidecars.filter(({ broken }) => !broken),
    ({ name }) => name,
  );
  const claims = new Map<SidecarFile, { readonly file: MediaFile; readonly rule: SidecarPair["rule"] }[]>();
  for (const file of media) {
    for (const { name, rule } of sidecarCandidates(file.name)) {
      if (rule === 5) break;
      const hits = (byName.get(name) ?? []).filter((sidecar) => canSpeakOf(sidecar, file, roles));
      const [hit] = hits;
      if (hit === undefined) continue;
      if (hits.every((other) => other.hash === hit.hash || isAboutTheSame(other, hit))) {
        claims.set(hit, [...(claims.get(hit) ?? []), { file, rule }]);
      } else {
        const places = hits.map(shownPath).join(" and ");
        matches.notes.push(`${shownPath(file)}: ${places} fit it equally well; none was paired.`);
      }
      break;
    }
  }
  for (const [sidecar, rivals] of claims) {
    if (new Set(rivals.map(({ file }) => file.hash)).size > 1) {
      matches.ambiguous.add(sidecar);
      const places = rivals.map(({ file }) => shownPath(file)).join(" and ");
      matches.notes.push(`${shownPath(sidecar)} fits ${places} equally well; none was paired.`);
      continue;
    }
    for (const { file, rule } of rivals) {
      matches.of.set(file, { file: sidecar, pair: { rule, borrowed: false, titleAgrees: true } });
      matches.owners.set(sidecar, file);
    }
  }
}

const DAY_SECONDS = 86_400;

/** Across folders a name alone proves little (every camera counts from 1): title and date must not speak against it. */
function canSpeakOf(sidecar: SidecarFile, file: MediaFile, roles: FolderRoles): boolean {
  if (sidecar.title !== undefined && !titleFits(sidecar.title, file.name)) return false;
  const role = roles.roleOf(file.set, file.folder);
  if (role.kind === "year") {
    if (sidecar.takenSeconds === undefined) return false;
    const years = [-1, 1].map((days) => yearOf((sidecar.takenSeconds ?? 0) + days * DAY_SECONDS));
    return years.includes(role.year);
  }
  const taken = file.traits?.takenDate === undefined ? null : parseTakenDate(file.traits.takenDate);
  if (taken === null || sidecar.takenSeconds === undefined) return true;
  return Math.abs(taken.wallClockMs / 1000 - sidecar.takenSeconds) <= DAY_SECONDS;
}

const yearOf = (seconds: number): number => new Date(seconds * 1000).getUTCFullYear();
