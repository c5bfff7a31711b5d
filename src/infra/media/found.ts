import type { Json } from "../../domain/photo.js";

/** What a container's reader finds: blocks of metadata still to be decoded, and what the container itself says. */
export interface Found {
  /** XMP packets, in the order in which later ones only add. */
  readonly xmp: Uint8Array[];
  /** IPTC-IIM records. */
  readonly iptc: Uint8Array[];
  /** Decoded values by group and name: `EXIF:Make`, `PNG:CreationTime`, `QuickTime:CreateDate`. */
  readonly tags: Map<string, Json>;
  readonly warnings: string[];
  width?: number;
  height?: number;
  orientation?: number;
  durationSeconds?: number;
  contentIdentifier?: string;
  /** Set by a reader that knows the type better than the first bytes do: a TIFF that is a NEF. */
  rawExtension?: string;
}

/** An empty finding. */
export const nothingFound = (): Found => ({ xmp: [], iptc: [], tags: new Map(), warnings: [] });

/** Adds a warning once. */
export function warn(found: { readonly warnings: string[] }, text: string): void {
  if (!found.warnings.includes(text)) found.warnings.push(text);
}

/** Keeps the first value of a tag: the main picture comes before its previews. */
export function addTag(found: Found, name: string, value: Json | undefined): void {
  if (value !== undefined && !found.tags.has(name)) found.tags.set(name, value);
}
