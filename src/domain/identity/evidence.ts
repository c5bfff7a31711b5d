import { relateCameras } from "../agreement.js";
import type { Camera } from "../photo.js";
import { type Appearance, relateShapes, type ShapeRelation } from "./appearance.js";
import { compareCaptureTimes, type TimeAgreement } from "./capture-time.js";
import { compareLooks, type Look } from "./look-alike.js";
import { type NameRelation, nameStem, relateStems } from "./name-stem.js";

/** One piece of evidence on whether two files are one picture, in words for people. */
export interface Reason {
  readonly kind: "bytes" | "mark" | "time" | "camera" | "name" | "shape" | "picture" | "source";
  /** What it argues for. */
  readonly speaks: "for" | "against" | "neither";
  readonly text: string;
}

/** Everything that was weighed. */
export interface Weighed {
  readonly sharedMark: string | null;
  readonly time: TimeAgreement;
  readonly camera: "same" | "different" | "unknown";
  readonly name: NameRelation;
  /** The kind of the name that both have. */
  readonly isDistinctName: boolean;
  /** One of the names says that it is an edited copy, and the other does not. */
  readonly isEditedName: boolean;
  readonly shape: ShapeRelation;
  /** The source that holds both, where one does. */
  readonly sharedSource: string | null;
  /** `unseen` where nobody looked at both, `undecodable` where somebody tried. */
  readonly look: Look | "unseen" | "undecodable";
}

const isNamed = (camera: Camera | undefined): camera is Camera =>
  camera !== undefined && (camera.make !== undefined || camera.model !== undefined);

function cameras(a: Camera | undefined, b: Camera | undefined): Weighed["camera"] {
  if (!isNamed(a) || !isNamed(b)) return "unknown";
  return relateCameras({ ...a }, { ...b }) === "different" ? "different" : "same";
}

function looks(a: Appearance, b: Appearance): Weighed["look"] {
  if (a.sketch && b.sketch) return compareLooks(a.sketch, b.sketch);
  return a.sketch === null || b.sketch === null ? "undecodable" : "unseen";
}

const common = (a: readonly string[], b: readonly string[]): string | null =>
  a.filter((one) => b.includes(one)).toSorted()[0] ?? null;

/** Weighs all that is known of two files. Symmetric but for the direction in which one is turned. */
export function weigh(a: Appearance, b: Appearance): Weighed {
  const [left, right] = [nameStem(a.filename ?? ""), nameStem(b.filename ?? "")];
  return {
    sharedMark: common(a.marks, b.marks),
    time: compareCaptureTimes(a.takenDate, b.takenDate),
    camera: cameras(a.camera, b.camera),
    name: relateStems(left, right),
    isDistinctName: left.kind === "distinct",
    isEditedName: left.isEdited !== right.isEdited,
    shape: relateShapes(a, b),
    sharedSource: common(a.sources, b.sources),
    look: looks(a, b),
  };
}

const TIME_TEXT: Readonly<Record<TimeAgreement["relation"], readonly [Reason["speaks"], string]>> = {
  moment: ["for", "taken at the same fraction of a second"],
  second: ["for", "taken in the same second"],
  zone: ["for", "taken in the same second, up to a time zone"],
  close: ["against", "taken less than ten seconds apart, not in one moment"],
  apart: ["against", "taken at different times"],
  unknown: ["neither", "no two times of capture to compare"],
};
const CAMERA_TEXT: Readonly<Record<Weighed["camera"], readonly [Reason["speaks"], string]>> = {
  same: ["for", "the same camera"],
  different: ["against", "different cameras"],
  unknown: ["neither", "no two cameras to compare"],
};
const SHAPE_TEXT: Readonly<Record<ShapeRelation, readonly [Reason["speaks"], string]>> = {
  same: ["for", "the same proportions"],
  turned: ["neither", "one is upright where the other lies"],
  different: ["against", "different proportions"],
  unknown: ["neither", "no sizes to compare"],
};

function nameReason({ name, isEditedName }: Weighed): Reason {
  if (name === "numbers")
    return { kind: "name", speaks: "against", text: "two numbers of one camera's count" };
  if (name === "plain") return { kind: "name", speaks: "neither", text: "one name that many pictures have" };
  if (name === "silent") return { kind: "name", speaks: "neither", text: "the file names say nothing" };
  return { kind: "name", speaks: "for", text: `the same file name${isEditedName ? ", one edited" : ""}` };
}

function pictureReason(look: Weighed["look"]): Reason {
  const say = (speaks: Reason["speaks"], text: string): Reason => ({ kind: "picture", speaks, text });
  if (look === "unseen") return say("neither", "nobody compared how they look");
  if (look === "undecodable") return say("neither", "one of the pictures cannot be decoded here");
  const figures = `${look.distance} of 256 bits, worst cell ${look.worst.toFixed(1)}`;
  switch (look.likeness) {
    case "equal":
      return say("for", `they look the same (${figures})`);
    case "turned":
      return say("for", `they look the same, one turned by ${look.turns * 90} degrees`);
    case "near":
      return say("neither", `they look alike, with differences (${figures})`);
    case "unlike":
      return say("against", `they look different (${figures})`);
    case "featureless":
      return say("neither", "too little is to be seen to compare");
  }
}

/** What was weighed in words, in a fixed order. */
export function reasonsOf(weighed: Weighed): readonly Reason[] {
  const { sharedMark, time, camera, shape, sharedSource, look } = weighed;
  return [
    ...(sharedMark === null
      ? []
      : [{ kind: "mark", speaks: "for", text: `both are ${sharedMark}` } as const]),
    { kind: "time", speaks: TIME_TEXT[time.relation][0], text: TIME_TEXT[time.relation][1] },
    { kind: "camera", speaks: CAMERA_TEXT[camera][0], text: CAMERA_TEXT[camera][1] },
    nameReason(weighed),
    { kind: "shape", speaks: SHAPE_TEXT[shape][0], text: SHAPE_TEXT[shape][1] },
    pictureReason(look),
    ...(sharedSource === null
      ? []
      : [{ kind: "source", speaks: "neither", text: `${sharedSource} holds both` } as const]),
  ];
}
