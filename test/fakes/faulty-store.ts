import type { BlobKey } from "../../src/domain/ids.js";
import type { BlobStore } from "../../src/ports/blob-store.js";

export type StoreMethod =
  | Exclude<keyof BlobStore, "name" | "bundles">
  | "bundles.put"
  | "bundles.list"
  | "bundles.get"
  | "bundles.remove";

/** What goes wrong with one call: it throws; or its bytes are changed, cut short, or (for a listing) left out. */
export type Fault =
  | { readonly kind: "throw"; readonly error: Error }
  | { readonly kind: "flip-bit" }
  | { readonly kind: "cut-short" };

/** Decides for each call, by method, key (where it has one) and how many calls came before; undefined lets it pass. */
export type Faults = (
  method: StoreMethod,
  key: BlobKey | undefined,
  callsBefore: number,
) => Fault | undefined;

async function* damaged<T>(parts: AsyncIterable<T>, fault: Fault | undefined, flip: (part: T) => T) {
  if (fault?.kind === "throw") throw fault.error;
  let isFirst = true;
  for await (const part of parts) {
    yield fault?.kind === "flip-bit" && isFirst ? flip(part) : part;
    if (fault?.kind === "cut-short") return;
    isFirst = false;
  }
}

const flipFirstBit = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 0 ? bytes : bytes.with(0, (bytes[0] ?? 0) ^ 1);

/**
 * A store that fails or lies on demand. `cut-short` ends `get` and `list` after the first part, without an error;
 * `flip-bit` changes the first byte that `get` gives or that the source of a `put` gives.
 */
export function faultyStore(store: BlobStore, faults: Faults): BlobStore {
  let calls = 0;
  const next = (method: StoreMethod, key?: BlobKey) => faults(method, key, calls++);
  const throwing = (method: StoreMethod, key?: BlobKey): Fault | undefined => {
    const fault = next(method, key);
    if (fault?.kind === "throw") throw fault.error;
    return fault;
  };
  return {
    name: store.name,
    bundles: {
      async put(bundle, call) {
        const fault = throwing("bundles.put");
        return store.bundles.put(
          { ...bundle, open: () => damaged(bundle.open(), fault, flipFirstBit) },
          call,
        );
      },
      async list(call) {
        throwing("bundles.list");
        return store.bundles.list(call);
      },
      get: (name, call) => damaged(store.bundles.get(name, call), next("bundles.get"), flipFirstBit),
      async remove(name, call) {
        throwing("bundles.remove");
        return store.bundles.remove(name, call);
      },
    },
    async availability(call) {
      throwing("availability");
      return store.availability(call);
    },
    async put(blob, call) {
      const fault = throwing("put", blob.key);
      return store.put({ ...blob, open: () => damaged(blob.open(), fault, flipFirstBit) }, call);
    },
    get: (key, call) => damaged(store.get(key, call), next("get", key), flipFirstBit),
    async stat(keys, call) {
      throwing("stat");
      return store.stat(keys, call);
    },
    list: (call) => damaged(store.list(call), next("list"), (entry) => entry),
    async writeChecksumList(entries, call) {
      throwing("writeChecksumList");
      return store.writeChecksumList(entries, call);
    },
    readChecksumList: (call) => damaged(store.readChecksumList(call), next("readChecksumList"), flipFirstBit),
    async traces(key, call) {
      throwing("traces", key);
      return store.traces(key, call);
    },
    async remove(key, call) {
      throwing("remove", key);
      return store.remove(key, call);
    },
    async sweep(call) {
      throwing("sweep");
      return store.sweep(call);
    },
  };
}
