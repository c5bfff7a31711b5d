import { fileTypeFromBuffer } from "file-type";
import { Binary } from "./binary.js";

export interface MediaType {
  readonly mimeType: string;
  /** Without a dot: `jpg`. */
  readonly extension: string;
  readonly kind: "image" | "raw" | "video";
}

/** How many bytes of a file's start `sniffMediaType` wants to see. */
export const SNIFF_BYTES = 64 * 1024;

const image = (extension: string, mimeType: string): MediaType => ({ mimeType, extension, kind: "image" });
const raw = (extension: string, mimeType: string): MediaType => ({ mimeType, extension, kind: "raw" });
const video = (extension: string, mimeType: string): MediaType => ({ mimeType, extension, kind: "video" });

/** Every type that counts as a picture or video, by extension. MIME types as exiftool and IANA give them. */
const TYPES: ReadonlyMap<string, MediaType> = new Map(
  [
    image("jpg", "image/jpeg"),
    image("png", "image/png"),
    image("gif", "image/gif"),
    image("webp", "image/webp"),
    image("heic", "image/heic"),
    image("heif", "image/heif"),
    image("avif", "image/avif"),
    image("jxl", "image/jxl"),
    image("tif", "image/tiff"),
    image("bmp", "image/bmp"),
    raw("cr2", "image/x-canon-cr2"),
    raw("cr3", "image/x-canon-cr3"),
    raw("crw", "image/x-canon-crw"),
    raw("nef", "image/x-nikon-nef"),
    raw("arw", "image/x-sony-arw"),
    raw("dng", "image/x-adobe-dng"),
    raw("raf", "image/x-fujifilm-raf"),
    raw("rw2", "image/x-panasonic-rw2"),
    raw("orf", "image/x-olympus-orf"),
    raw("pef", "image/x-pentax-pef"),
    raw("srw", "image/x-samsung-srw"),
    raw("3fr", "image/x-hasselblad-3fr"),
    raw("raw", "image/x-raw"),
    video("mp4", "video/mp4"),
    video("m4v", "video/x-m4v"),
    video("mov", "video/quicktime"),
    video("3gp", "video/3gpp"),
    video("3g2", "video/3gpp2"),
    video("avi", "video/x-msvideo"),
    video("mts", "video/mp2t"),
    video("webm", "video/webm"),
    video("mkv", "video/x-matroska"),
    video("wmv", "video/x-ms-asf"),
    video("mpg", "video/mpeg"),
  ].map((type) => [type.extension, type]),
);

/** Further spellings, in file names and in what file-type says. */
const SPELLINGS: Readonly<Record<string, string>> = {
  jpeg: "jpg",
  jpe: "jpg",
  tiff: "tif",
  hif: "heic",
  qt: "mov",
  m2ts: "mts",
  asf: "wmv",
  mpeg: "mpg",
  "3gpp": "3gp",
  insp: "jpg",
  nrw: "nef",
  sr2: "arw",
  rwl: "rw2",
};

/** Still-picture brands that say AVIF where the major brand is the general `mif1` (AV1 Image File Format, section 6). */
const AVIF_BRANDS = new Set(["avif", "avis"]);
const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx"]);

/** The type behind an extension in any case, with or without a dot; null for what is no picture or video. */
export function typeOfExtension(extension: string): MediaType | null {
  const plain = extension.replace(/^\./, "").toLowerCase();
  return TYPES.get(SPELLINGS[plain] ?? plain) ?? null;
}

/** The type that a file's name claims. */
export function typeOfName(filename: string): MediaType | null {
  const dot = filename.lastIndexOf(".");
  return dot < 0 ? null : typeOfExtension(filename.slice(dot));
}

function brandsOf(head: Binary): string[] {
  const end = Math.min(head.u32(0), head.length, 512);
  const brands = [head.latin1(8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.latin1(at, 4));
  return brands;
}

/** QuickTime files from before `ftyp` (and some cameras' now) start right with one of these boxes. */
function startsLikeQuickTime(head: Binary): boolean {
  const size = head.u32(0);
  return (size === 1 || size >= 8) && ["moov", "mdat", "wide", "pnot"].includes(head.latin1(4, 4));
}

/**
 * The type by content, from the first `SNIFF_BYTES`; null for what is no picture or video. TIFF-based RAW formats
 * without a magic number of their own come back as `tif` and are told apart by their tags later.
 */
export async function sniffMediaType(bytes: Uint8Array): Promise<MediaType | null> {
  const head = new Binary(bytes);
  // file-type knows neither CIFF (Canon's CRW: "HEAPCCDR" at 6) nor QuickTime without `ftyp` in all its forms.
  if (head.latin1(6, 8) === "HEAPCCDR") return typeOfExtension("crw");
  if (startsLikeQuickTime(head)) return typeOfExtension("mov");
  let found: { readonly ext: string } | undefined;
  try {
    found = await fileTypeFromBuffer(bytes);
  } catch {
    // Bytes that file-type trips over are no media file that anybody could show.
    return null;
  }
  if (found === undefined) return null;
  if (found.ext === "heic") {
    const brands = brandsOf(head);
    if (brands.some((brand) => AVIF_BRANDS.has(brand))) return typeOfExtension("avif");
    return typeOfExtension(brands.some((brand) => HEIC_BRANDS.has(brand)) ? "heic" : "heif");
  }
  return typeOfExtension(found.ext);
}
