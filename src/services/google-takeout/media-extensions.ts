export type ExtensionClass = "image" | "raw" | "video";

const IMAGE = "jpg jpeg jpe png heic heif hif webp gif avif bmp tif tiff jxl jp2 ico insp";
const RAW = "dng cr2 cr3 crw nef nrw arw srf sr2 raf rw2 rwl orf srw pef raw 3fr iiq x3f erf kdc mrw";
const VIDEO =
  "mp4 mov m4v 3gp 3g2 avi mkv mpg mpeg mpe mts m2ts m2t wmv webm mod tod divx asf mmv ogv vob insv mp mv";

const CLASS_OF: ReadonlyMap<string, ExtensionClass> = new Map([
  ...IMAGE.split(" ").map((extension) => [extension, "image"] as const),
  ...RAW.split(" ").map((extension) => [extension, "raw"] as const),
  ...VIDEO.split(" ").map((extension) => [extension, "video"] as const),
]);

/** Every extension that Google Photos is known to take or to write, in lower case and without a dot. */
export const MEDIA_EXTENSIONS: readonly string[] = [...CLASS_OF.keys()];

/**
 * What a name claims to hold, by its extension alone, or null. Extensions lie in exports, so this only steers the
 * search for names; what the bytes are is told by looking at them. `.MP` and `.MP~2` are Pixel's motion clips.
 */
export function extensionClass(name: string): ExtensionClass | null {
  const extension = /\.([a-z0-9]+)(?:~\d+)?$/i.exec(name)?.[1];
  return extension === undefined ? null : (CLASS_OF.get(extension.toLowerCase()) ?? null);
}
