import { readTombstones } from "../control/tombstones.js";
import { PhotosyncError } from "../domain/errors.js";
import type { PhotoDocument } from "../domain/photo.js";
import type { Tombstone } from "../domain/tombstone.js";
import type { Catalog, Documents, PhotoRow } from "../ports/catalog.js";
import type { ControlPlane } from "../ports/control-plane.js";
import type { Run } from "../ports/phase.js";
import type { ShowResult } from "./results.js";
import { withSession } from "./session.js";

/** How many candidates an ambiguous name lists. */
const CANDIDATES_SHOWN = 5;

/**
 * The one photo that `wanted` names: a photo id or the beginning of one (4 characters or more), a content hash or the
 * beginning of one, the path of its document, or its file name. Throws `photo.unknown` or `photo.ambiguous` (user).
 */
export function findPhoto(catalog: Catalog, wanted: string): PhotoRow {
  const isHash = wanted.startsWith("sha256:");
  const text = isHash ? wanted.slice("sha256:".length) : wanted;
  const isPrefix = /^[0-9a-f-]{4,}$/.test(text);
  const name = wanted.normalize("NFC").toLowerCase();
  const byIdentity: PhotoRow[] = [];
  const byName: PhotoRow[] = [];
  for (const row of catalog.rows()) {
    const named =
      isPrefix &&
      ((!isHash && row.photo_id.startsWith(text)) ||
        row.blobs.some((blob) => blob.hash.slice(7).startsWith(text)));
    if (named || row.path === wanted || wanted.endsWith(`/${row.path}`)) byIdentity.push(row);
    else if (row.filename.normalize("NFC").toLowerCase() === name) byName.push(row);
  }
  const found = byIdentity.length > 0 ? byIdentity : byName;
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) throw unknownPhoto(wanted);
  const some = found
    .slice(0, CANDIDATES_SHOWN)
    .map((row) => `${row.photo_id} (${row.filename}, ${row.taken_date ?? "undated"})`);
  throw new PhotosyncError({
    kind: "user",
    code: "photo.ambiguous",
    message: `${found.length} photos are named ${wanted}: ${some.join("; ")}.`,
    next: FIND_IT,
  });
}

const FIND_IT = ["Find its photo id with: photosync list"];

/** The error for a name that no photo has. */
export const unknownPhoto = (wanted: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "photo.unknown",
    message: `No photo has the id ${wanted}, or one that begins so.`,
    next: FIND_IT,
  });

/** The document of a photo in the catalog. Throws `document.unreadable` (user). */
export async function readPhoto(documents: Documents, { path }: PhotoRow): Promise<PhotoDocument> {
  const read = await documents.read(path);
  if (read.kind === "ok") return read.document;
  throw new PhotosyncError({
    kind: "user",
    code: "document.unreadable",
    message: `${path} cannot be read.`,
    next: ["See what is wrong with: photosync doctor"],
  });
}

/** As `findPhoto`; throws `photo.forgotten` (user) for the photo id or content hash of one that was forgotten. */
async function findUnforgotten(
  catalog: Catalog,
  wanted: string,
  tombstones: () => Promise<readonly Tombstone[]>,
): Promise<PhotoRow> {
  try {
    return findPhoto(catalog, wanted);
  } catch (error) {
    const tombstone = (await tombstones()).find(
      ({ photo_id, content_hashes }) =>
        photo_id === wanted || content_hashes.some((hash) => hash === wanted || hash === `sha256:${wanted}`),
    );
    if (tombstone === undefined) throw error;
    const { photo_id, forgotten_at, forgotten_by, pending } = tombstone;
    const left =
      pending.length === 0 ? "" : ` ${pending.join(", ")} could not be reached then and still has its bytes.`;
    throw new PhotosyncError({
      kind: "user",
      code: "photo.forgotten",
      message: `Photo ${photo_id} was forgotten on ${forgotten_at.slice(0, 10)} by ${forgotten_by}.${left}`,
      next:
        pending.length === 0 ? [] : ["Remove them once the store is there: photosync replicate --execute"],
    });
  }
}

/** One photo's document. */
export function show(
  libraryRoot: string,
  control: ControlPlane,
  photo: string,
  run: Run,
): Promise<ShowResult> {
  return withSession(libraryRoot, control, "show", "read", run, async ({ catalog, documents }) => {
    const row = await findUnforgotten(catalog, photo, () => readTombstones(control, catalog.revision, run));
    return {
      library: libraryRoot,
      dry_run: false,
      commit: null,
      counts: { photos: 1 },
      failures: [],
      outcome: "done",
      photo: await readPhoto(documents, row),
      path: row.path,
    };
  });
}
