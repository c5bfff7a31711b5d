import type { Failure } from "../../domain/errors.js";
import { hexOf } from "../../domain/ids.js";
import type { BlobStore } from "../../ports/blob-store.js";
import type { Call } from "../../ports/call.js";
import type { Catalog } from "../../ports/catalog.js";
import { checksumEntries } from "../replicate/record.js";

async function* linesOf(text: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Recorded replicas of a store that its checksum list leaves out or gives another hash. Lines on other files are no concern. */
async function unlisted(catalog: Catalog, store: BlobStore, call: Call): Promise<number> {
  const expected = new Map<string, string>();
  for await (const { key, hash } of checksumEntries(catalog, store.name)) expected.set(key, hexOf(hash));
  if (expected.size === 0) return 0;
  let contradicted = 0;
  for await (const line of linesOf(store.readChecksumList(call))) {
    const [hex, key = ""] = line.split("  ", 2);
    const wanted = expected.get(key);
    if (wanted === undefined) continue;
    expected.delete(key);
    if (hex !== wanted) contradicted++;
  }
  return expected.size + contradicted;
}

/**
 * One failure for each store whose `SHA256SUMS` would mislead somebody who checks the store with it alone. Throws what
 * the stores throw.
 */
export async function checksumListFailures(
  catalog: Catalog,
  stores: readonly BlobStore[],
  call: Call,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const store of stores) {
    const wrong = await unlisted(catalog, store, call);
    if (wrong === 0) continue;
    failures.push({
      subject: `store ${store.name}`,
      code: "store.checksum-list",
      message: `SHA256SUMS in store ${store.name} leaves out, or gives another hash for, ${wrong} of the replicas recorded there.`,
      hint: "Run: photosync verify --repair, which writes it anew.",
    });
  }
  return failures;
}
