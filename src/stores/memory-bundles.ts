import type { BundleName } from "../domain/bundle-name.js";
import { hashStream } from "../infra/hash.js";
import { throwIfAborted } from "../infra/until-aborted.js";
import type { BundleShelf } from "../ports/bundle-shelf.js";
import { bundleNotFound, wrongBundle } from "./bundle-file.js";

/** The bundles of a store in memory, which `start` makes a used one. */
export function memoryBundles(
  store: string,
  bundles: Map<BundleName, Uint8Array>,
  root: { start(): void; requireReady(): void },
): BundleShelf {
  return {
    async put(bundle, call) {
      throwIfAborted(call);
      root.start();
      const parts: Uint8Array[] = [];
      let sizeBytes = 0;
      const { hash } = await hashStream(bundle.open(), call, (chunk) => {
        sizeBytes += chunk.length;
        if (sizeBytes > bundle.sizeBytes) throw wrongBundle(bundle);
        parts.push(Uint8Array.from(chunk));
      });
      if (hash !== bundle.hash || sizeBytes !== bundle.sizeBytes) throw wrongBundle(bundle);
      bundles.set(bundle.name, Buffer.concat(parts));
    },
    async list(call) {
      throwIfAborted(call);
      root.requireReady();
      return [...bundles]
        .map(([name, { length }]) => ({ name, sizeBytes: length }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async *get(name, call) {
      throwIfAborted(call);
      const bytes = bundles.get(name);
      if (bytes === undefined) {
        root.requireReady();
        throw bundleNotFound(store, name);
      }
      yield Uint8Array.from(bytes);
    },
    async remove(name, call) {
      throwIfAborted(call);
      root.requireReady();
      bundles.delete(name);
    },
  };
}
