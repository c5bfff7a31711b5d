import type { BundleName } from "../domain/bundle-name.js";
import { PhotosyncError } from "../domain/errors.js";
import type { BundleSource } from "../ports/bundle-shelf.js";

/** The folder of a store's bundles. */
export const BUNDLES = "library";

/** Where a bundle lies in its store. */
export const bundlePath = (name: BundleName): string => `${BUNDLES}/${name}`;

/** `bundle.wrong-bytes`: the source gave other bytes than its hash says, so they were not kept. */
export const wrongBundle = ({ name }: BundleSource): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "bundle.wrong-bytes",
    message: `The bytes read for the bundle ${name} are not those that were written; they were not stored.`,
    next: ["Run photosync replicate --execute again: it makes a new one."],
  });

/** `bundle.not-found`: the store was asked, and has no bundle of this name. */
export const bundleNotFound = (store: string, name: BundleName): PhotosyncError =>
  new PhotosyncError({
    kind: "integrity",
    code: "bundle.not-found",
    message: `The store "${store}" has no bundle ${name}.`,
    next: ["Run photosync recover STORE-URL DIR --list to see which there are."],
  });
