import { createHash } from "node:crypto";
import { parsePhoto, photoEdit } from "../../src/control/records.js";
import type { PhotoFound, Reading } from "../../src/domain/finding.js";
import { contentHash, documentPath, uuidV5 } from "../../src/domain/ids.js";
import { mergeFinding } from "../../src/domain/merge.js";
import type { PhotoDocument, SourceRecord } from "../../src/domain/photo.js";
import { resolveDocument } from "../../src/domain/resolve.js";
import { DEFAULT_RULES } from "../../src/domain/rules.js";
import { parseTakenDate } from "../../src/domain/taken-date.js";
import { promise } from "./target.js";

const HASH = contentHash("a".repeat(64));
const PHOTO_ID = uuidV5(HASH, (bytes) => createHash("sha1").update(bytes).digest());
const NOW = "2024-02-01T00:00:00Z";

/**
 * The document that comes of what a parser read, written and read again: whatever the bytes held, it obeys the schema, its
 * dates are dates, and resolving it twice is resolving it once.
 */
export function writtenDocument(
  reading: Reading,
  record: SourceRecord | null = null,
  filename = "x.jpg",
): PhotoDocument {
  const finding: PhotoFound = {
    service: "folder",
    original: { hash: HASH, filename, sizeBytes: 10, locations: [{ path: "x.jpg" }] },
    instances: [
      { id: "x.jpg", quality: "original", visibility: "unknown", locations: [{ path: "x.jpg" }], record },
    ],
    variants: [],
  };
  const context = { now: NOW, defaultVisibility: "private", photoId: PHOTO_ID } as const;
  const merged = mergeFinding(null, finding, new Map([[HASH, reading]]), context);
  const again = mergeFinding(merged, finding, new Map([[HASH, reading]]), { ...context, now: "later" });
  promise(again === merged, "finding it twice changes the document");
  const { document } = resolveDocument(merged, { enabledRules: DEFAULT_RULES, now: NOW });
  promise(
    resolveDocument(document, { enabledRules: DEFAULT_RULES, now: "later" }).document === document,
    "resolving it twice changes the document",
  );
  const taken = document.metadata.taken_date;
  promise(taken === null || parseTakenDate(taken) !== null, `taken_date ${taken} is no date`);
  const path = documentPath(taken, PHOTO_ID);
  const { bytes } = photoEdit(path, document);
  promise(bytes !== null, "no bytes");
  const read = parsePhoto(path, bytes);
  promise(read.kind === "ok", "the document that was written cannot be read");
  const once = Buffer.from(photoEdit(path, read.document).bytes ?? []);
  promise(once.equals(bytes), "writing the document that was read gives other bytes");
  return document;
}
