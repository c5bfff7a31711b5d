import { sha256Of } from "../../../../src/infra/hash.js";
import type { Examined, MediaTraits } from "../../../../src/ports/photo-source.js";

const TRAITS: Readonly<Record<string, MediaTraits>> = {
  jpg: { kind: "image", mimeType: "image/jpeg", extension: "jpg" },
  heic: { kind: "image", mimeType: "image/heic", extension: "heic" },
  png: { kind: "image", mimeType: "image/png", extension: "png" },
  cr2: { kind: "raw", mimeType: "image/x-canon-cr2", extension: "cr2" },
  dng: { kind: "raw", mimeType: "image/x-adobe-dng", extension: "dng" },
  mov: { kind: "video", mimeType: "video/quicktime", extension: "mov", durationSeconds: 3 },
  mp4: { kind: "video", mimeType: "video/mp4", extension: "mp4", durationSeconds: 3 },
};

/** A file of a folder as it looks once examined; its kind follows from its name. */
export function examined(name: string, traits: Partial<MediaTraits> = {}): Examined {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const about = {
    location: { path: `/pictures/${name}` },
    name,
    sizeBytes: 1000,
    hash: sha256Of(new TextEncoder().encode(name)),
  };
  if (extension === "xmp" || extension === "json") return { ...about, kind: extension };
  const known = TRAITS[extension];
  return known === undefined
    ? { ...about, kind: "other" }
    : { ...about, kind: "media", traits: { ...known, ...traits } };
}
