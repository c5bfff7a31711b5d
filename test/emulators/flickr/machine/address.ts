import type { Photo } from "./state.js";

/** Where this Flickr's pictures and pages are; no slash at the end. */
export interface Addresses {
  /** `https://live.staticflickr.com` */
  readonly static: string;
  /** `https://www.flickr.com` */
  readonly www: string;
}

/** The real Flickr's. */
export const realAddresses: Addresses = {
  static: "https://live.staticflickr.com",
  www: "https://www.flickr.com",
};

/** One of the sizes that Flickr makes, by the longer side. */
export interface Size {
  readonly label: string;
  /** In a file name; empty for the one without. */
  readonly suffix: string;
  /** As in `url_sq`. */
  readonly extra: string;
  readonly side: number;
  readonly isSquare: boolean;
}

const size = (label: string, suffix: string, extra: string, side: number, isSquare = false): Size => ({
  label,
  suffix,
  extra,
  side,
  isSquare,
});

/** All sizes below the original, smallest first. */
export const SIZES: readonly Size[] = [
  size("Square", "s", "sq", 75, true),
  size("Large Square", "q", "q", 150, true),
  size("Thumbnail", "t", "t", 100),
  size("Small", "m", "s", 240),
  size("Small 320", "n", "n", 320),
  size("Small 400", "w", "w", 400),
  size("Medium", "", "m", 500),
  size("Medium 640", "z", "z", 640),
  size("Medium 800", "c", "c", 800),
  size("Large", "b", "l", 1024),
  size("Large 1600", "h", "h", 1600),
  size("Large 2048", "k", "k", 2048),
  size("X-Large 3K", "3k", "3k", 3072),
  size("X-Large 4K", "4k", "4k", 4096),
  size("X-Large 5K", "5k", "5k", 5120),
  size("X-Large 6K", "6k", "6k", 6144),
];

/** The largest size that is open to those who may not have the original. */
export const LARGEST_FREE_SIDE = 1024;

/** What a size measures; null where the photo is no larger than the size, which then does not exist. */
export function measured(photo: Photo, of: Size): { readonly width: number; readonly height: number } | null {
  if (of.isSquare) return { width: of.side, height: of.side };
  const longer = Math.max(photo.width, photo.height);
  if (longer < of.side && of.side > 100) return null;
  const scale = Math.min(1, of.side / longer);
  return {
    width: Math.max(1, Math.round(photo.width * scale)),
    height: Math.max(1, Math.round(photo.height * scale)),
  };
}

/** Ten hex digits that the text settles (FNV-1a). */
function mixedHex(text: string): string {
  let mixed = 0x811c9dc5;
  for (const character of text) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return mixed.toString(16).padStart(10, "a");
}

/** The secret in a size's address: sizes from 1600 up have their own. */
export const secretOf = (photo: Photo, of: Size): string =>
  of.side <= LARGEST_FREE_SIDE ? photo.secret : mixedHex(`${photo.secret}/${of.suffix}`);

/** The address of a size below the original. */
export function sizeAddress(addresses: Addresses, photo: Photo, of: Size): string {
  const ending = of.suffix === "" ? "" : `_${of.suffix}`;
  return `${addresses.static}/${photo.server}/${photo.id}_${secretOf(photo, of)}${ending}.jpg`;
}

/** The address of the original, which for a video is its poster. */
export function originalAddress(addresses: Addresses, photo: Photo): string {
  const extension = photo.media === "video" ? "jpg" : photo.originalFormat;
  return `${addresses.static}/${photo.server}/${photo.id}_${photo.originalSecret}_o.${extension}`;
}

/** Where a video's original starts; it leads on to the static host. */
export const videoOriginalAddress = (addresses: Addresses, photo: Photo): string =>
  `${addresses.www}/photos/${photo.owner}/${photo.id}/play/orig/${photo.originalSecret}/`;

/** The signature that lets somebody fetch a stream of a video until then (unix seconds). */
export const streamSignature = (photoId: string, kind: string, until: number): string =>
  `${until}-${mixedHex(`${photoId}/${kind}/${until}`)}`;

const STREAM_SECONDS = 3600;

/** Where a video's bytes are, signed and good for an hour. */
export function streamAddress(addresses: Addresses, photo: Photo, kind: string, now: number): string {
  const [secret, extension] =
    kind === "orig" ? [photo.originalSecret, photo.originalFormat] : [photo.secret, "mp4"];
  const signature = streamSignature(photo.id, kind, now + STREAM_SECONDS);
  return `${addresses.static}/video/${photo.id}/${secret}/${kind}.${extension}?s=${signature}`;
}
