import type { ContentHash } from "../../domain/ids.js";
import type { Call } from "../../ports/call.js";
import type {
  Examined,
  Finding,
  SourceNote,
  SourceProblem,
  StreamAccount,
} from "../../ports/photo-source.js";
import { StreamVerdicts } from "../exports/stream-verdicts.js";
import { assemblePhotos } from "./assemble-photos.js";
import { FolderRoles } from "./folder-roles.js";
import { byPhoto, photosOfLoneSidecars, settleSidecars } from "./lone-sidecars.js";
import { type Matches, matchSidecars } from "./match-sidecars.js";
import { indexTakeout, type MediaFile, shownPath } from "./takeout-index.js";
import { rootOf, type Version, versionsOf } from "./versions.js";

const note = (message: string): SourceNote => ({ kind: "note", message });

/**
 * Understands everything that the parts of one or more exports hold: first all streams are indexed by folder and name,
 * then paired, because photo, sidecar and album file can each lie in another part. Photos come first, then problems,
 * notes, and one account for every stream. Photos need no sidecar, and folders need no known name.
 */
export async function* groupTakeout(
  service: string,
  examined: readonly Examined[],
  readSmall: (hash: ContentHash) => Promise<Uint8Array>,
  call: Call,
): AsyncGenerator<Finding | StreamAccount | SourceProblem | SourceNote> {
  const verdicts = new StreamVerdicts(examined);
  const { media, sidecars, albums, problems } = await indexTakeout(examined, readSmall, verdicts, call);
  const folders = new Set([...media, ...sidecars].map(({ folder }) => folder));
  const roles = new FolderRoles(folders, albums);
  for (const { streams, folder, title } of albums) verdicts.settle(streams, "album", title ?? folder);

  const matches = matchSidecars(media, sidecars, roles);
  const lone = photosOfLoneSidecars(sidecars, matches);
  const missing = settleSidecars(sidecars, matches, lone, verdicts);

  const readable = media.filter((file) => file.readable);
  const versions = versionsOf(readable, matches);
  giveBack(readable, versions, matches);
  const view = { examined, roles, matches, albumSidecars: byPhoto(lone), readSmall };
  yield* assemblePhotos(service, readable, versions, view, verdicts, call);

  yield* problems;
  for (const message of matches.notes) yield note(message);
  if (missing > 0) {
    yield note(
      `Sidecars whose photo is not in these parts: ${missing}. The photos come with the other parts.`,
    );
  }
  yield* withoutSidecar(readable, versions, matches);
  yield* verdicts.accounts();
}

/** A borrowed sidecar speaks only for its owner's other versions; a film that merely shares a name gets nothing. */
function giveBack(
  media: readonly MediaFile[],
  versions: ReadonlyMap<ContentHash, Version>,
  matches: Matches,
): void {
  for (const file of media) {
    const match = matches.of.get(file);
    if (match?.pair.borrowed !== true) continue;
    const owner = matches.owners.get(match.file);
    const isStranger =
      owner?.readable === true && rootOf(owner.hash, versions) !== rootOf(file.hash, versions);
    if (isStranger) matches.of.delete(file);
  }
}

/** Names shown before the rest is only counted. */
const SHOWN_NAMES = 3;

function* withoutSidecar(
  media: readonly MediaFile[],
  versions: ReadonlyMap<ContentHash, Version>,
  matches: Matches,
): Iterable<SourceNote> {
  const told = new Set([...matches.of.keys()].map(({ hash }) => rootOf(hash, versions)));
  const silent = new Map<ContentHash, string>();
  for (const file of media) {
    const root = rootOf(file.hash, versions);
    if (!told.has(root) && !silent.has(root)) silent.set(root, shownPath(file));
  }
  if (silent.size === 0) return;
  const names = [...silent.values()].sort().slice(0, SHOWN_NAMES).join(", ");
  const more = silent.size > SHOWN_NAMES ? ` and ${silent.size - SHOWN_NAMES} more` : "";
  yield note(`No sidecar was found for ${names}${more}; what their own bytes tell is used.`);
}
