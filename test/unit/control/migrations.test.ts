import { describe, expect, it } from "vitest";
import { migratePhoto } from "../../../src/control/migrations.js";
import { parsePhoto, photoEdit } from "../../../src/control/records.js";
import { mergeFinding } from "../../../src/domain/merge.js";
import type { Finding } from "../../../src/ports/photo-source.js";
import { photoDocument } from "../../fakes/fake-catalog.js";

const { photo_id, content_hash } = photoDocument();
const HEX = content_hash.slice("sha256:".length);

/** A document as the first design wrote it down, before it had a version. */
const FIRST_DESIGN = {
  photo_id,
  content_hash,
  canonical_source: "google-photos:AF1QipM",
  source_of_truth_path: "blobs/2024/01/original-filename.jpg",
  instances: {
    "google-photos": {
      id: "AF1QipM",
      quality: "high",
      last_sync: "2024-01-15T10:30:00Z",
      url: "https://photos.example.org/AF1QipM",
    },
    flickr: { id: "53412", quality: "original", last_sync: "2024-01-15T10:30:00Z" },
  },
  metadata: {
    taken_date: "2024-01-15T10:30:00Z",
    filename: "original-filename.JPG",
    location: { lat: 37.7749, lng: -122.4194 },
    tags: ["vacation", "beach"],
    caption: "Sunset at Ocean Beach",
    camera_info: { make: "Apple", model: "iPhone 14" },
  },
  visibility: {
    canonical: "private",
    per_service: { flickr: "public", "google-photos": "private" },
    discrepancies: [{ service: "flickr", current: "public", canonical: "private" }],
  },
  processing_state: "discovered",
  conflicts: [
    {
      type: "metadata_mismatch",
      description: "Different captions across services",
      services: ["google-photos", "flickr"],
      resolution_required: true,
    },
  ],
  created_at: "2024-01-15T10:30:00Z",
  updated_at: "2024-01-16T09:15:00Z",
};

const path = `photos/2024/01/${photo_id}.json`;
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("migratePhoto", () => {
  it("makes a valid document of the first design's, and keeps all that it said", () => {
    const read = parsePhoto(path, bytesOf(FIRST_DESIGN));
    expect(read).toMatchObject({
      kind: "ok",
      document: {
        ...FIRST_DESIGN,
        schema_version: 1,
        blob_key: `2024/01/${photo_id}-${HEX}.jpg`,
        media: { mime_type: "image/jpeg" },
        instances: { flickr: { visibility: "unknown" } },
        conflicts: [{ ...FIRST_DESIGN.conflicts[0], field: "caption", values: {} }],
        replicas: {},
        sources: {},
      },
    });
    if (read.kind !== "ok") return;
    const again = parsePhoto(path, photoEdit(path, read.document).bytes ?? new Uint8Array());
    expect(again).toEqual(read);
  });

  it("leaves the size, which the first design did not know, to the next look at the original", () => {
    const read = parsePhoto(path, bytesOf(FIRST_DESIGN));
    if (read.kind !== "ok") return expect.unreachable("the document is not valid");
    const location = { path: "/pictures/a.jpg" };
    const finding: Finding = {
      kind: "photo",
      service: "folder",
      original: {
        hash: read.document.content_hash,
        filename: "a.jpg",
        sizeBytes: 1234,
        locations: [location],
      },
      instances: [
        { id: "a", quality: "original", visibility: "private", locations: [location], record: null },
      ],
      variants: [],
    };
    const context = { now: "2024-02-01T00:00:00Z", defaultVisibility: "private", photoId: photo_id } as const;
    expect(mergeFinding(read.document, finding, new Map(), context).media.bytes).toBe(1234);
  });

  it.each([
    ["nothing but an id", { photo_id }],
    ["fields of the wrong kind", { photo_id, metadata: 3, instances: "none", conflicts: {} }],
    [
      "things without a text in the places of text",
      { photo_id: { toString: 1 }, conflicts: [{ description: { toString: 1 } }] },
    ],
    ["a version that is no number", { ...photoDocument(), schema_version: "1" }],
    ["a version before the first", { ...photoDocument(), schema_version: -1 }],
    ["a version in between", { ...photoDocument(), schema_version: 0.5 }],
    ["a list", [photoDocument()]],
    ["null", null],
  ])("leaves %s for the schema to refuse", (_what, value) => {
    expect(parsePhoto(path, bytesOf(value))).toMatchObject({
      kind: "invalid",
      failure: { code: "document.invalid" },
    });
  });

  it("leaves the present version as it is", () => {
    const document = photoDocument();
    expect(migratePhoto(document)).toEqual({ kind: "current", value: document });
  });

  it("refuses a later version, whatever it holds", () => {
    expect(migratePhoto({ schema_version: 2 })).toEqual({ kind: "newer", version: 2 });
    expect(parsePhoto(path, bytesOf({ ...photoDocument(), schema_version: 7 }))).toMatchObject({
      kind: "invalid",
      failure: { code: "document.newer-version" },
    });
  });
});
