import type { VariantRole } from "../photo.js";
import { type Appearance, byQuality } from "./appearance.js";
import { type Reason, reasonsOf, type Weighed, weigh } from "./evidence.js";

/** What two files are to each other. */
export interface Judgement {
  /** `same`: one picture, certain enough to join them. `ask`: a person must say. `different`: two pictures. */
  readonly verdict: "same" | "ask" | "different";
  /** What the worse one would be beside the better one; absent where they are two pictures. */
  readonly role?: VariantRole;
  /** Quarter turns clockwise that make the worse one like the better one, where it is turned. */
  readonly turns?: number;
  /** In a fixed order, for people. */
  readonly reasons: readonly Reason[];
}

type Opinion = "same" | "ask-quality" | "ask-edit" | "different";

const likenessOf = ({ look }: Weighed) => (typeof look === "object" ? look.likeness : look);

/** Equal looks of theirs tell them from others of their kind. */
const isTelling = ({ look }: Weighed): boolean => typeof look === "object" && look.isTelling;

/** Evidence that they are two exposures, whatever they look like. */
const contradictions = (weighed: Weighed): number =>
  [
    weighed.time.relation === "close" || weighed.time.relation === "apart",
    weighed.camera === "different",
    weighed.name === "numbers",
    likenessOf(weighed) === "unlike",
  ].filter(Boolean).length;

const isUpright = ({ shape }: Weighed): boolean => shape === "same" || shape === "unknown";

const looksEqual = (weighed: Weighed): boolean => likenessOf(weighed) === "equal" && isUpright(weighed);

/** `Photo (2)` here and `Photo (2)` there: next to nothing as a name, and worth a question where no other evidence is left. */
const isTellingElsewhere = (weighed: Weighed): boolean => weighed.sharedSource === null && isTelling(weighed);

/**
 * A picture that two sources hold under one name in words, of which one side knows no time and no camera, as of
 * pictures that came through a messenger. A document under one name may have been scanned, or a chart drawn, anew, which
 * the look must be able to tell.
 */
const isNamedPicture = (weighed: Weighed): boolean => weighed.isDistinctName && isTellingElsewhere(weighed);

/** A scanner is a camera, too, and counts from one in each folder: two pages of one form must be told apart. */
const isFromCamera = (weighed: Weighed): boolean => weighed.camera === "same" && isTelling(weighed);

/**
 * They look the same and nothing contradicts it. A look is never enough: frames of a burst on a tripod look the same, and share
 * camera and second. Only a fraction of a second or a name tells those apart, so one of the two must agree.
 */
function ofEqualLook(weighed: Weighed): Opinion {
  const { time, name, isEditedName } = weighed;
  if (isEditedName) return "ask-edit";
  switch (time.relation) {
    case "moment":
      return "same";
    case "second":
    case "zone":
      return name === "same" ? "same" : "ask-quality";
    default:
      if (name === "plain") return isTellingElsewhere(weighed) ? "ask-quality" : "different";
      if (name !== "same") return "different";
      return isFromCamera(weighed) || isNamedPicture(weighed) ? "same" : "ask-quality";
  }
}

/** They do not look the same, and nothing contradicts that they are one capture: one may be an edit of the other. */
function ofOtherLook(weighed: Weighed): Opinion {
  const { time, name } = weighed;
  const likeness = likenessOf(weighed);
  const isTogether = time.relation === "moment" || (time.relation === "second" && name === "same");
  if (likeness === "turned") {
    return isTogether || name === "same" || time.relation === "second" ? "ask-edit" : "different";
  }
  if (likeness === "featureless") {
    // No two captures of one second have one name; what is seen must not contradict it, and does not.
    const isSecond = isTogether || time.relation === "zone";
    if (name !== "same") return "different";
    return isSecond || (isNamedPicture(weighed) && isUpright(weighed)) ? "same" : "different";
  }
  if (isTogether) return likeness === "undecodable" || likeness === "unseen" ? "ask-quality" : "ask-edit";
  return likeness === "near" && name === "same" && time.relation === "zone" ? "ask-edit" : "different";
}

function opinionOn(weighed: Weighed): Opinion {
  const { sharedMark, time, camera, name, look } = weighed;
  const likeness = likenessOf(weighed);
  const against = contradictions(weighed);
  if (sharedMark !== null) {
    const isSeen = typeof look === "object";
    // A service may have replaced the bytes under an id, so that even an id is asked about when the pictures differ.
    if (isSeen && likeness !== "equal" && likeness !== "featureless") return "ask-edit";
    // And a tag can be copied to the next frame of the burst: a date alone may have been corrected.
    return against > (isSeen ? 1 : 0) ? "ask-quality" : "same";
  }
  if (against === 0) return looksEqual(weighed) ? ofEqualLook(weighed) : ofOtherLook(weighed);
  if (against > 1) return "different";
  const isTrustedName = name === "same" && (camera === "same" || weighed.isDistinctName);
  if (looksEqual(weighed)) {
    if (time.relation === "moment" && camera !== "different") return "ask-quality";
    // A date that somebody corrected, or a service's date of upload, under the name of the very picture.
    return isTrustedName && time.relation === "apart" ? "ask-quality" : "different";
  }
  // A crop or a rotation looks unlike; the fraction of a second and the name still hold.
  const isEdit = time.relation === "moment" || time.relation === "second";
  return likeness === "unlike" && isEdit && name === "same" ? "ask-edit" : "different";
}

/**
 * Judges whether two files are one picture. Pure and symmetric; the same evidence gives the same verdict. A wrong join is held
 * to be worse than a missed one: `same` needs equal looks or a shared id, no contradiction, and a fraction of a second, or
 * a name with the second or the camera, that agree. RAW files and films are none of its business (see `companionRole`): `different`.
 */
export function judge(a: Appearance, b: Appearance): Judgement {
  if (a.id === b.id) {
    const reason: Reason = { kind: "bytes", speaks: "for", text: "equal bytes" };
    return { verdict: "same", role: "other", reasons: [reason] };
  }
  if (a.kind !== "image" || b.kind !== "image") return { verdict: "different", reasons: [] };
  const [better, worse] = byQuality(a, b) <= 0 ? [a, b] : [b, a];
  const weighed = weigh(better, worse);
  const reasons = reasonsOf(weighed);
  switch (opinionOn(weighed)) {
    case "same":
      return { verdict: "same", role: "lower-quality", reasons };
    case "ask-quality":
      return { verdict: "ask", role: "lower-quality", reasons };
    case "ask-edit":
      return { verdict: "ask", role: "edited", reasons, ...turnsOf(weighed) };
    case "different":
      return { verdict: "different", reasons };
  }
}

/** True where something tells the two apart: another second or number, not a rendition that only looks a little off. */
export const isContradiction = ({ verdict, reasons }: Judgement): boolean =>
  verdict === "different" && reasons.some(({ speaks }) => speaks === "against");

const turnsOf = ({ look }: Weighed): Pick<Judgement, "turns"> =>
  typeof look === "object" && look.turns > 0 ? { turns: look.turns } : {};

/**
 * True when looking at the two pictures could change the verdict: what is known without decoding them neither settles it nor
 * rules it out. Where it is false, `judge` gives `different` or `same` whatever they look like.
 */
export function isWorthLooking(a: Appearance, b: Appearance): boolean {
  if (a.id === b.id || a.kind !== "image" || b.kind !== "image") return false;
  const weighed = weigh({ ...a, sketch: null }, { ...b, sketch: null });
  const verdicts = (["equal", "turned", "near", "unlike", "featureless"] as const).map((likeness) =>
    opinionOn({
      ...weighed,
      look: {
        likeness,
        distance: 0,
        spread: 0,
        worst: 0,
        colour: 0,
        isTelling: true,
        turns: likeness === "turned" ? 1 : 0,
      },
    }),
  );
  return verdicts.some((verdict) => verdict !== "different");
}
