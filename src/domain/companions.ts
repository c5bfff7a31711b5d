import type { VariantRole } from "./photo.js";
import { parseTakenDate } from "./taken-date.js";

/** What decides whether two files that share folder and stem are one photo. */
export interface CompanionTraits {
  readonly kind: "image" | "raw" | "video";
  readonly mimeType: string;
  readonly takenDate?: string;
  readonly durationSeconds?: number;
  readonly cameraModel?: string;
  readonly contentIdentifier?: string;
}

/** Longest clip that a phone attaches to a still; Apple's are about 3 s, Samsung's and Google's reach 4 to 6. */
const LONGEST_MOTION_SECONDS = 8;
const SAME_SHOT_MS = 10_000;
/** What programs export and screens are saved as; no camera writes it beside its RAW or its clip. */
const NEVER_FROM_CAMERA = new Set(["image/png", "image/gif", "image/webp", "image/bmp", "image/svg+xml"]);
/** A clock without zone beside a QuickTime clock in UTC: any whole quarter hour may lie between them. */
const QUARTER_HOUR_MS = 15 * 60_000;
const WIDEST_ZONE_MS = 14 * 3_600_000;

function closeInTime(a: string | undefined, b: string | undefined): boolean | null {
  const left = a === undefined ? null : parseTakenDate(a);
  const right = b === undefined ? null : parseTakenDate(b);
  if (left === null || right === null) return null;
  if (left.offsetMinutes !== null && right.offsetMinutes !== null) {
    const gap =
      left.wallClockMs - left.offsetMinutes * 60_000 - (right.wallClockMs - right.offsetMinutes * 60_000);
    return Math.abs(gap) <= SAME_SHOT_MS;
  }
  const gap = Math.abs(left.wallClockMs - right.wallClockMs);
  if (gap <= SAME_SHOT_MS) return true;
  if (left.offsetMinutes === null && right.offsetMinutes === null) return false;
  const beyondQuarter = gap % QUARTER_HOUR_MS;
  return gap <= WIDEST_ZONE_MS && Math.min(beyondQuarter, QUARTER_HOUR_MS - beyondQuarter) <= SAME_SHOT_MS;
}

/**
 * The role that `other` plays beside `main` when both have the same folder and stem, or null when they are two photos.
 * RAW + JPEG: times must not contradict each other. Live or motion photo: the content identifiers match; or the clip
 * is short and the times do not contradict (a camera can write a still and an unrelated film under one number).
 * A PNG or another format that no camera writes is a picture of its own, so that the camera's JPEG keeps its pair.
 */
export function companionRole(main: CompanionTraits, other: CompanionTraits): VariantRole | null {
  const close = closeInTime(main.takenDate, other.takenDate);
  const isForeign = NEVER_FROM_CAMERA.has(main.mimeType) || NEVER_FROM_CAMERA.has(other.mimeType);
  if (main.kind === "image" && other.kind === "raw") return close === false || isForeign ? null : "raw";
  if (main.kind === "raw" && other.kind === "image")
    return close === false || isForeign ? null : "camera-jpeg";
  if (main.kind === "image" && other.kind === "video") {
    if (main.contentIdentifier !== undefined && other.contentIdentifier !== undefined) {
      return main.contentIdentifier === other.contentIdentifier ? "motion" : null;
    }
    if (close === false || isForeign) return null;
    return other.durationSeconds !== undefined && other.durationSeconds <= LONGEST_MOTION_SECONDS
      ? "motion"
      : null;
  }
  return null;
}
