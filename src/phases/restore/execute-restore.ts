import { join, posix } from "node:path";
import { type Failure, failureOf, PhotosyncError } from "../../domain/errors.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Documents } from "../../ports/catalog.js";
import type { FileTree, Written } from "../../ports/file-tree.js";
import type { Run } from "../../ports/phase.js";
import { inParallel } from "../in-parallel.js";
import type { StoreReader } from "./read-from-stores.js";
import {
  type PlannedBlob,
  type PlannedPhoto,
  type PlannedPlace,
  type RestorePlan,
  writtenPlaces,
} from "./restore-plan.js";
import { sidecarOf } from "./sidecar.js";

/** Photos restored at once. */
const PHOTOS_AT_ONCE = 8;

export interface RestoreDeps {
  readonly documents: Documents;
  readonly tree: FileTree;
  readonly reader: StoreReader;
}

/** What came of one place of the plan; a failure of null was told with another place, or is that of a store. */
export type PlaceResult =
  | { readonly kind: "done"; readonly place: PlannedPlace; readonly bytes: number }
  | { readonly kind: "failed"; readonly place: PlannedPlace; readonly failure: Failure | null };

/** The tree's own disk takes nothing more: everything that is left would meet the same. */
const isOfTheDisk = (error: unknown): error is PhotosyncError =>
  error instanceof PhotosyncError && (error.code === "restore.no-space" || error.data["errno"] === "EROFS");

/**
 * Carries out the plan, several photos at once, and yields one result for each place that it writes. One failing file does not
 * stop the rest; a full disk does, and is told once. Throws `cancelled`.
 */
export async function* executeRestore(
  plan: RestorePlan,
  deps: RestoreDeps,
  run: Run,
): AsyncGenerator<PlaceResult> {
  const stop: { error?: PhotosyncError } = {};
  yield* inParallel(plan.photos, PHOTOS_AT_ONCE, run, async function* (photo, call) {
    const inner = { ...run, signal: call.signal };
    const whole = new Set<string>();
    for (const blob of photo.blobs) yield* restoreBlob(photo, blob, deps, stop, whole, inner);
    yield* restoreSidecars(photo, deps, stop, whole, inner);
  });
}

type Stop = { error?: PhotosyncError };

/** The result of a place that met an error; its failure is null where the disk's own failure, told once, says it all. */
function failed(place: PlannedPlace, photoId: string, error: unknown, stop: Stop): PlaceResult {
  if (!isOfTheDisk(error)) return { kind: "failed", place, failure: failureOf(photoId, error) };
  const isFirst = stop.error === undefined;
  stop.error ??= error;
  return { kind: "failed", place, failure: isFirst ? failureOf(photoId, error) : null };
}

async function* restoreBlob(
  photo: PlannedPhoto,
  blob: PlannedBlob,
  { tree, reader }: RestoreDeps,
  stop: Stop,
  whole: Set<string>,
  run: Run,
): AsyncGenerator<PlaceResult> {
  const { photo_id, modifiedMs } = photo;
  const { hash, bytes: sizeBytes } = blob;
  for (const { path, state } of blob.places) {
    if (state !== "there") continue;
    whole.add(path);
    await tree.tidy(path);
  }
  let first = blob.places.find(({ state }) => state === "there")?.path;
  for (const place of writtenPlaces(blob)) {
    throwIfAborted(run);
    if (stop.error !== undefined) {
      yield { kind: "failed", place, failure: null };
      continue;
    }
    const { path } = place;
    const replaces = place.state === "replace";
    try {
      const linked = first === undefined ? "apart" : await tree.link(first, { path, replaces });
      let bytes = 0;
      let isDone = linked === "written";
      let failure = linked === "taken" ? taken(photo_id, tree, path) : null;
      if (linked === "apart") {
        const write = async (chunks: AsyncIterable<Uint8Array>) => {
          const counted = counting(chunks, (read) => run.progress.advance({ bytes: read }));
          return tree.write({ path, hash, sizeBytes, modifiedMs, replaces }, counted, run);
        };
        const fetched = await reader.fetch(photo_id, blob, write, run);
        if (fetched.kind === "none") failure = fetched.failure;
        else if (fetched.kind === "taken") failure = taken(photo_id, tree, path);
        else {
          bytes = sizeBytes;
          isDone = true;
        }
      }
      run.progress.advance({ count: 1 });
      if (isDone) {
        first ??= path;
        whole.add(path);
      }
      yield isDone ? { kind: "done", place, bytes } : { kind: "failed", place, failure };
    } catch (error) {
      throwIfAborted(run);
      yield failed(place, photo_id, error, stop);
    }
  }
}

async function* restoreSidecars(
  photo: PlannedPhoto,
  { documents, tree }: RestoreDeps,
  stop: Stop,
  whole: ReadonlySet<string>,
  run: Run,
): AsyncGenerator<PlaceResult> {
  for (const place of photo.sidecars) {
    if (place.state !== "write" && place.state !== "replace") continue;
    throwIfAborted(run);
    const { path, filename } = place;
    // What kept its file from being restored is told; a sidecar beside nothing would be an orphan.
    if (stop.error !== undefined || !whole.has(posix.join(posix.dirname(path), filename))) {
      yield { kind: "failed", place, failure: null };
      continue;
    }
    try {
      const { hash, bytes } = await sidecarOf(documents, photo.document, filename);
      const replaces = place.state === "replace";
      const file = { path, hash, sizeBytes: bytes.length, modifiedMs: null, replaces };
      const written: Written = await tree.write(file, once(bytes), run);
      yield written.kind === "written"
        ? { kind: "done", place, bytes: 0 }
        : { kind: "failed", place, failure: taken(photo.photo_id, tree, path) };
    } catch (error) {
      throwIfAborted(run);
      yield failed(place, photo.photo_id, error, stop);
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onRead(chunk.length);
    yield chunk;
  }
}

const taken = (photoId: string, tree: FileTree, path: string): Failure => ({
  subject: photoId,
  code: "restore.in-the-way",
  message: `${join(tree.root, path)} was written by somebody else meanwhile; it was left as it is.`,
  hint: "Run the same command again: it looks at what stands there.",
});
