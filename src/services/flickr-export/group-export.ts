import type { ContentHash } from "../../domain/ids.js";
import { groupBy } from "../../infra/group-by.js";
import type { Call } from "../../ports/call.js";
import type {
  Examined,
  Finding,
  SourceNote,
  SourceProblem,
  StreamAccount,
} from "../../ports/photo-source.js";
import { StreamVerdicts } from "../exports/stream-verdicts.js";
import { assemblePhotos, type FlickrPhoto } from "./assemble-photos.js";
import { indexExport, type MediaFile, type PhotoFile } from "./export-index.js";
import { idCandidates, onlyId } from "./media-name.js";

const note = (message: string): SourceNote => ({ kind: "note", message });

/**
 * Understands everything that the parts of an account's exports hold: all streams are indexed first, because the words on a
 * photo and its picture lie in different archives. Photos come first, then problems, notes on what the export lacks, and
 * one account for every stream.
 */
export async function* groupExport(
  service: string,
  examined: readonly Examined[],
  readSmall: (hash: ContentHash) => Promise<Uint8Array>,
  call: Call,
): AsyncGenerator<Finding | StreamAccount | SourceProblem | SourceNote> {
  const verdicts = new StreamVerdicts(examined);
  const { media, photos, albums, problems } = await indexExport(examined, readSmall, verdicts, call);
  const told = groupBy(photos, ({ id }) => id);
  for (const files of told.values()) files.sort((a, b) => a.views - b.views || (a.path < b.path ? -1 : 1));
  const held = groupBy(media, (file) => idOf(file, told));

  const silent: string[] = [];
  const unreadable = new Set<string>();
  const found: FlickrPhoto[] = [];
  for (const [id, files] of held) {
    const readable = files.filter((file) => file.readable);
    const words = told.get(id) ?? [];
    if (readable.length === 0) unreadable.add(id);
    else found.push({ id, media: readable, told: words });
    if (readable.length > 0 && words.length === 0) silent.push(readable[0]?.path ?? id);
  }
  const titles = albums.titlesByPhoto();
  const view = { examined, albums: titles, readSmall };
  yield* assemblePhotos(service, found, view, verdicts, call);

  const missing: string[] = [];
  for (const [id, files] of told) {
    const picture = held.get(id)?.[0]?.path;
    const detail =
      picture === undefined
        ? "its picture or video is not in these parts"
        : `${picture}${unreadable.has(id) ? ", unreadable" : ""}`;
    for (const file of files) verdicts.settle(file.streams, "sidecar", detail);
    if (picture === undefined) missing.push(id);
  }
  yield* problems;
  yield* lacks(
    missing,
    silent,
    [...titles.keys()].filter((id) => !told.has(id) && !held.has(id)),
  );
  yield* verdicts.accounts();
}

/** The id whose file of words is there; else what the name tells by itself, else where the file lies. */
function idOf(file: MediaFile, told: ReadonlyMap<string, readonly PhotoFile[]>): string {
  return idCandidates(file.name).find((id) => told.has(id)) ?? onlyId(file.name) ?? file.path;
}

/** Names shown before the rest is only counted. */
const SHOWN = 5;

const some = (names: readonly string[]): string => {
  const shown = names.toSorted().slice(0, SHOWN).join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
};

/** What the parts given lack, which exports of Flickr are known for. */
function* lacks(
  missing: readonly string[],
  silent: readonly string[],
  inAlbumsOnly: readonly string[],
): Iterable<SourceNote> {
  if (missing.length > 0) {
    yield note(
      `Flickr tells of ${missing.length} photos whose picture or video is not in these parts: ${some(missing)}. Give the other data-download zips too; what none of them holds can be fetched from Flickr itself.`,
    );
  }
  if (silent.length > 0) {
    yield note(
      `No photo_*.json was found for ${some(silent)}; what their own bytes tell is used. It comes with the account data's zip.`,
    );
  }
  if (inAlbumsOnly.length > 0) {
    yield note(
      `Albums name ${inAlbumsOnly.length} photos that the export does not tell of: ${some(inAlbumsOnly)}.`,
    );
  }
}
