import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhotoDocument } from "../../../src/domain/photo.js";
import { type ForgetOptions, forget } from "../../../src/operations/forget.js";
import type { ForgetResult } from "../../../src/operations/forget-results.js";
import { stagingFolder } from "../../../src/operations/open-staging.js";
import type { ControlPlane } from "../../../src/ports/control-plane.js";
import type { Run } from "../../../src/ports/phase.js";
import { localStore } from "../../../src/stores/local-store.js";
import { staging } from "../../../src/stores/staging.js";
import { blobOf } from "../../contract/blob-store-samples.js";
import { quietRun } from "../../fakes/replicate-world.js";
import { call, put } from "../control/native-git.js";
import { makeLibrary, type TestLibrary } from "./library.js";

/** A library with two stores on disk, in which its photos' bytes really are. */
export interface ForgetWorld extends TestLibrary {
  /** Where the second store is. */
  readonly usb: string;
  /** Puts the bytes of these texts into both stores under the keys that the documents give them, and the documents into the library. */
  keep(
    photos: readonly { readonly document: PhotoDocument; readonly contents: readonly string[] }[],
  ): Promise<void>;
  forget(
    photo: string,
    options?: Partial<ForgetOptions>,
    run?: Run,
    control?: ControlPlane,
  ): Promise<ForgetResult>;
  /** Every file of the library's working tree and of both stores, but for caches and Git's own, with its bytes. */
  files(): ReadonlyMap<string, string>;
}

export async function forgetWorld(): Promise<ForgetWorld> {
  const library = await makeLibrary();
  const usb = join(library.root, "..", `${library.root.split("/").at(-1)}-usb`);
  mkdirSync(usb);
  const preferences = JSON.parse(readFileSync(join(library.root, "config/user-preferences.json"), "utf8"));
  preferences.blob_storage.stores = { usb: { type: "local", path: usb } };
  await library.commit([put("config/user-preferences.json", `${JSON.stringify(preferences, null, 2)}\n`)]);
  const stores = [
    localStore({ name: "local", root: join(library.root, "blobs") }),
    localStore({ name: "usb", root: usb }),
  ];
  const at = staging({ root: stagingFolder(library.root), note: () => {} });
  return {
    ...library,
    usb,
    async keep(photos) {
      for (const { document, contents } of photos) {
        const bytes = contents.map((content) => new TextEncoder().encode(content));
        for (const [index, { blob_key }] of [document, ...(document.variants ?? [])].entries()) {
          const source = { ...blobOf(bytes[index] ?? new Uint8Array()), key: blob_key };
          for (const store of stores) await store.put(source, call);
          await at.keep(source.hash, bytes[index] ?? new Uint8Array());
        }
      }
      await library.change(
        [],
        photos.map(({ document }) => document),
      );
    },
    forget: (photo, options = {}, run = quietRun(), control = library.control) =>
      forget(
        library.root,
        control,
        { photo, dryRun: false, confirmed: photo, confirm: null, ...options },
        run,
      ),
    files() {
      const found = new Map<string, string>();
      for (const root of [library.root, usb]) {
        for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
          const path = join(entry.parentPath, entry.name);
          if (entry.isFile() && !/\/\.git\/|\/\.photosync\/(?!staging)/.test(path))
            found.set(path, readFileSync(path, "base64"));
        }
      }
      return found;
    },
  };
}
