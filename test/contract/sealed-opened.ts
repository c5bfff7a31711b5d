import { createHash } from "node:crypto";
import { Decrypter, Encrypter } from "age-encryption";
import type { BlobKey } from "../../src/domain/ids.js";
import { ageSealing } from "../../src/stores/s3/age-sealing.js";
import { type StoreKey, unlockKey } from "../../src/stores/s3/key-file.js";
import type { S3StoreOptions } from "../../src/stores/s3/s3-store.js";
import type { Encryption } from "../../src/stores/s3/sealed-marking.js";
import type { Sealing } from "../../src/stores/s3/sealing.js";
import type { Profile, StoredObject } from "../emulators/s3/state.js";
import { openS3World, PREFIX, type S3World } from "./s3-opened.js";

export const PASSPHRASE = "correct horse battery staple";

/** As in the field but for the work that a passphrase costs. */
export const encryptedBy = (passphrase: string | undefined, rest: Partial<Encryption> = {}): Encryption => ({
  lock: { kind: "passphrase" },
  secrets: async () => (passphrase === undefined ? {} : { passphrase }),
  workFactor: 2,
  settleMs: 1,
  ...rest,
});

/** A sealed store in an emulated bucket, and its key. */
export interface SealedWorld extends S3World {
  key(): Promise<StoreKey>;
  sealing(): Promise<Sealing>;
  /** What lies under the object of a name, opened by age alone. */
  opened(object: string): Promise<Uint8Array>;
  /** Puts bytes under a name in the store, sealed by age as a stranger with the recipient would. */
  plantSealed(name: string, bytes: Uint8Array): Promise<void>;
  /** The object of a blob. */
  objectOf(key: BlobKey): Promise<StoredObject>;
}

export async function openSealedWorld(
  profile: Profile,
  settings: Partial<S3StoreOptions> = {},
): Promise<SealedWorld> {
  const world = await openS3World(profile, { encryption: encryptedBy(PASSPHRASE), ...settings });
  const bytesOf = (object: string) => new Uint8Array(world.objects().get(PREFIX + object)?.bytes ?? []);
  const key = () => unlockKey(bytesOf("key.age"), { passphrase: PASSPHRASE }, "bucket");
  const sealing = async () => ageSealing((await key()).identity);
  return {
    ...world,
    key,
    sealing,
    async opened(object) {
      const decrypter = new Decrypter();
      decrypter.addIdentity((await key()).identity.secret);
      return decrypter.decrypt(bytesOf(object));
    },
    async plantSealed(name, bytes) {
      const encrypter = new Encrypter();
      encrypter.addRecipient((await key()).identity.recipient);
      const object = PREFIX + (await sealing()).objectOf(name);
      const sealed = Buffer.from(await encrypter.encrypt(bytes));
      const etag = createHash("md5").update(sealed).digest("hex");
      world.objects().set(object, {
        bytes: sealed,
        etag: `"${etag}"`,
        sha256: null,
        encryption: null,
        storageClass: "STANDARD",
        modifiedMs: 0,
      });
    },
    async objectOf(blob) {
      const object = world.objects().get(PREFIX + (await sealing()).objectOf(blob));
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
