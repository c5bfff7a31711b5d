import { PhotosyncError } from "../../domain/errors.js";
import { type BlobKey, isBlobKey } from "../../domain/ids.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import { headObject, type ListPage, listObjects } from "./s3-objects.js";
import type { S3Parts } from "./s3-parts.js";

const HEADS_AT_ONCE = 24;

/**
 * Every blob in the bucket sorted by key, from after `after`; the next page is asked for while one is read. Throws `store.unreliable` for a
 * server that does not list in order: what it left out could not be told from what is missing.
 */
export async function* listBucket(
  { requests, name }: S3Parts,
  after: BlobKey | undefined,
  call: Call,
): AsyncGenerator<{ readonly key: BlobKey; readonly sizeBytes: number }> {
  const { prefix } = requests.place;
  const from = after === undefined ? {} : { after: prefix + after };
  const ask = (token: string | null): Promise<ListPage> | null => {
    if (token === null) return null;
    const page = listObjects(requests, { prefix, ...from, token }, call);
    // Its failure is met when its turn comes.
    page.catch(() => {});
    return page;
  };
  let previous = "";
  for (
    let page: ListPage | undefined = await listObjects(requests, { prefix, ...from }, call);
    page !== undefined;
  ) {
    throwIfAborted(call);
    const coming = ask(page.next);
    for (const { key, sizeBytes } of page.objects) {
      const blob = key.slice(prefix.length);
      if (!isBlobKey(blob)) continue;
      if (blob <= previous) throw unordered(name);
      previous = blob;
      yield { key: blob, sizeBytes };
      throwIfAborted(call);
    }
    page = (await coming) ?? undefined;
  }
}

const unordered = (name: string): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "store.unreliable",
    message: `Store ${name} does not list its objects in order, so nobody can tell what is missing.`,
    next: ["Use a bucket of the general kind: directory buckets list in no order."],
  });

/** Sizes of those that are there. */
export async function sizesInBucket(
  parts: S3Parts,
  keys: readonly BlobKey[],
  call: Call,
): Promise<ReadonlyMap<BlobKey, number>> {
  const found = new Map<BlobKey, number>();
  const waiting = [...keys].reverse();
  const ask = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      throwIfAborted(call);
      const head = await headObject(parts.requests, parts.blobObject(key), call);
      if (head !== null) found.set(key, head.sizeBytes);
    }
  };
  await Promise.all(Array.from({ length: HEADS_AT_ONCE }, ask));
  return new Map(keys.flatMap((key) => (found.has(key) ? [[key, found.get(key) ?? 0] as const] : [])));
}
