import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "./benchmark.js";
import { photoBytes, storedDocument, writeDocumentStream } from "./make-documents.js";
import { writeJpegs } from "./make-jpegs.js";
import { measure, settle } from "./measure.js";
import { intoLibrary, photosync } from "./program.js";
import type { S3World } from "./s3-world.js";

const COMMIT_DOCUMENTS = fileURLToPath(new URL("commit-documents.ts", import.meta.url));
/** Tiny objects are bounded by round trips. */
const AT_ONCE = "32";

/**
 * A library of so many small blobs, each in its local store and in the bucket `ours`, recorded and proven. One photo comes in by photosync's own
 * three phases, which makes both stores what they are; the others' documents are committed at once, and their bytes brought by rclone: the
 * program itself would take half an hour, and what is to be measured is what comes after it.
 */
export async function storedLibrary(bench: Bench, world: S3World, count: number): Promise<string> {
  const library = join(bench.dir, "library");
  const sources = join(bench.dir, "sources");
  await mkdir(sources, { recursive: true });
  await writeJpegs(sources, 1, 10_000);
  await intoLibrary(library, [sources]);
  await world.makeBucket("ours");
  await world.addStore(library, "ours");
  await photosync(library, ["replicate", "--execute"], { env: world.env });

  bench.log(`committing ${count} documents`);
  const numbers = Array.from({ length: count }, (_, number) => number);
  const documentOf = (number: number) => storedDocument(number, ["local", "cloud"]);
  const stream = join(bench.dir, "documents.fast-import");
  await writeDocumentStream(stream, numbers, { make: documentOf });
  await measure([process.execPath, ...process.execArgv, COMMIT_DOCUMENTS, library, stream]);
  await rm(stream);
  const blobs = join(library, "blobs");
  let folder = "";
  for (const number of numbers) {
    const path = join(blobs, documentOf(number).blob_key);
    if (dirname(path) !== folder) await mkdir(dirname(path), { recursive: true });
    folder = dirname(path);
    await writeFile(path, photoBytes(number), { mode: 0o444 });
  }
  bench.log("bringing their bytes to the bucket");
  const quickly = ["--transfers", AT_ONCE, "--s3-no-head", "--no-check-dest", "--s3-no-check-bucket"];
  await measure(world.rclone("copy", ...quickly, blobs, "ceph:ours"));
  bench.log("the first look at all of it");
  await photosync(library, ["replicate", "--execute"], { env: world.env });
  settle();
  return library;
}
