import { PhotosyncError } from "../../../domain/errors.js";
import { type BlobKey, contentHash } from "../../../domain/ids.js";
import { throwIfAborted } from "../../../infra/until-aborted.js";
import type { KeptChecksum } from "../../../ports/blob-store.js";
import type { Call } from "../../../ports/call.js";
import { askEach } from "../ask-each.js";
import { type Listed, type ListPage, listObjects } from "../objects/list-objects.js";
import { headObject, type ObjectHead } from "../objects/s3-objects.js";
import type { S3Parts } from "../s3-parts.js";
import { blobOf, PLAIN } from "../sealing/sealing.js";

const HEADS_AT_ONCE = 24;

interface ListedBlob {
  readonly key: BlobKey;
  readonly sizeBytes: number;
}

/**
 * Every blob in the bucket sorted by key, from after `after`. Where names are sealed, all are gathered first. Throws `store.unreliable`
 * for a server that does not list in order: what it left out could not be told from what is missing.
 */
export async function* listBucket(
  parts: S3Parts,
  after: BlobKey | undefined,
  call: Call,
): AsyncGenerator<ListedBlob> {
  const { sealing } = parts;
  const { prefix } = parts.requests.place;
  async function* blobs(from: string | undefined): AsyncGenerator<ListedBlob> {
    let previous = "";
    for await (const { key, sizeBytes } of walkObjects(parts, prefix + sealing.layout.blobs, from, call)) {
      const blob = blobOf(sealing, key.slice(prefix.length));
      if (blob === null) continue;
      if (key <= previous) throw unordered(parts.name);
      previous = key;
      yield { key: blob, sizeBytes: sealing.plainBytes(sizeBytes) };
    }
  }
  if (sealing.isOrdered) {
    yield* blobs(after === undefined ? undefined : prefix + sealing.objectOf(after));
    return;
  }
  const all: ListedBlob[] = [];
  for await (const blob of blobs(undefined)) if (after === undefined || blob.key > after) all.push(blob);
  all.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const blob of all) {
    throwIfAborted(call);
    yield blob;
  }
}

/** Every object under `prefix`, from after `after`; the next page is asked for while one is read. */
export async function* walkObjects(
  { requests }: Pick<S3Parts, "requests">,
  prefix: string,
  after: string | undefined,
  call: Call,
): AsyncGenerator<Listed> {
  const from = after === undefined ? {} : { after };
  const ask = (token: string | null): Promise<ListPage> | null => {
    if (token === null) return null;
    const page = listObjects(requests, { prefix, ...from, token }, call);
    // Its failure is met when its turn comes.
    page.catch(() => {});
    return page;
  };
  for (
    let page: ListPage | undefined = await listObjects(requests, { prefix, ...from }, call);
    page !== undefined;
  ) {
    throwIfAborted(call);
    const coming = ask(page.next);
    for (const object of page.objects) {
      yield object;
      throwIfAborted(call);
    }
    page = (await coming) ?? undefined;
  }
}

/** The names of the folders right under the store's prefix, as far as one page tells them. */
export async function foldersInBucket(
  { requests }: Pick<S3Parts, "requests">,
  call: Call,
): Promise<readonly string[]> {
  const { prefix } = requests.place;
  const { folders } = await listObjects(requests, { prefix, delimiter: "/" }, call);
  return folders.map((folder) => folder.slice(prefix.length, -1));
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
  const heads = await headsInBucket(parts, keys, call);
  return new Map(Array.from(heads, ([key, head]) => [key, parts.sealing.plainBytes(head.sizeBytes)]));
}

/** What the server keeps of those that are there. Of a sealed blob it knows the checksum of what it was given, which proves nothing of the blob's. */
export async function checksumsInBucket(
  parts: S3Parts,
  keys: readonly BlobKey[],
  call: Call,
): Promise<ReadonlyMap<BlobKey, KeptChecksum>> {
  const { sealing } = parts;
  const heads = await headsInBucket(parts, keys, call);
  return new Map(
    Array.from(heads, ([key, { sizeBytes, sha256 }]) => {
      const told = Buffer.from(sha256 ?? "", "base64");
      // What is no SHA-256 says nothing.
      const hash = sealing === PLAIN && told.length === 32 ? contentHash(told.toString("hex")) : null;
      return [key, { sizeBytes: sealing.plainBytes(sizeBytes), hash }];
    }),
  );
}

const headsInBucket = (
  parts: S3Parts,
  keys: readonly BlobKey[],
  call: Call,
): Promise<ReadonlyMap<BlobKey, ObjectHead>> =>
  askEach(keys, HEADS_AT_ONCE, (key) => headObject(parts.requests, parts.blobObject(key), call), call);
