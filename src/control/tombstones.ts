import { PhotosyncError } from "../domain/errors.js";
import { TOMBSTONES, type Tombstone, tombstonePath } from "../domain/tombstone.js";
import type { Call } from "../ports/call.js";
import type { ControlPlane, FileEdit } from "../ports/control-plane.js";
import { parseJson } from "./records.js";
import { schemaErrors } from "./schemas.js";

const isTombstone = (value: unknown): value is Tombstone => schemaErrors("tombstone", value).length === 0;

function invalid(path: string, what: string): PhotosyncError {
  return new PhotosyncError({
    kind: "user",
    code: "tombstone.invalid",
    message: `${path} is not a valid tombstone: ${what}. What it stands for could come back, so nothing was done.`,
    next: [
      `Bring an earlier version back (git log -- ${path}, git checkout COMMIT -- ${path}) and commit it.`,
    ],
  });
}

/**
 * The tombstones of a revision, sorted by photo id; nothing is read where there are none. Throws `tombstone.invalid` (user): a photo
 * whose tombstone cannot be read must not come back by that.
 */
export async function readTombstones(
  control: ControlPlane,
  revision: string,
  call: Call,
): Promise<readonly Tombstone[]> {
  const found: Tombstone[] = [];
  for await (const { path, oid } of control.listFiles(revision, TOMBSTONES, call)) {
    const parsed = parseJson(await control.readObject(oid));
    if ("problem" in parsed) throw invalid(path, parsed.problem);
    const { value } = parsed;
    if (!isTombstone(value)) throw invalid(path, schemaErrors("tombstone", value).slice(0, 3).join("; "));
    if (tombstonePath(value.photo_id) !== path) throw invalid(path, `its photo_id is ${value.photo_id}`);
    found.push(value);
  }
  return found;
}

/** The edit that writes a tombstone, its keys in the order of the schema. */
export const tombstoneEdit = (tombstone: Tombstone): FileEdit => ({
  path: tombstonePath(tombstone.photo_id),
  bytes: new TextEncoder().encode(`${JSON.stringify(tombstone, null, 2)}\n`),
});
