import type { Appearance } from "../../domain/identity/appearance.js";
import type { Join } from "../../domain/identity/joins.js";
import { joinsOfPhotos, pairsAmong } from "../../domain/identity/joins-of-photos.js";
import { isWorthLooking } from "../../domain/identity/judge.js";
import type { KnownPicture } from "../../domain/identity/known-picture.js";
import type { PhotoId } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { IdentityIndex } from "../../ports/identity-index.js";
import type { Run } from "../../ports/phase.js";
import { type LookDeps, type Looked, looksOf } from "./picture-looks.js";

export interface IdentityDeps extends LookDeps {
  readonly index: IdentityIndex;
}

/** Two photos that are one picture, or are asked to be. */
export interface PhotoJoin {
  readonly host: PhotoId;
  readonly member: PhotoId;
  readonly join: Join;
}

/** What comparing pictures came to. */
export interface FoundJoins {
  readonly joined: readonly PhotoJoin[];
  readonly asked: readonly PhotoJoin[];
  /** Photos with a partner that could not be looked at now, or that cannot themselves: what was asked of them stands. */
  readonly unseen: ReadonlySet<PhotoId>;
}

/** How many pictures' looks are held at once, where no more than these hang together. */
const LOOKED_AT_ONCE = 200;

/** The photos that are worth comparing with unresolved ones, each with its partners. */
function partnersOf(
  unresolved: Iterable<PhotoId>,
  index: IdentityIndex,
  run: Run,
): ReadonlyMap<PhotoId, readonly PhotoId[]> {
  const partners = new Map<PhotoId, PhotoId[]>();
  const note = (one: PhotoId, other: PhotoId) => {
    const known = partners.get(one);
    if (known === undefined) partners.set(one, [other]);
    else if (!known.includes(other)) known.push(other);
  };
  for (const photoId of unresolved) {
    throwIfAborted(run);
    run.progress.advance({ count: 1 });
    const picture = index.picture(photoId);
    if (picture === null) continue;
    for (const other of index.sharing(picture)) {
      const beside = index.picture(other);
      if (beside === null || !isWorthLooking(picture.original, beside.original)) continue;
      note(photoId, other);
      note(other, photoId);
    }
  }
  return partners;
}

/** Groups of photos in which each is a partner of some other one, sorted. */
function* groupsOf(partners: ReadonlyMap<PhotoId, readonly PhotoId[]>): Generator<readonly PhotoId[]> {
  const seen = new Set<PhotoId>();
  for (const start of [...partners.keys()].sort()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const group = [start];
    for (const one of group) {
      for (const other of partners.get(one) ?? []) {
        if (!seen.has(other)) group.push(other);
        seen.add(other);
      }
    }
    yield group.sort();
  }
}

interface Group {
  readonly photos: readonly KnownPicture[];
  readonly pictures: readonly Looked[];
}

function groupOf(ids: readonly PhotoId[], index: IdentityIndex): Group {
  const photos = ids.flatMap((id) => index.picture(id) ?? []);
  const holder = new Map<Appearance, PhotoId>(
    photos.flatMap(({ photoId, original, joined }) =>
      [original, ...joined].map((appearance) => [appearance, photoId] as const),
    ),
  );
  const wanted = new Set(pairsAmong(photos).flatMap(({ a, b }) => [a, b]));
  const pictures = [...wanted].flatMap((appearance) => {
    const photoId = holder.get(appearance);
    return photoId === undefined ? [] : [{ photoId, appearance }];
  });
  return { photos, pictures };
}

/**
 * Finds out which photos are one picture: for each unresolved one those that share a candidate key, of them those worth a look, and then by
 * how they look. What it costs follows from the unresolved photos and their partners, not from the size of the library; how few
 * pictures look is in memory at once. The order of photos does not count. Throws only `cancelled`.
 */
export async function findJoins(
  unresolved: Iterable<PhotoId>,
  deps: IdentityDeps,
  run: Run,
): Promise<FoundJoins> {
  run.progress.stage("Comparing photos", {});
  const partners = partnersOf(unresolved, deps.index, run);
  const [joined, asked, unseen]: [PhotoJoin[], PhotoJoin[], Set<PhotoId>] = [[], [], new Set()];
  let isLooking = false;
  const onLooked = () => {
    if (!isLooking) run.progress.stage("Looking at pictures", {});
    isLooking = true;
    run.progress.advance({ count: 1 });
  };
  const conclude = async (groups: readonly Group[]): Promise<void> => {
    const pictures = groups.flatMap((group) => group.pictures);
    const looks = await looksOf(pictures, deps, run, onLooked);
    for (const { photoId, appearance } of pictures) if (!looks.has(appearance.id)) unseen.add(photoId);
    for (const { photos } of groups) {
      const idOf = new Map(photos.map(({ photoId, original }) => [original.id, photoId]));
      const ofPhotos = (join: Join): readonly PhotoJoin[] => {
        const [host, member] = [idOf.get(join.host), idOf.get(join.member)];
        return host === undefined || member === undefined ? [] : [{ host, member, join }];
      };
      const found = joinsOfPhotos(photos, looks);
      joined.push(...found.joined.flatMap(ofPhotos));
      asked.push(...found.asked.flatMap(ofPhotos));
    }
  };
  let waiting: Group[] = [];
  for (const ids of groupsOf(partners)) {
    waiting.push(groupOf(ids, deps.index));
    if (waiting.reduce((sum, { pictures }) => sum + pictures.length, 0) < LOOKED_AT_ONCE) continue;
    await conclude(waiting);
    waiting = [];
  }
  await conclude(waiting);
  return { joined, asked, unseen };
}
