import type { Profile } from "../emulators/s3/state.js";
import { blobStoreContract } from "./blob-store.js";
import type { OpenedStore } from "./blob-store-opened.js";
import { MIB, type S3World } from "./s3-opened.js";

/** From which size on a blob goes in parts, how big these are, and the biggest blob tried. */
interface Sizes {
  readonly wholeBytes: number;
  readonly partBytes: number;
  readonly bigBytes: number;
}

/** As in the field. */
export const USUAL: Sizes = { wholeBytes: MIB, partBytes: 5 * MIB, bigBytes: 5 * MIB + 1 };

/** Opens a store in an emulated bucket, and looks behind it. */
export interface BucketOpening<World extends S3World> {
  open(profile: Profile, settings: Omit<Sizes, "bigBytes">): Promise<World>;
  behind(world: World): Omit<OpenedStore, "store" | "leftovers" | "close">;
  /** Whether an object's key is that of a try of what the server can do. */
  isProbe(key: string): boolean;
}

/** The contract of blob stores, of one in an emulated bucket on a server with this profile. */
export function bucketContract<World extends S3World>(
  name: string,
  { open, behind, isProbe }: BucketOpening<World>,
  profile: Profile,
  { bigBytes, ...settings }: Sizes,
): void {
  blobStoreContract(name, {
    bigBytes,
    async open() {
      const world = await open(profile, settings);
      return {
        store: world.store,
        ...behind(world),
        async leftovers() {
          const noted = new Set((await world.notes.all()).map(({ uploadId }) => uploadId));
          const uploads = [...world.server.bucket("photos").uploads.values()].filter(
            ({ id }) => !noted.has(id),
          );
          return [...uploads.map(({ key }) => key), ...[...world.objects().keys()].filter(isProbe)];
        },
        close: () => world.close(),
      };
    },
  });
}
