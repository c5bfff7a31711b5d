import type { ContentHash } from "../../domain/ids.js";
import type { Facts, Location } from "../../domain/photo.js";
import { groupBy } from "../../infra/group-by.js";
import { isJsonRecord, type JsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import type { Examined, FoundFile, FoundInstance } from "../../ports/photo-source.js";
import type { FolderRoles } from "./folder-roles.js";
import type { Match, Matches } from "./match-sidecars.js";
import { photoUrlOf } from "./service-id.js";
import { sidecarFacts } from "./sidecar-facts.js";
import { type MediaFile, type SidecarFile, shownPath } from "./takeout-index.js";

/** What is known of all files together, for telling one photo's instances. */
export interface TakeoutView {
  readonly examined: readonly Examined[];
  readonly roles: FolderRoles;
  readonly matches: Matches;
  /** Album sidecars whose photo lies in a year folder only, by that photo's bytes. */
  readonly albumSidecars: ReadonlyMap<ContentHash, readonly SidecarFile[]>;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
}

/** One item of Google Photos among the files with equal bytes. */
export interface Copies {
  readonly id: string;
  readonly files: readonly MediaFile[];
  readonly match?: Match;
  /** Further sidecars of the item with other words, an earlier export's before a later one's. */
  readonly earlier: readonly Match[];
}

const isYear = (file: MediaFile, view: TakeoutView): boolean =>
  view.roles.roleOf(file.set, file.folder).kind === "year";

/** Year folders first, because every photo is there under a path that later exports repeat; then by path. */
export function inReadingOrder(files: readonly MediaFile[], view: TakeoutView): MediaFile[] {
  const keyed = files.map((file) => ({
    file,
    key: `${isYear(file, view) ? 0 : 1}${shownPath(file)}\0${file.set}`,
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ file }) => file);
}

/** Every place of the bytes; first what can be opened at any point, which in a tar takes reading up to it. */
export function locationsOf(files: readonly MediaFile[], view: TakeoutView): Location[] {
  const rank = ({ path, entry }: Location) => (entry === undefined ? 0 : /\.zip$/i.test(path) ? 1 : 2);
  return inReadingOrder(files, view)
    .flatMap(({ streams }) => streams)
    .flatMap((stream) => view.examined[stream]?.location ?? [])
    .map((location, index) => ({ location, index }))
    .sort((a, b) => rank(a.location) - rank(b.location) || a.index - b.index)
    .map(({ location }) => location);
}

/** The file that stands for equal bytes of a photo. `files` holds at least one. */
export function foundFile(files: readonly MediaFile[], view: TakeoutView): FoundFile {
  const [first] = inReadingOrder(files, view);
  if (first === undefined) throw new RangeError("no files");
  const { hash, name, sizeBytes } = first;
  return { hash, filename: name, sizeBytes, locations: locationsOf(files, view) };
}

/**
 * The sidecars of these files, the one that speaks last: usable ones after broken ones, own after borrowed, a later
 * export's after an earlier one's. Of equal bytes one is enough.
 */
function inSpeakingOrder(files: readonly MediaFile[], matches: Matches): Match[] {
  const found = files.flatMap((file) => matches.of.get(file) ?? []);
  const score = ({ file, pair }: Match) => `${file.broken ? 0 : 1}${pair.borrowed ? 0 : 1}${file.set}`;
  const scored = found.map((match, index) => ({ match, index, score: score(match) }));
  scored.sort((a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : b.index - a.index));
  const last = new Map(scored.map(({ match }) => [match.file.hash, match]));
  return scored.map(({ match }) => match).filter((match) => last.get(match.file.hash) === match);
}

/**
 * Tells the items of Google Photos apart that hold the same bytes: by the id in their sidecars, else by file name. A
 * copy without a sidecar joins the item of its name, or the only one that there is.
 */
export function copiesOf(files: readonly MediaFile[], view: TakeoutView): Copies[] {
  const ordered = inReadingOrder(files, view);
  const idOf = (file: MediaFile) => view.matches.of.get(file)?.file.serviceId;
  const groups = groupBy(
    ordered.filter((file) => idOf(file) !== undefined),
    (file) => idOf(file) ?? "",
  );
  const unnamed: MediaFile[] = [];
  for (const file of ordered.filter((each) => idOf(each) === undefined)) {
    const all = [...groups.values()];
    const home =
      all.find((group) => group.some(({ name }) => name === file.name)) ??
      (all.length === 1 ? all[0] : undefined);
    if (home === undefined) unnamed.push(file);
    else home.push(file);
  }
  for (const group of groupBy(unnamed, ({ name }) => name).values()) {
    const [first] = group;
    if (first !== undefined) groups.set(shownPath(first), group);
  }
  return [...groups].map(([id, group]) => {
    const matches = inSpeakingOrder(group, view.matches);
    const match = matches.at(-1);
    const earlier = matches.slice(0, -1).filter(({ file }) => !file.broken);
    return { id, files: group, earlier, ...(match === undefined ? {} : { match }) };
  });
}

/** Albums and flags that the folders of these files tell of the item `id`. */
function folderFacts(id: string, files: readonly MediaFile[], view: TakeoutView): Facts {
  const alone = [...new Set(files.map(({ hash }) => hash))]
    .flatMap((hash) => view.albumSidecars.get(hash) ?? [])
    .filter(({ serviceId }) => serviceId === undefined || serviceId === id);
  const places: readonly { readonly set: string; readonly folder: string }[] = [...files, ...alone];
  const roles = places.map(({ set, folder }) => view.roles.roleOf(set, folder));
  const albums = roles.flatMap((role) =>
    role.kind === "album" && role.title !== undefined ? [role.title] : [],
  );
  const isIn = (special: string) => roles.some((role) => role.kind === "special" && role.special === special);
  return {
    ...(albums.length === 0 ? {} : { albums: [...new Set(albums)].sort() }),
    ...(isIn("archived") ? { archived: true } : {}),
    ...(isIn("trashed") ? { trashed: true } : {}),
  };
}

/**
 * One instance: the sidecar's facts go before what folders tell, and its JSON is kept as it stands. The sidecar is
 * read again here, for holding all of them would not fit. `kin` are versions that have no record of their own; their
 * albums count as this instance's.
 */
export async function foundInstance(
  copies: Copies,
  kin: readonly MediaFile[],
  withRecord: boolean,
  view: TakeoutView,
): Promise<FoundInstance> {
  const sidecar = copies.match === undefined ? null : await readSidecar(copies.match, view);
  const url = sidecar === null ? undefined : photoUrlOf(sidecar);
  const fromFolders = folderFacts(copies.id, [...copies.files, ...kin], view);
  const told = sidecar === null ? { facts: {}, raw: {} } : sidecarFacts(sidecar);
  const warnings = [...(told.facts.warnings ?? []), ...matchWarnings(copies)];
  const facts: Facts = { ...fromFolders, ...told.facts, ...(warnings.length === 0 ? {} : { warnings }) };
  const saysSomething = withRecord && (sidecar !== null || Object.keys(facts).length > 0);
  return {
    id: copies.id,
    ...(url === undefined ? {} : { url }),
    // Takeout gives the uploaded bytes, or Google's recompressed ones for "storage saver", and tells nowhere which.
    quality: "original",
    visibility: "unknown",
    locations: locationsOf(copies.files, view),
    record: saysSomething ? { id: copies.id, facts, raw: told.raw } : null,
  };
}

/**
 * The same instance once more for each further sidecar of it that says something else, to stand before `foundInstance`:
 * what an earlier export said is kept, and the last one speaks.
 */
export async function earlierInstances(copies: Copies, view: TakeoutView): Promise<FoundInstance[]> {
  const instances: FoundInstance[] = [];
  for (const match of copies.earlier) {
    const sidecar = await readSidecar(match, view);
    if (sidecar === null) continue;
    const record = { id: copies.id, ...sidecarFacts(sidecar) };
    const locations = locationsOf(copies.files, view);
    instances.push({ id: copies.id, quality: "original", visibility: "unknown", locations, record });
  }
  return instances;
}

async function readSidecar({ file }: Match, view: TakeoutView): Promise<JsonRecord | null> {
  if (file.broken) return null;
  const parsed = parseJsonBytes(await view.readSmall(file.hash));
  return parsed !== null && isJsonRecord(parsed.value) ? parsed.value : null;
}

function matchWarnings({ match }: Copies): string[] {
  if (match === undefined) return [];
  if (match.file.broken) return [`Takeout: the sidecar ${shownPath(match.file)} is no valid JSON`];
  if (match.pair.titleAgrees) return [];
  return [
    `Takeout: the sidecar ${shownPath(match.file)} has the title of another file, ${match.file.title ?? ""}`,
  ];
}
