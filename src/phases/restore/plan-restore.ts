import { join } from "node:path";
import { type Failure, failureOf } from "../../domain/errors.js";
import type { BlobKey } from "../../domain/ids.js";
import type { BlobRow, Catalog, Documents, PhotoRow } from "../../ports/catalog.js";
import type { FileTree } from "../../ports/file-tree.js";
import type { Run } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import { captureTime } from "./capture-time.js";
import { type Layout, namePhotos, type PhotoWithNames, wantedBlobs } from "./name-photos.js";
import type { PlannedBlob, PlannedPhoto, PlannedPlace, RestorePlan } from "./restore-plan.js";
import { sidecarOf } from "./sidecar.js";
import { treeVerdicts, type Verdicts } from "./verdicts.js";

export interface RestoreRequest {
  readonly catalog: Catalog;
  readonly documents: Documents;
  readonly tree: FileTree;
  /** The photos to restore. */
  readonly selected: readonly PhotoRow[];
  readonly layout: Layout;
  /** Names of the stores that may be asked, best first. */
  readonly stores: readonly string[];
  /** Why other stores cannot be asked, by name. */
  readonly gone: ReadonlyMap<string, string>;
  /** Whether a replica was found bad before: it is asked last. */
  readonly isSuspect: (store: string, key: BlobKey) => boolean;
  /** Whether files with other bytes may be replaced. */
  readonly overwrite: boolean;
}

const LOOKS = 8;

type Judged = { readonly photo: PlannedPhoto; readonly failures: readonly Failure[] };

/**
 * Plans what a restore will write. Only reads: the tree's names, the bytes of files that stand where a photo's are to go, and the
 * documents of photos whose sidecar stands there. The same library, stores and tree give the same plan.
 */
export async function planRestore(request: RestoreRequest, run: Run): Promise<RestorePlan> {
  const verdicts = treeVerdicts(request.tree);
  const named = await namePhotos(request.catalog, request.selected, request.layout, verdicts, run);
  const photos: PlannedPhoto[] = [];
  const failures: Failure[] = [];
  const judged = inParallel(named, LOOKS, run, async function* (photo, call): AsyncGenerator<Judged> {
    yield await judge(photo, request, verdicts, { ...run, signal: call.signal });
  });
  for await (const one of judged) {
    photos.push(one.photo);
    failures.push(...one.failures);
  }
  const firstPath = ({ blobs }: PlannedPhoto) => blobs[0]?.places[0]?.path ?? "";
  const at = new Map(photos.map((photo) => [photo, firstPath(photo)]));
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  photos.sort((a, b) => order(at.get(a) ?? "", at.get(b) ?? ""));
  failures.sort((a, b) => order(a.subject + a.message, b.subject + b.message));
  return { photos, failures };
}

async function judge(
  { row, folders }: PhotoWithNames,
  request: RestoreRequest,
  verdicts: Verdicts,
  run: Run,
): Promise<Judged> {
  const failures: Failure[] = [];
  const blobs: PlannedBlob[] = [];
  for (const [index, blob] of wantedBlobs(row, request.layout).entries()) {
    const paths = folders.map(({ folder, names }) => `${folder}/${names.files[index]}`);
    blobs.push(await judgeBlob(row, blob, paths, request, verdicts, failures, run));
  }
  const [original] = blobs;
  const sidecars: PlannedPhoto["sidecars"][number][] = [];
  for (const [index, { folder, names }] of folders.entries()) {
    const filename = names.files[0];
    // Beside another's file it would speak of what it does not know.
    if (names.sidecar === null || filename === undefined || original?.places[index]?.state === "held")
      continue;
    const path = `${folder}/${names.sidecar}`;
    const state = await judgeSidecar(row, path, filename, request, verdicts, failures, run);
    sidecars.push({ path, filename, state });
  }
  const { photo_id, path: document, taken_date } = row;
  return { photo: { photo_id, document, modifiedMs: captureTime(taken_date), blobs, sidecars }, failures };
}

async function judgeBlob(
  row: PhotoRow,
  blob: BlobRow,
  paths: readonly string[],
  request: RestoreRequest,
  verdicts: Verdicts,
  failures: Failure[],
  run: Run,
): Promise<PlannedBlob> {
  const { role, hash, key, bytes } = blob;
  const holders = request.stores.filter((store) => blob.stores[store] !== undefined);
  const isSuspect = (store: string) => Number(request.isSuspect(store, key));
  const stores = holders.toSorted((a, b) => isSuspect(a) - isSuspect(b));
  const judged = await Promise.all(
    paths.map(async (path) => ({ path, verdict: await verdicts.of(path, blob, run) })),
  );
  const isWhole = judged.some(({ verdict }) => verdict === "same");
  const isLacking = stores.length === 0 && !isWhole && judged.some(({ verdict }) => verdict !== "same");
  if (isLacking) failures.push(noReplica(row, blob, request));
  const places = judged.map(({ path, verdict }): PlannedPlace => {
    if (verdict === "same") return { path, state: "there" };
    if (verdict === "foreign" || (verdict === "other" && !request.overwrite)) {
      failures.push(inTheWay(row.photo_id, request.tree, path, verdict));
      return { path, state: "held" };
    }
    if (isLacking) return { path, state: "held" };
    return { path, state: verdict === "other" ? "replace" : "write" };
  });
  return { role, hash, key, bytes, stores, places };
}

async function judgeSidecar(
  row: PhotoRow,
  path: string,
  filename: string,
  { documents, overwrite, tree }: RestoreRequest,
  verdicts: Verdicts,
  failures: Failure[],
  run: Run,
): Promise<PlannedPlace["state"]> {
  const standing = await verdicts.look(path);
  if (standing.kind === "absent") return "write";
  if (standing.kind === "foreign") {
    failures.push(inTheWay(row.photo_id, tree, path, "foreign"));
    return "held";
  }
  try {
    const { hash, bytes } = await sidecarOf(documents, row.path, filename);
    const verdict = await verdicts.of(path, { hash, bytes: bytes.length }, run);
    if (verdict === "same") return "there";
    if (overwrite) return "replace";
    failures.push({
      subject: row.photo_id,
      code: "restore.sidecar-differs",
      message: `${join(tree.root, path)} says something else than the library does; it was left as it is.`,
      hint: "To have it written anew: the same command with --overwrite.",
    });
  } catch (error) {
    if (run.signal.aborted) throw error;
    failures.push(failureOf(row.photo_id, error));
  }
  return "held";
}

function noReplica(
  row: PhotoRow,
  { role, stores }: BlobRow,
  { gone, stores: asked }: RestoreRequest,
): Failure {
  const what = role === "original" ? row.filename : `the ${role} version of ${row.filename}`;
  const holders = Object.keys(stores).sort();
  if (holders.length === 0) {
    return {
      subject: row.photo_id,
      code: "restore.no-replica",
      message: `No store holds ${what}: it was never replicated.`,
      hint: "Bring it into a store with: photosync replicate --execute; then run this again.",
    };
  }
  const whys = holders.flatMap((store) => gone.get(store) ?? []);
  return whys.length > 0
    ? {
        subject: row.photo_id,
        code: "restore.store-out-of-reach",
        message: `${what} is in ${holders.join(", ")} alone, which cannot be asked: ${whys.join("; ")}`,
        hint: "Connect that store (photosync doctor tells what is wrong), then run the same command again.",
      }
    : {
        subject: row.photo_id,
        code: "restore.not-in-store",
        message: `${what} is not in ${asked.join(", ")}, but in ${holders.join(", ")}.`,
        hint: "Leave out --from, or name one of these.",
      };
}

const inTheWay = (photoId: string, tree: FileTree, path: string, verdict: "other" | "foreign"): Failure => ({
  subject: photoId,
  code: "restore.in-the-way",
  message:
    verdict === "other"
      ? `${join(tree.root, path)} holds other bytes than the library's; it was left as it is.`
      : `${join(tree.root, path)} is no place for a file: a folder or a link stands there or on the way there.`,
  hint:
    verdict === "other"
      ? "To have it replaced: the same command with --overwrite. To keep both: restore to another folder."
      : "Move it away, or restore to another folder.",
});
