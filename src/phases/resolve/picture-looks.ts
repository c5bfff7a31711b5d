import type { Appearance } from "../../domain/identity/appearance.js";
import { type Sketch, sketchOf } from "../../domain/identity/sketch.js";
import { type ContentHash, isContentHash, type PhotoId } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import type { IdentityIndex } from "../../ports/identity-index.js";
import type { PictureBytes } from "../../ports/picture-bytes.js";
import type { PictureReader } from "../../ports/picture-reader.js";
import { inParallel } from "../in-parallel.js";

/** A picture that is to be looked at, and the photo that has it. */
export interface Looked {
  readonly photoId: PhotoId;
  readonly appearance: Appearance;
}

export interface LookDeps {
  readonly index: Pick<IdentityIndex, "look" | "keepLook">;
  /** Asked for when a picture has to be read, and its reader when it has to be decoded: loading them takes time and memory. */
  readonly bytes: () => Promise<PictureBytes>;
  readonly reader: () => Promise<PictureReader>;
}

/** How many pictures are read and decoded at once; sharp works on each with threads of its own. */
const PARALLEL_LOOKS = 3;

/**
 * How these pictures look, by content hash: null for one that cannot be decoded, nothing for one whose bytes cannot be had now. Each
 * picture is decoded once and remembered. Throws only `cancelled`.
 */
export async function looksOf(
  pictures: Iterable<Looked>,
  deps: LookDeps,
  call: Call,
  /** Told of each picture whose bytes were asked for. */
  onLooked: () => void,
): Promise<ReadonlyMap<string, Sketch | null>> {
  const looks = new Map<string, Sketch | null>();
  const waiting: { readonly photoId: PhotoId; readonly hash: ContentHash }[] = [];
  for (const { photoId, appearance } of pictures) {
    const hash = appearance.id;
    if (!isContentHash(hash)) continue;
    const known = deps.index.look(hash);
    if (known === undefined) waiting.push({ photoId, hash });
    else looks.set(hash, known);
  }
  const looked = inParallel(waiting, PARALLEL_LOOKS, call, async function* ({ photoId, hash }, inner) {
    throwIfAborted(inner);
    const bytes = await (await deps.bytes()).read(photoId, hash, inner);
    if (bytes === null) return yield null;
    const seen = await (await deps.reader()).look(bytes, inner);
    yield { hash, sketch: seen.kind === "seen" ? sketchOf(seen) : null };
  });
  for await (const one of looked) {
    onLooked();
    if (one === null) continue;
    deps.index.keepLook(one.hash, one.sketch);
    looks.set(one.hash, one.sketch);
  }
  return looks;
}
