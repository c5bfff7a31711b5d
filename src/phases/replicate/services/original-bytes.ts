import { createHash } from "node:crypto";
import { PhotosyncError } from "../../../domain/errors.js";
import { contentHash } from "../../../domain/ids.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { Call } from "../../../ports/call.js";
import { placesOf } from "../blob-places.js";
import type { ReplicateDeps } from "../replicate-deps.js";
import { placeName, type SourceProblem, sourceFailure } from "../source-failure.js";
import type { OriginalBytes } from "./service-deps.js";
import type { UploadStep } from "./service-step.js";

type Deps = Pick<
  ReplicateDeps,
  "catalog" | "documents" | "stores" | "staging" | "locations" | "primary" | "suspects"
>;

interface BytePlace {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/** The stores that hold the blob in its right size, the primary one first. */
async function* inStores({ key, bytes }: UploadStep, deps: Deps, call: Call): AsyncGenerator<BytePlace> {
  const { stores, primary, suspects } = deps;
  const inTurn = [...stores.values()].sort(
    (a, b) => Number(b.name === primary) - Number(a.name === primary) || (a.name < b.name ? -1 : 1),
  );
  for (const store of inTurn) {
    if (suspects.has(store.name, key)) continue;
    const held = await store.stat([key], call).catch(() => null);
    throwIfAborted(call);
    if (held?.get(key) === bytes) yield { name: `store ${store.name}`, open: () => store.get(key, call) };
  }
}

async function placesFor(step: UploadStep, deps: Deps, call: Call): Promise<readonly BytePlace[]> {
  const { locations } = deps;
  const places: BytePlace[] = [];
  for await (const place of inStores(step, deps, call)) places.push(place);
  const staged = await deps.staging.find(step.hash, step.bytes);
  if (staged !== null) places.push({ name: staged, open: () => locations.open({ path: staged }, call) });
  if (places.length > 0) return places;
  const row = deps.catalog.row(step.photo_id);
  const read = row === null ? null : await deps.documents.read(row.path);
  const known = read?.kind === "ok" ? placesOf(read.document, step.key) : null;
  return (known?.locations ?? []).map((location) => ({
    name: placeName(location),
    open: () => locations.open(location, call),
  }));
}

/** An upload's original from a store, from bytes kept at hand, else from where discover found it; see `OriginalBytes`. */
export class Original implements OriginalBytes {
  readonly #step: UploadStep;
  readonly #deps: Deps;
  readonly #call: Call;
  #places: Promise<readonly BytePlace[]> | null = null;
  #left = 0;
  #turn = 0;
  readonly #problems: SourceProblem[] = [];
  #failure: PhotosyncError | null = null;

  constructor(step: UploadStep, deps: Deps, call: Call) {
    this.#step = step;
    this.#deps = deps;
    this.#call = call;
  }

  get failure(): PhotosyncError | null {
    return this.#failure;
  }

  get isExhausted(): boolean {
    return this.#left <= 1;
  }

  nextPlace(): void {
    this.#turn += 1;
    this.#left -= 1;
    this.#failure = null;
  }

  async *open(): AsyncGenerator<Uint8Array> {
    this.#places ??= placesFor(this.#step, this.#deps, this.#call);
    const places = await this.#places;
    this.#left = places.length - this.#turn;
    const place = places[this.#turn];
    if (place === undefined) throw this.#failed();
    const bytes = place.open()[Symbol.asyncIterator]();
    const hasher = createHash("sha256");
    let held: Uint8Array | null = null;
    try {
      for (;;) {
        const next = await this.#read(bytes, place);
        if (next === null) break;
        if (held !== null) yield held;
        held = next;
        hasher.update(next);
      }
      if (contentHash(hasher.digest("hex")) !== this.#step.hash) {
        throw this.#failed({ where: place.name, changed: true, message: "other bytes than recorded" });
      }
      if (held !== null) yield held;
    } finally {
      await bytes.return?.();
    }
  }

  async #read(bytes: AsyncIterator<Uint8Array>, place: BytePlace): Promise<Uint8Array | null> {
    try {
      const next = await bytes.next();
      return next.done === true ? null : next.value;
    } catch (error) {
      throwIfAborted(this.#call);
      const message = error instanceof Error ? error.message : String(error);
      throw this.#failed({ where: place.name, changed: false, message });
    }
  }

  #failed(problem?: SourceProblem): PhotosyncError {
    if (problem !== undefined) this.#problems.push(problem);
    const { photo_id, filename, hash } = this.#step;
    const { code, message, hint } = sourceFailure({ photoId: photo_id, filename, hash }, this.#problems);
    const failure = new PhotosyncError({ kind: "partial", code, message, next: [hint] });
    this.#failure = failure;
    return failure;
  }
}
