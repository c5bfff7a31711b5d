import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobKey } from "../../../src/domain/ids.js";
import type { BlobStore } from "../../../src/ports/blob-store.js";
import { blobOf, sampleBytes } from "../../contract/blob-store-samples.js";

/** A call that nobody aborts. */
export const call = { signal: new AbortController().signal };

/** The small blob of a number, in a month. */
export const sample = (seed: number, month?: string) => blobOf(sampleBytes(2000, seed), month, 700);

/** Runs with a fresh folder and removes it afterwards. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "photosync-local-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The keys that a store lists. */
export async function listed(store: BlobStore, after?: BlobKey): Promise<BlobKey[]> {
  const keys: BlobKey[] = [];
  for await (const { key } of store.list(after === undefined ? call : { ...call, after })) keys.push(key);
  return keys;
}
