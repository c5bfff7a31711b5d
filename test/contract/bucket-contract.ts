import type { S3StoreOptions } from "../../src/stores/s3/s3-store.js";
import type { UploadNotes } from "../../src/stores/s3/writing/upload-notes.js";
import { type BucketObjects, behindPlain, behindSealed, encryptedBy, PASSPHRASE } from "./behind-bucket.js";
import { blobStoreContract } from "./blob-store.js";
import type { OpenedStore } from "./blob-store-opened.js";

const MIB = 1024 ** 2;

/** From which size on a blob goes in parts, how big these are, and the biggest blob tried. */
interface Sizes {
  readonly wholeBytes: number;
  readonly partBytes: number;
  readonly bigBytes: number;
}

/** As small as real servers let parts be. */
export const USUAL: Sizes = { wholeBytes: MIB, partBytes: 5 * MIB, bigBytes: 5 * MIB + 1 };

/** A store in a bucket of its own. */
interface BucketStore extends Pick<OpenedStore, "store"> {
  readonly bucket: BucketObjects;
  readonly notes: UploadNotes;
  close(): Promise<void>;
}

/** How a store keeps its objects. */
interface Manner {
  readonly settings: Partial<S3StoreOptions>;
  readonly behind: typeof behindPlain;
  /** Whether an object is a try of what the server can do. */
  readonly isProbe: (object: string) => boolean;
}

export const IN_THE_CLEAR: Manner = {
  settings: {},
  behind: behindPlain,
  isProbe: (object) => object.includes("probe"),
};
export const SEALED: Manner = {
  settings: { encryption: encryptedBy(PASSPHRASE) },
  behind: behindSealed,
  isProbe: (object) => object.startsWith("t/"),
};

/** The contract of blob stores, of one in a bucket that `open` opens. */
export function bucketContract(
  name: string,
  { settings, behind, isProbe }: Manner,
  open: (settings: Partial<S3StoreOptions>) => Promise<BucketStore>,
  { bigBytes, ...sizes }: Sizes,
): void {
  blobStoreContract(name, {
    bigBytes,
    async open() {
      const { store, bucket, notes, close } = await open({ ...sizes, ...settings });
      return {
        store,
        ...behind(bucket),
        async leftovers() {
          const noted = new Set((await notes.all()).map(({ uploadId }) => uploadId));
          const uploads = (await bucket.uploads()).filter(({ uploadId }) => !noted.has(uploadId));
          return [...uploads.map(({ object }) => object), ...(await bucket.names()).filter(isProbe)];
        },
        close,
      };
    },
  });
}
