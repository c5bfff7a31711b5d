/** What Flickr learns from a file it is sent. */
export interface SentFile {
  /** As the multipart part names it. */
  readonly filename: string;
  readonly sizeBytes: number;
  /** SHA-256 of its bytes; also the name under which they are kept. */
  readonly digest: string;
  /** By its content, without a dot: `jpg`; empty where it is no picture or video. */
  readonly extension: string;
  readonly kind: "image" | "raw" | "video" | "other";
  readonly width?: number;
  readonly height?: number;
  readonly durationSeconds?: number;
  /** From EXIF, as a MySQL datetime. */
  readonly taken?: string;
  readonly place?: { readonly latitude: string; readonly longitude: string };
  readonly title?: string;
  readonly caption?: string;
  readonly keywords?: readonly string[];
  readonly exif?: Readonly<Record<string, string>>;
}

const KEPT = new Set(["jpg", "png", "gif"]);
const MODERN = new Set(["heic", "heif", "webp", "avif", "jxl"]);
const CONVERTED = new Set(["tif", "bmp"]);

/** What becomes of a file: kept as it is, turned into a JPEG, or refused. Videos are kept. */
export function fateOf(file: SentFile, modernFormats: "refuse" | "convert"): "keep" | "convert" | "refuse" {
  if (file.kind === "video" || KEPT.has(file.extension)) return "keep";
  if (CONVERTED.has(file.extension)) return "convert";
  return MODERN.has(file.extension) ? modernFormats : "refuse";
}
