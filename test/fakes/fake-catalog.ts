import { RunningSums } from "../../src/control/catalog-sums.js";
import { rowOf } from "../../src/control/photo-row.js";
import { canonicalJson, compareCodePoints, PHOTO_KEY_ORDER } from "../../src/domain/canonical-json.js";
import type { Failure } from "../../src/domain/errors.js";
import { blobKey, documentPath } from "../../src/domain/ids.js";
import type { InstanceCopy, Media, PhotoDocument, Replica, Variant } from "../../src/domain/photo.js";
import { photoIdOf, sha256Of } from "../../src/infra/hash.js";
import type { Catalog, DocumentRead, Documents } from "../../src/ports/catalog.js";
import type { FileEdit } from "../../src/ports/control-plane.js";

/** What the builder makes of a photo's bytes when nothing else is said. */
const DEFAULT_TIME = "2024-02-01T00:00:00Z";

const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);
const mediaOf = (content: string): Media => ({ mime_type: "image/jpeg", bytes: bytesOf(content).length });

export interface PhotoOptions {
  /** The original's bytes as text; they decide the hash, the photo id, the key and the size. */
  readonly content?: string;
  readonly filename?: string;
  readonly taken?: string | null;
  /** Where the original is to be found, as `folder` saw it. */
  readonly locations?: InstanceCopy["locations"];
  readonly variants?: readonly Variant[];
  /** Names of stores that hold a replica of the original. */
  readonly stores?: readonly string[];
  readonly state?: PhotoDocument["processing_state"];
  /** Fields to put in place of what the builder would make. */
  readonly with?: Partial<PhotoDocument>;
}

const replicasOf = (stores: readonly string[], key: Replica["key"]): Readonly<Record<string, Replica>> =>
  Object.fromEntries(stores.map((store) => [store, { key, verified_at: DEFAULT_TIME }]));

const instanceOf = (id: string, locations: InstanceCopy["locations"]) => ({
  id,
  quality: "original" as const,
  last_sync: DEFAULT_TIME,
  visibility: "unknown" as const,
  ...(locations === undefined ? {} : { locations }),
});

/** A valid document of a photo found in a folder, resolved and stored nowhere unless the options say so. */
export function photoDocument(options: PhotoOptions = {}): PhotoDocument {
  const { content = "picture", filename = "IMG_1.jpg", taken = "2024-01-15T10:30:00", stores = [] } = options;
  const hash = sha256Of(bytesOf(content));
  const photoId = photoIdOf(hash);
  const key = blobKey(taken, photoId, hash, "jpg");
  return {
    schema_version: 1,
    photo_id: photoId,
    content_hash: hash,
    canonical_source: `folder:${filename}`,
    source_of_truth_path: `/photos/${filename}`,
    blob_key: key,
    media: mediaOf(content),
    metadata: { taken_date: taken, filename, tags: [] },
    visibility: { canonical: "private", per_service: {}, discrepancies: [] },
    processing_state: options.state ?? "resolved",
    conflicts: [],
    ...(options.variants === undefined ? {} : { variants: options.variants }),
    instances: { folder: instanceOf(filename, options.locations ?? [{ path: `/photos/${filename}` }]) },
    replicas: replicasOf(stores, key),
    sources: {},
    created_at: DEFAULT_TIME,
    updated_at: DEFAULT_TIME,
    ...options.with,
  };
}

/** Other bytes of the photo whose original has the content `of`. */
export function variantOf(
  of: string,
  options: Pick<PhotoOptions, "filename" | "locations" | "stores"> & {
    readonly content: string;
    readonly role?: Variant["role"];
  },
): Variant {
  const { content, filename = "IMG_1-edited.jpg", role = "edited", stores = [] } = options;
  const hash = sha256Of(bytesOf(content));
  const key = blobKey("2024-01-15T10:30:00", photoIdOf(sha256Of(bytesOf(of))), hash, "jpg");
  return {
    content_hash: hash,
    role,
    filename,
    media: mediaOf(content),
    blob_key: key,
    instances: { folder: instanceOf(filename, options.locations ?? [{ path: `/photos/${filename}` }]) },
    replicas: replicasOf(stores, key),
  };
}

/** A library's documents in memory: what phases read, and a way to take in the edits they hand back. */
export interface FakeLibrary {
  /** The catalog of the documents as they are now; another revision after each `apply` that changed something. */
  catalog(): Catalog;
  readonly documents: Documents;
  /** The document of a photo; throws when there is none. */
  get(photoId: string): PhotoDocument;
  /** Takes in the edits, as one commit, and tells how many there were. */
  apply(
    edits: Iterable<FileEdit | readonly FileEdit[]> | AsyncIterable<FileEdit | readonly FileEdit[]>,
  ): Promise<number>;
}

/** A library with these documents; rows come in the order given unless `sorted` (the default). */
export function fakeLibrary(
  initial: readonly PhotoDocument[],
  options: { readonly invalid?: readonly Failure[]; readonly sorted?: boolean } = {},
): FakeLibrary {
  const files = new Map(
    initial.map((document) => [documentPath(document.metadata.taken_date, document.photo_id), document]),
  );
  let commits = 1;
  const catalog = (): Catalog => {
    const rows = Array.from(files, ([path, document]) => rowOf(path, document));
    if (options.sorted ?? true) rows.sort((a, b) => compareCodePoints(a.photo_id, b.photo_id));
    const byId = new Map(rows.map((row) => [row.photo_id, row]));
    const byHash = new Map(
      rows.flatMap((row) => row.blobs.map((blob) => [blob.hash, row.photo_id] as const)),
    );
    return {
      revision: commits.toString(16).padStart(40, "0"),
      rows: () => rows,
      blobs: () => rows,
      row: (photoId) => byId.get(photoId) ?? null,
      sums: () => RunningSums.of(rows),
      photoOfHash: (hash) => byHash.get(hash) ?? null,
      invalid: () => options.invalid ?? [],
      claims: async () => new Map(),
    };
  };
  return {
    catalog,
    documents: {
      async read(path): Promise<DocumentRead> {
        const document = files.get(path);
        return document === undefined ? { kind: "absent" } : { kind: "ok", document };
      },
      write: (path, document) => ({ path, bytes: bytesOf(canonicalJson(document, PHOTO_KEY_ORDER)) }),
    },
    get(photoId) {
      const found = [...files.values()].find((document) => document.photo_id === photoId);
      if (found === undefined) throw new Error(`no document of photo ${photoId}`);
      return found;
    },
    async apply(edits) {
      let count = 0;
      for await (const group of edits) {
        for (const { path, bytes } of [group].flat()) {
          count++;
          if (bytes === null) files.delete(path);
          else files.set(path, JSON.parse(new TextDecoder().decode(bytes)));
        }
      }
      if (count > 0) commits++;
      return count;
    },
  };
}
