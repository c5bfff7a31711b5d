import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { GitControlPlane } from "../control/git-control-plane.js";
import type { BundleName } from "../domain/bundle-name.js";
import { type Failure, PhotosyncError } from "../domain/errors.js";
import { fileError } from "../infra/durable-file.js";
import { untilAborted } from "../infra/until-aborted.js";
import type { BlobStore } from "../ports/blob-store.js";
import type { KeptBundle } from "../ports/bundle-shelf.js";
import type { Run } from "../ports/phase.js";

/** The generation that a library was made from, and newer ones that were of no use. */
export interface FetchedBundle {
  readonly name: BundleName;
  readonly bytes: number;
  readonly passedOver: readonly Failure[];
}

/**
 * Makes a repository without a commit the library of the newest bundle that holds together. A torn one is passed over and told.
 * Throws `recover.no-bundle` (integrity) where none is left, and what the store throws.
 */
export async function fetchBundle(
  store: BlobStore,
  generations: readonly KeptBundle[],
  control: GitControlPlane,
  libraryRoot: string,
  run: Run,
): Promise<FetchedBundle> {
  const folder = join(libraryRoot, ".photosync", "bundle");
  const passedOver: Failure[] = [];
  try {
    for (const bundle of [...generations].reverse()) {
      const file = join(folder, bundle.name);
      await download(store, bundle, folder, file, run);
      run.progress.stage("Checking the bundle and writing the library", {});
      try {
        await control.receiveBundle(file, run);
      } catch (error) {
        if (!(error instanceof PhotosyncError) || !error.code.startsWith("bundle.")) throw error;
        passedOver.push(torn(bundle, error));
        continue;
      }
      return { name: bundle.name, bytes: bundle.sizeBytes, passedOver };
    }
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
  throw noBundle(store, passedOver);
}

async function download(
  store: BlobStore,
  { name, sizeBytes }: KeptBundle,
  folder: string,
  file: string,
  run: Run,
): Promise<void> {
  run.progress.stage(`Fetching ${name}`, { bytes: sizeBytes });
  async function* watched(): AsyncIterable<Uint8Array> {
    for await (const chunk of untilAborted(store.bundles.get(name, run), run)) {
      yield chunk;
      run.progress.advance({ bytes: chunk.length });
    }
  }
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await pipeline(watched(), createWriteStream(file, { flags: "wx" }));
  } catch (error) {
    throw fileError(error, file, "write");
  }
}

const torn = ({ name }: KeptBundle, { code, message, next }: PhotosyncError): Failure => ({
  subject: name,
  code,
  message: `${name} was passed over: ${message}`,
  hint: `The one before it was taken. ${next.join(" ")}`,
});

const noBundle = (store: BlobStore, passedOver: readonly Failure[]): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: passedOver[0]?.code ?? "recover.no-bundle",
    message:
      passedOver.length === 0
        ? `Store ${store.name} holds no bundle of the library.`
        : passedOver.map(({ message }) => message).join(" "),
    next: [
      "Recover from another store, or from a clone of the library's Git repository; the originals in this one can be copied out by hand.",
    ],
  });
