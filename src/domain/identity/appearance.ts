import type { Camera } from "../photo.js";
import type { LocalDate } from "../taken-date.js";
import type { Sketch } from "./sketch.js";

/** One stream of bytes as identity sees it: what is known of it, and how it looks where somebody looked. */
export interface Appearance {
  /** The content hash, or the id of a photo whose bytes nobody has. Unique among those compared. */
  readonly id: string;
  readonly kind: "image" | "raw" | "video";
  /** `service:id` of each instance, and marks that photosync itself put on an upload. */
  readonly marks: readonly string[];
  /** The services and folders that hold it. */
  readonly sources: readonly string[];
  readonly filename?: string;
  readonly takenDate?: LocalDate;
  readonly camera?: Camera;
  /** Of the upright picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Of the file, in bytes. */
  readonly bytes?: number;
  /** True where a source says that these are the bytes as captured. */
  readonly isOriginal?: boolean;
  /** `null` where the picture cannot be decoded, absent where nobody looked. */
  readonly sketch?: Sketch | null;
}

/** How the shapes of two upright pictures stand to each other. */
export type ShapeRelation = "same" | "turned" | "different" | "unknown";

const isRatio = (a: number, b: number, c: number, d: number): boolean => {
  // Each side was rounded to whole pixels, some programs up and some down.
  const least = Math.min(a, b, c, d);
  return Math.abs((a * d) / (b * c) - 1) <= 1.6 / least;
};

/** Compares aspects, allowing for sides rounded to whole pixels. Symmetric. A square is `same`, never `turned`. */
export function relateShapes(a: Appearance, b: Appearance): ShapeRelation {
  if (!a.width || !a.height || !b.width || !b.height) return "unknown";
  if (isRatio(a.width, a.height, b.width, b.height)) return "same";
  return isRatio(a.width, a.height, b.height, b.width) ? "turned" : "different";
}

const pixels = ({ width, height }: Appearance): number => (width ?? 0) * (height ?? 0);

/**
 * Orders by quality, the best first: the bytes as captured, then more pixels, then more bytes, then the id, so that the
 * order never depends on who was found first.
 */
export function byQuality(a: Appearance, b: Appearance): number {
  const original = Number(b.isOriginal === true) - Number(a.isOriginal === true);
  return (
    original ||
    pixels(b) - pixels(a) ||
    (b.bytes ?? 0) - (a.bytes ?? 0) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}
