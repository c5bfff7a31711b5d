import { PhotosyncError } from "../../domain/errors.js";
import type { Facts, Json } from "../../domain/photo.js";
import { factsOf } from "./facts.js";
import { boundedRaw } from "./raw-values.js";
import { parseXmp } from "./xmp.js";

/**
 * Reads an XMP sidecar. Throws `sidecar.invalid-xmp` for what is none: no RDF in it, cut off, larger than 8 MiB, or with
 * entities of its own, which could grow without bound.
 */
export function readXmpSidecar(bytes: Uint8Array): { facts: Facts; raw: Record<string, Json> } {
  const outcome = parseXmp(bytes);
  const why = outcome.kind === "refused" ? outcome.why : outcome.isComplete ? null : "it is cut off";
  if (outcome.kind === "refused" || why !== null) {
    throw new PhotosyncError({
      kind: "user",
      code: "sidecar.invalid-xmp",
      message: `The XMP sidecar cannot be read: ${why}.`,
      next: ["Open the sidecar in the program that wrote it and save it again, or remove it."],
    });
  }
  const warnings: string[] = [];
  const raw = boundedRaw(outcome.tags, warnings);
  return { facts: factsOf(outcome.tags, warnings), raw };
}
