import type { Appearance } from "./appearance.js";
import type { Reason } from "./evidence.js";
import { type Join, type Joins, type JudgedPair, joinsOf } from "./joins.js";
import { isContradiction, type Judgement, judge } from "./judge.js";
import { candidatePairs } from "./keys.js";
import type { KnownPicture } from "./known-picture.js";
import type { Sketch } from "./sketch.js";

/** Two pictures to be compared, at least one of them a photo's original, with the photos that have them. */
interface Pair {
  readonly a: Appearance;
  readonly b: Appearance;
  readonly isOfOriginals: boolean;
}

const isApart = (one: KnownPicture, other: KnownPicture): boolean =>
  one.apart.includes(other.original.id) || other.apart.includes(one.original.id);

/**
 * The pairs among these photos that are worth a look: originals with each other, and with what was joined to other photos, since a copy
 * must contradict none of those. Photos that a person held apart are not compared.
 */
export function pairsAmong(photos: readonly KnownPicture[]): readonly Pair[] {
  const pictures = photos.flatMap((photo) =>
    [photo.original, ...photo.joined].map((appearance) => ({ photo, appearance })),
  );
  const { pairs } = candidatePairs(pictures.map(({ appearance }) => appearance));
  return pairs.flatMap(([left, right]): Pair[] => {
    const [one, other] = [pictures[left], pictures[right]];
    if (one === undefined || other === undefined || one.photo === other.photo) return [];
    const [isOne, isOther] = [one, other].map(({ photo, appearance }) => photo.original === appearance);
    if ((!isOne && !isOther) || isApart(one.photo, other.photo)) return [];
    return [{ a: one.appearance, b: other.appearance, isOfOriginals: isOne === true && isOther === true }];
  });
}

/** Just below its host, so that it is there before all worse ones come, and beside no other. */
const asMember = (member: Appearance, { isOriginal, width, height, bytes = 0 }: Appearance): Appearance => ({
  id: member.id,
  kind: member.kind,
  marks: [],
  sources: [],
  ...(isOriginal !== undefined && { isOriginal }),
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  bytes: bytes - 0.5,
});

/** Tells of a photo whose bytes another one has as a variant, as merging two machines' histories can leave it. */
const HELD: Reason = { kind: "bytes", speaks: "for", text: "that photo holds these very bytes" };
const BEFORE: Judgement = { verdict: "same", role: "lower-quality", reasons: [HELD] };

/**
 * Which of these photos are one picture and which are to be asked about, by the hashes of their originals, as `joinsOf` has it. What was
 * joined to a photo before counts as joined to it, so that doing it again after joining asks the same and joins nothing more. `looks` are
 * by hash: null for what cannot be decoded, nothing for what was not looked at. Pure; the order of photos does not count.
 */
export function joinsOfPhotos(
  photos: readonly KnownPicture[],
  looks: ReadonlyMap<string, Sketch | null>,
): Joins {
  const seen = (appearance: Appearance): Appearance => {
    const sketch = looks.get(appearance.id);
    return sketch === undefined ? appearance : { ...appearance, sketch };
  };
  const judged: JudgedPair[] = [];
  for (const { a, b, isOfOriginals } of pairsAmong(photos)) {
    const judgement = judge(seen(a), seen(b));
    if (isOfOriginals || judgement.verdict === "different") judged.push({ a: a.id, b: b.id, judgement });
  }
  const contradicted = new Set(
    judged.flatMap(({ a, b, judgement }) => (isContradiction(judgement) ? [`${a} ${b}`, `${b} ${a}`] : [])),
  );
  const membersOf = new Map(photos.map(({ original, joined }) => [original.id, joined]));
  const before = photos.flatMap(({ original, joined }) =>
    joined.map((member) => ({ a: original.id, b: member.id, judgement: BEFORE })),
  );
  const appearances = photos.flatMap(({ original, joined }) => [
    original,
    ...joined.filter(({ id }) => !membersOf.has(id)).map((member) => asMember(member, original)),
  ]);
  const found = joinsOf(appearances, [...judged, ...before]);
  const isOfPhotos = ({ host, member }: Join): boolean => membersOf.has(host) && membersOf.has(member);
  // Members come along with the photo that they joined: they must not contradict the new host either.
  const isDivided = ({ host, member }: Join): boolean =>
    (membersOf.get(member) ?? []).some(({ id }) => contradicted.has(`${host} ${id}`));
  const joined = found.joined.filter((join) => isOfPhotos(join) && !isDivided(join));
  const isMember = new Set(joined.map(({ member }) => member));
  const asked = [...found.asked, ...found.joined.filter(isDivided)];
  return {
    joined,
    // What is joined has found its picture.
    asked: asked.filter((one) => isOfPhotos(one) && !isMember.has(one.host) && !isMember.has(one.member)),
  };
}
