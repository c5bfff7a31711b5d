import type { IndexedInstance } from "../../../control/index-records.js";
import type { ContentHash } from "../../../domain/ids.js";
import type { InstanceCopy } from "../../../domain/photo.js";
import type { ServiceInstance } from "../../../ports/photo-service.js";
import type { Finding, FoundFile, FoundInstance } from "../../../ports/photo-source.js";
import { placeOf } from "./downloaded.js";

/** The bytes that an instance was found to hold. */
export interface FoundBytes {
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  /** What the bytes are; `unknown` where nothing new was learned of that. */
  readonly quality: InstanceCopy["quality"];
  /** When it was taken, as the bytes themselves say. */
  readonly takenDate?: string;
}

const fileOf = ({ hash, bytes }: Pick<IndexedInstance, "hash" | "bytes">, filename: string): FoundFile => ({
  hash,
  filename,
  sizeBytes: bytes,
  locations: [],
});

/** What says of an instance that these bytes are no longer there under its id. */
const goneInstance = (id: string): FoundInstance => ({
  id,
  quality: "unknown",
  visibility: "unknown",
  locations: [],
  record: null,
  isCurrent: true,
  isGone: true,
});

/** An instance of which the service says that it is gone: what the library knows of it stays. */
export const goneFinding = (service: string, id: string, known: IndexedInstance): Finding => ({
  kind: "photo",
  service,
  original: fileOf(known, id),
  instances: [goneInstance(id)],
  variants: [],
});

/** What the library knows beside what an instance shows. */
export interface Beside {
  /** What it knows under the instance's id. */
  readonly before: IndexedInstance | null;
  /** True where the bytes are those of another photo than that. */
  readonly isOwnPhoto: boolean;
  /** The original that the bytes are a rendition of, where it is known by other signs than an id. */
  readonly original: Pick<IndexedInstance, "hash" | "bytes"> | null;
}

/**
 * What an instance shows, with the bytes that it was found to hold. Where the library knows other bytes under its id, both stay: a
 * rendition becomes the lower-quality variant of the original that has come, or the other way round; bytes that were replaced
 * become a variant of the photo that they replaced, unless they are a photo of their own already (`isOwnPhoto`).
 */
export function findingsOf(
  service: string,
  instance: ServiceInstance,
  found: FoundBytes,
  { before, isOwnPhoto, original }: Beside,
): readonly Finding[] {
  const { id, filename, url, visibility, record, bytesStamp } = instance;
  const seen: FoundInstance = {
    id,
    ...(url === undefined ? {} : { url }),
    quality: found.quality,
    visibility,
    locations: [],
    record,
    isCurrent: true,
    bytesStamp,
  };
  const { hash, sizeBytes } = found;
  const file: FoundFile = { hash, filename, sizeBytes, locations: [placeOf(service, instance)] };
  const plain: Finding = {
    kind: "photo",
    service,
    original: file,
    instances: [seen],
    variants: [],
  };
  if (before === null && original !== null) {
    const variants = [{ role: "lower-quality" as const, file, instances: [seen] }];
    return [{ ...plain, original: fileOf(original, filename), instances: [], variants }];
  }
  if (before === null || before.hash === hash) return [plain];
  const gone = [goneInstance(id)];
  const old = fileOf(before, filename);
  if (found.quality === "original" && before.quality !== "original") {
    return [{ ...plain, variants: [{ role: "lower-quality", file: old, instances: gone }] }];
  }
  if (isOwnPhoto) return [plain, goneFinding(service, id, before)];
  const role = found.quality === "original" ? "other" : "lower-quality";
  return [{ ...plain, original: old, instances: gone, variants: [{ role, file, instances: [seen] }] }];
}
