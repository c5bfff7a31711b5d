import type { ContentHash } from "../../domain/ids.js";
import type { Location, VariantRole } from "../../domain/photo.js";
import { groupBy } from "../../infra/group-by.js";
import { isJsonRecord, type JsonRecord, parseJsonBytes } from "../../infra/json-value.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { Examined, Finding, FoundFile, FoundInstance } from "../../ports/photo-source.js";
import type { StreamVerdicts } from "../exports/stream-verdicts.js";
import type { MediaFile, PhotoFile } from "./export-index.js";
import { isReduced, withoutSecret } from "./media-name.js";
import { photoFacts } from "./photo-facts.js";

/** What belongs to one photo of Flickr's. */
export interface FlickrPhoto {
  /** Flickr's id, or the path in the export where no id can be told. */
  readonly id: string;
  /** At least one, all readable. */
  readonly media: readonly MediaFile[];
  /** What exports say of it, the latest last. */
  readonly told: readonly PhotoFile[];
}

/** What is known of all photos together. */
export interface ExportView {
  readonly examined: readonly Examined[];
  readonly albums: ReadonlyMap<string, readonly string[]>;
  readonly readSmall: (hash: ContentHash) => Promise<Uint8Array>;
}

interface Version {
  readonly of: ContentHash;
  readonly role: VariantRole;
  readonly photo: FlickrPhoto;
  readonly files: readonly MediaFile[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The file that is the photo itself comes first: a video before its poster, which Flickr keeps under the same id, what was
 * uploaded before what Flickr made of it, then the larger one.
 */
function bestFirst(media: readonly MediaFile[]): MediaFile[] {
  const rank = (file: MediaFile) => (file.traits?.kind === "video" ? 0 : 2) + (isReduced(file.name) ? 1 : 0);
  return media.toSorted((a, b) => rank(a) - rank(b) || b.sizeBytes - a.sizeBytes || byText(a.path, b.path));
}

function roleOf(file: MediaFile, main: MediaFile): VariantRole {
  const isPoster = main.traits?.kind === "video" && file.traits?.kind !== "video";
  return !isPoster && isReduced(file.name) ? "lower-quality" : "other";
}

/**
 * Makes one finding of each photo, sorted by path. Equal bytes under several ids are one photo with an instance for each;
 * other bytes under one id (a poster, a smaller size, the file before it was replaced) are versions. Gives every media
 * stream its verdict.
 */
export async function* assemblePhotos(
  service: string,
  photos: readonly FlickrPhoto[],
  view: ExportView,
  verdicts: StreamVerdicts,
  call: Call,
): AsyncGenerator<Finding> {
  const roots = new Map<
    ContentHash,
    { readonly photo: FlickrPhoto; readonly files: readonly MediaFile[] }[]
  >();
  for (const photo of photos) {
    const [main] = bestFirst(photo.media);
    if (main === undefined) continue;
    const files = photo.media.filter(({ hash }) => hash === main.hash);
    const same = roots.get(main.hash);
    if (same === undefined) roots.set(main.hash, [{ photo, files }]);
    else same.push({ photo, files });
  }
  const versions = versionsOf(photos, new Set(roots.keys()));
  for (const [hash, members] of [...roots].sort(([, a], [, b]) => byText(pathOf(a), pathOf(b)))) {
    throwIfAborted(call);
    const path = pathOf(members);
    for (const { files } of members) for (const file of files) verdicts.settle(file.streams, "photo", path);
    const variants: Finding["variants"][number][] = [];
    for (const { role, photo, files } of versions.get(hash) ?? []) {
      for (const file of files) verdicts.settle(file.streams, "variant", `${role} of ${path}`);
      const [instance] = await instancesOf(photo, files, false, view);
      if (instance !== undefined) {
        variants.push({ role, file: foundFile(files, view), instances: [instance] });
      }
    }
    const instances: FoundInstance[] = [];
    for (const { photo, files } of members) instances.push(...(await instancesOf(photo, files, true, view)));
    const everywhere = members.flatMap(({ files }) => files);
    yield { kind: "photo", service, original: foundFile(everywhere, view), instances, variants };
  }
  // What is another photo's very file is told with that photo.
  for (const { media } of photos) {
    for (const file of media) verdicts.settle(file.streams, "photo", file.path);
  }
}

const pathOf = (members: readonly { readonly files: readonly MediaFile[] }[]): string =>
  members.flatMap(({ files }) => files.map(({ path }) => path)).sort()[0] ?? "";

function versionsOf(
  photos: readonly FlickrPhoto[],
  roots: ReadonlySet<ContentHash>,
): ReadonlyMap<ContentHash, readonly Version[]> {
  const taken = new Set<ContentHash>(roots);
  const versions: Version[] = [];
  for (const photo of photos) {
    const [main, ...others] = bestFirst(photo.media);
    if (main === undefined) continue;
    for (const [hash, files] of groupBy(others, (file) => file.hash)) {
      const [file] = files;
      if (file === undefined || taken.has(hash)) continue;
      taken.add(hash);
      versions.push({ of: main.hash, role: roleOf(file, main), photo, files });
    }
  }
  return groupBy(versions, ({ of }) => of);
}

function locationsOf(files: readonly MediaFile[], view: ExportView): Location[] {
  return files
    .toSorted((a, b) => byText(a.path, b.path))
    .flatMap(({ streams }) => streams)
    .flatMap((stream) => view.examined[stream]?.location ?? [])
    .sort((a, b) => Number(a.entry !== undefined) - Number(b.entry !== undefined));
}

/** The file that stands for equal bytes. `files` holds at least one. */
function foundFile(files: readonly MediaFile[], view: ExportView): FoundFile {
  const [first] = files.toSorted((a, b) => byText(a.path, b.path));
  if (first === undefined) throw new RangeError("no files");
  const filename = withoutSecret(first.name);
  return { hash: first.hash, filename, sizeBytes: first.sizeBytes, locations: locationsOf(files, view) };
}

/**
 * The photo's instance that holds these files, once for each thing that exports say of it, the latest last. One that is
 * without words is as visible as nobody knows.
 */
async function instancesOf(
  { id, told }: FlickrPhoto,
  files: readonly MediaFile[],
  withRecord: boolean,
  view: ExportView,
): Promise<FoundInstance[]> {
  const quality = files.every(({ name }) => isReduced(name)) ? ("medium" as const) : ("original" as const);
  const about = { id, quality, locations: locationsOf(files, view) };
  const titles = view.albums.get(id) ?? [];
  const albums = titles.length === 0 ? {} : { albums: titles };
  const spoken = told.filter(({ broken }) => !broken);
  const statements: FoundInstance[] = [];
  for (const file of withRecord ? spoken : spoken.slice(-1)) {
    const photo = await readPhoto(file, view);
    if (photo === null) continue;
    const { facts, raw, visibility, url } = photoFacts(photo);
    const record = withRecord ? { id, facts: { ...facts, ...albums }, raw } : null;
    statements.push({ ...about, visibility, record, ...(url === undefined ? {} : { url }) });
  }
  if (statements.length > 0) return statements;
  const broken = told.map(({ path }) => `Flickr: ${path} is no valid JSON`);
  const facts = { ...albums, ...(broken.length === 0 ? {} : { warnings: broken }) };
  const record = withRecord && Object.keys(facts).length > 0 ? { id, facts, raw: {} } : null;
  return [{ ...about, visibility: "unknown", record }];
}

async function readPhoto(file: PhotoFile, view: ExportView): Promise<JsonRecord | null> {
  const parsed = parseJsonBytes(await view.readSmall(file.hash));
  return parsed !== null && isJsonRecord(parsed.value) ? parsed.value : null;
}
