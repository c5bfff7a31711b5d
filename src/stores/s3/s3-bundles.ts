import { isBundleName } from "../../domain/bundle-name.js";
import { unavailable } from "../../infra/http/failures.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { BundleShelf, KeptBundle } from "../../ports/bundle-shelf.js";
import type { Call } from "../../ports/call.js";
import { asUnavailable } from "../as-unavailable.js";
import { BUNDLES, bundleNotFound, bundlePath, wrongBundle } from "../bundle-file.js";
import { removeObject } from "./objects/s3-objects.js";
import { walkObjects } from "./reading/list-bucket.js";
import { damaged, readOpened } from "./reading/read-opened.js";
import { STORE_CODES } from "./requests/s3-errors.js";
import { type ProbedParts, type S3Ground, withSealing } from "./s3-parts.js";
import type { S3Root } from "./s3-root.js";
import { judgeObject } from "./writing/judge-object.js";
import { storeObject } from "./writing/store-object.js";

/** Others may come between the look and the deed that often. */
const MOST_TURNS = 5;

/** The bundles of a store in a bucket: objects under `library/`, proven as blobs are. `begin` makes it a used store. */
export function s3Bundles(
  ground: S3Ground,
  root: S3Root,
  begin: (call: Call) => Promise<ProbedParts>,
): BundleShelf {
  const { name: store, requests } = ground;
  const telling = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw asUnavailable(error, store);
    }
  };
  return {
    async put(bundle, call) {
      throwIfAborted(call);
      const ready = await begin(call);
      const key = ready.objectOf(bundlePath(bundle.name));
      for (let turn = 0; turn < MOST_TURNS; turn++) {
        const standing = await judgeObject(ready, key, bundle, call);
        if (standing.kind === "right") return;
        const stored = await storeObject(
          ready,
          {
            key,
            open: () => bundle.open(),
            sizeBytes: bundle.sizeBytes,
            ifAbsent: standing.kind === "absent",
            blob: null,
            isRaw: false,
            async accept({ hash, sizeBytes, isWhole }) {
              if (hash !== bundle.hash || sizeBytes !== bundle.sizeBytes || !isWhole)
                throw wrongBundle(bundle);
              return true;
            },
          },
          call,
        );
        if (stored === "stored") return;
      }
      throw unavailable({
        account: STORE_CODES,
        message: `${bundle.name} is being changed in store ${store} again and again.`,
      });
    },
    list: (call) =>
      telling(async () => {
        throwIfAborted(call);
        const sealing = await root.requireReady(call);
        const { prefix } = requests.place;
        const folder = prefix + sealing.layout.bundles;
        const found: KeptBundle[] = [];
        for await (const { key, sizeBytes } of walkObjects(ground, folder, undefined, call)) {
          const path = sealing.nameOf(key.slice(prefix.length)) ?? "";
          const name = path.slice(BUNDLES.length + 1);
          if (isBundleName(name) && path === bundlePath(name))
            found.push({ name, sizeBytes: sealing.plainBytes(sizeBytes) });
        }
        return found.sort((a, b) => (a.name < b.name ? -1 : 1));
      }),
    async *get(name, call) {
      throwIfAborted(call);
      const absent = async () => {
        await root.requireReady(call);
        return bundleNotFound(store, name);
      };
      try {
        const parts = withSealing(ground, await root.sealing(call));
        const errors = { absent, damaged: (cause: unknown) => damaged(store, name, cause) };
        yield* readOpened(parts, parts.objectOf(bundlePath(name)), null, errors, call);
      } catch (error) {
        throw asUnavailable(error, store);
      }
    },
    remove: (name, call) =>
      telling(async () => {
        throwIfAborted(call);
        const parts = withSealing(ground, await root.requireReady(call));
        await removeObject(requests, parts.objectOf(bundlePath(name)), call);
      }),
  };
}
