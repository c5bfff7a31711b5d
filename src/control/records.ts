import { canonicalJson, PHOTO_KEY_ORDER } from "../domain/canonical-json.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import { documentName } from "../domain/ids.js";
import { isDeeperThan } from "../domain/json-depth.js";
import type { PhotoDocument } from "../domain/photo.js";
import { parseTakenDate } from "../domain/taken-date.js";
import type { DocumentRead, Documents } from "../ports/catalog.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import { migratePhoto } from "./migrations.js";
import { schemaErrors } from "./schemas.js";

/** Documents nest ten deep, and in `raw` as deep as a source did; canonical JSON ends at 500. */
const DEEPEST = 200;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** JSON of UTF-8 bytes; merge markers, cut-off text and endless nesting come out as a message, never as an exception. */
export function parseJson(bytes: Uint8Array): { readonly value: unknown } | { readonly problem: string } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { problem: "it is not UTF-8 text" };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isDeeperThan(value, DEEPEST) ? { problem: `it is nested more than ${DEEPEST} deep` } : { value };
  } catch (error) {
    // Texts in JSON hold no line breaks, so that what has such lines never gets past the parser.
    if (/^(?:<{7}|={7}|>{7})/m.test(text)) return { problem: "it holds merge markers of Git" };
    return { problem: error instanceof Error ? error.message : "it is not JSON" };
  }
}

const invalid = (path: string, code: string, what: string): DocumentRead => {
  const failure: Failure = {
    subject: path,
    code,
    message: `${path} is not a valid photo document: ${what}.`,
    hint: `Mend the file and commit it, or bring an earlier version back: git log -- ${path}, then git checkout COMMIT -- ${path}, then commit. photosync leaves it alone until then.`,
  };
  return { kind: "invalid", failure };
};

/** Whether a value obeys the schema of photo documents. */
export const isPhotoDocument = (value: unknown): value is PhotoDocument =>
  schemaErrors("photo", value).length === 0;

/** The photo document in `bytes`, migrated to the present version and checked against its schema. */
export function parsePhoto(path: string, bytes: Uint8Array): DocumentRead {
  const parsed = parseJson(bytes);
  if ("problem" in parsed) return invalid(path, "document.not-json", parsed.problem);
  const migrated = migratePhoto(parsed.value);
  if (migrated.kind === "newer") {
    return invalid(
      path,
      "document.newer-version",
      `it has schema version ${migrated.version}; update photosync`,
    );
  }
  const { value } = migrated;
  if (!isPhotoDocument(value)) {
    return invalid(path, "document.invalid", schemaErrors("photo", value).slice(0, 3).join("; "));
  }
  const { taken_date: taken } = value.metadata;
  if (taken !== null && parseTakenDate(taken) === null) {
    return invalid(path, "document.invalid", `/metadata/taken_date ${taken} is no date of any calendar`);
  }
  const name = documentName(path);
  if (value.photo_id !== name) {
    return invalid(path, "document.misnamed", `its photo_id is ${value.photo_id}, its file says ${name}`);
  }
  return { kind: "ok", document: value };
}

/** The edit that writes `document`. Throws `document.invalid` (bug) when it breaks the schema. */
export function photoEdit(path: string, document: PhotoDocument): FileEdit {
  const errors = schemaErrors("photo", document);
  if (errors.length > 0) {
    throw new PhotosyncError({
      kind: "bug",
      code: "document.invalid",
      message: `photosync was about to write an invalid document, ${path}: ${errors.slice(0, 3).join("; ")}.`,
      next: ["Nothing was changed. Please report this."],
    });
  }
  return { path, bytes: new TextEncoder().encode(canonicalJson(document, PHOTO_KEY_ORDER)) };
}

/** Documents of one revision of the library. */
export function documentsAt(control: ControlPlane, revision: string): Documents {
  return {
    async read(path) {
      const bytes = await control.readFile(revision, path);
      return bytes === null ? { kind: "absent" } : parsePhoto(path, bytes);
    },
    write: photoEdit,
  };
}
