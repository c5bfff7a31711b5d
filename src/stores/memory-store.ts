import type { BundleName } from "../domain/bundle-name.js";
import type { BlobKey, ContentHash } from "../domain/ids.js";
import { hashStream, sha256Of } from "../infra/hash.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { BlobStore, BlobTrace } from "../ports/blob-store.js";
import { blobNotFound, wrongBytes } from "./blob-errors.js";
import { checksumLines } from "./checksum-list.js";
import { unavailable } from "./disk.js";
import { memoryBundles } from "./memory-bundles.js";

/** A store in memory, and a way to look behind it. */
export interface MemoryStore extends BlobStore {
  /** What stands under each key. Tests may change it, as a failing disk would. */
  readonly blobs: Map<BlobKey, Uint8Array>;
  /** The bundles, by name. Tests may change them, too. */
  readonly kept: Map<BundleName, Uint8Array>;
  /** What was set aside, by the `asidePath` that `put` told. */
  readonly aside: ReadonlyMap<string, Uint8Array>;
  /** The text of `SHA256SUMS`, or null before the first was written. */
  checksumList(): string | null;
}

/** A store for tests that keeps every promise of the port but the one about power cuts. */
export function memoryStore(name: string): MemoryStore {
  const blobs = new Map<BlobKey, Uint8Array>();
  const kept = new Map<BundleName, Uint8Array>();
  const aside = new Map<string, Uint8Array>();
  let used = false;
  let list: string | null = null;

  const requireReady = () => {
    if (!used && blobs.size === 0) throw unavailable(name, "nothing was ever stored there.");
  };
  const setAside = (key: BlobKey, bytes: Uint8Array): string => {
    let n = 0;
    while (aside.has(`${key}.${n}`)) n++;
    aside.set(`${key}.${n}`, bytes);
    return `${key}.${n}`;
  };
  const asidesOf = (key: BlobKey) =>
    [...aside.keys()].filter(
      (path) => path.startsWith(`${key}.`) && /^\d+$/.test(path.slice(key.length + 1)),
    );
  const tracesOf = (key: BlobKey): BlobTrace[] => {
    const blob = blobs.get(key);
    return [
      ...(blob === undefined ? [] : [{ kind: "blob" as const, where: key, sizeBytes: blob.length }]),
      ...asidesOf(key).map((where) => ({
        kind: "set-aside" as const,
        where,
        sizeBytes: aside.get(where)?.length ?? 0,
      })),
    ];
  };
  const isRight = (bytes: Uint8Array | undefined, hash: ContentHash): boolean =>
    bytes !== undefined && sha256Of(bytes) === hash;

  return {
    name,
    blobs,
    kept,
    bundles: memoryBundles(name, kept, {
      start: () => {
        used = true;
      },
      requireReady,
    }),
    aside,
    checksumList: () => list,
    async availability(call) {
      throwIfAborted(call);
      return used || blobs.size > 0 ? "ready" : "new";
    },
    async put(blob, call) {
      throwIfAborted(call);
      used = true;
      if (isRight(blobs.get(blob.key), blob.hash)) return { kind: "already" };
      const parts: Uint8Array[] = [];
      let sizeBytes = 0;
      const { hash } = await hashStream(blob.open(), call, (chunk) => {
        sizeBytes += chunk.length;
        if (sizeBytes > blob.sizeBytes) throw wrongBytes(blob);
        parts.push(Uint8Array.from(chunk));
      });
      const bytes = Buffer.concat(parts);
      if (hash !== blob.hash || sizeBytes !== blob.sizeBytes) throw wrongBytes(blob);
      const before = blobs.get(blob.key);
      if (isRight(before, blob.hash)) return { kind: "already" };
      blobs.set(blob.key, bytes);
      return before === undefined
        ? { kind: "stored" }
        : { kind: "replaced", asidePath: setAside(blob.key, before) };
    },
    async *get(key, call) {
      throwIfAborted(call);
      const bytes = blobs.get(key);
      if (bytes === undefined) {
        requireReady();
        throw blobNotFound(name, key);
      }
      const [first, last] = call.range ?? [0, bytes.length - 1];
      const part = bytes.subarray(first, last + 1);
      if (part.length > 0) yield Uint8Array.from(part);
    },
    async stat(keys, call) {
      throwIfAborted(call);
      requireReady();
      return new Map(keys.flatMap((key) => (blobs.has(key) ? [[key, blobs.get(key)?.length ?? 0]] : [])));
    },
    async *list(call) {
      throwIfAborted(call);
      requireReady();
      for (const key of [...blobs.keys()].sort()) {
        throwIfAborted(call);
        const bytes = blobs.get(key);
        if (bytes !== undefined && (call.after === undefined || key > call.after)) {
          yield { key, sizeBytes: bytes.length };
        }
      }
    },
    async writeChecksumList(entries, call) {
      throwIfAborted(call);
      requireReady();
      const parts: Uint8Array[] = [];
      for await (const part of checksumLines(entries)) parts.push(part);
      list = Buffer.concat(parts).toString();
    },
    async *readChecksumList(call) {
      throwIfAborted(call);
      requireReady();
      if (list !== null) yield new TextEncoder().encode(list);
    },
    async traces(key, call) {
      throwIfAborted(call);
      requireReady();
      return tracesOf(key);
    },
    async remove(key, call) {
      throwIfAborted(call);
      requireReady();
      used = true;
      const removed = tracesOf(key).length;
      for (const path of asidesOf(key)) aside.delete(path);
      blobs.delete(key);
      return { removed, olderStay: false };
    },
    async sweep(call) {
      throwIfAborted(call);
      return 0;
    },
  };
}
