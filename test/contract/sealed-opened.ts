import type { BlobKey } from "../../src/domain/ids.js";
import type { S3StoreOptions } from "../../src/stores/s3/s3-store.js";
import type { Profile, StoredObject } from "../emulators/s3/state.js";
import { encryptedBy, PASSPHRASE, type Unsealed, unsealed } from "./behind-bucket.js";
import { openS3World, PREFIX, type S3World } from "./s3-opened.js";

/** A sealed store in an emulated bucket, and its key. */
export interface SealedWorld extends S3World, Unsealed {
  /** The object of a blob. */
  objectOf(key: BlobKey): Promise<StoredObject>;
}

export async function openSealedWorld(
  profile: Profile,
  settings: Partial<S3StoreOptions> = {},
): Promise<SealedWorld> {
  const world = await openS3World(profile, { encryption: encryptedBy(PASSPHRASE), ...settings });
  const side = unsealed(world.bucket);
  return {
    ...world,
    ...side,
    async objectOf(blob) {
      const object = world.objects().get(PREFIX + (await side.sealing()).objectOf(blob));
      if (object === undefined) throw new Error(`no object of ${blob}`);
      return object;
    },
  };
}

/** A test's body on a sealed store, which is closed afterwards. */
export const inSealedWorld =
  (profile: Profile, run: (world: SealedWorld) => Promise<void>, settings: Partial<S3StoreOptions> = {}) =>
  async (): Promise<void> => {
    const world = await openSealedWorld(profile, settings);
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };
