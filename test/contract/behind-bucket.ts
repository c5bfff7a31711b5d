import { Decrypter, Encrypter } from "age-encryption";
import { ageSealing } from "../../src/stores/s3/sealing/age-sealing.js";
import { type StoreKey, unlockKey } from "../../src/stores/s3/sealing/key-file.js";
import type { Encryption } from "../../src/stores/s3/sealing/sealed-marking.js";
import type { Sealing } from "../../src/stores/s3/sealing/sealing.js";
import type { OpenedStore } from "./blob-store-opened.js";

/** A bucket's objects as another program sees them, by their names under the store's prefix. */
export interface BucketObjects {
  /** `s3://BUCKET/PREFIX`. */
  readonly address: string;
  /** No bytes for an object that is not there. */
  read(object: string): Promise<Uint8Array>;
  write(object: string, bytes: Uint8Array): Promise<void>;
  names(): Promise<readonly string[]>;
  /** Those that were begun and not finished. */
  uploads(): Promise<readonly { readonly object: string; readonly uploadId: string }[]>;
}

/** Ways to look behind a store in a bucket. */
export type Behind = Omit<OpenedStore, "store" | "leftovers" | "close">;

/** Behind a store in the clear, names and bytes are what they are. */
export const behindPlain = ({ address, read, write }: BucketObjects): Behind => ({
  plant: write,
  plantBundle: (name, bytes) => write(`library/${name}`, bytes),
  readAside: (asidePath) => read(asidePath.slice(address.length)),
  readChecksumList: async () => Buffer.from(await read("SHA256SUMS")).toString(),
});

export const PASSPHRASE = "correct horse battery staple";

/** As in the field but for the work that a passphrase costs. */
export const encryptedBy = (passphrase: string | undefined, rest: Partial<Encryption> = {}): Encryption => ({
  lock: { kind: "passphrase" },
  secrets: async () => (passphrase === undefined ? {} : { passphrase }),
  workFactor: 2,
  settleMs: 1,
  ...rest,
});

/** The key of a sealed store, and what its objects hold. */
export interface Unsealed {
  key(): Promise<StoreKey>;
  sealing(): Promise<Sealing>;
  /** What lies under the object of a name, opened by age alone. */
  opened(object: string): Promise<Uint8Array>;
  /** Puts bytes under a name in the store, sealed by age as a stranger with the recipient would. */
  plantSealed(name: string, bytes: Uint8Array): Promise<void>;
}

/** What only the passphrase opens. */
export function unsealed({ read, write }: Pick<BucketObjects, "read" | "write">): Unsealed {
  const key = async () => unlockKey(await read("key.age"), { passphrase: PASSPHRASE }, "bucket");
  const sealing = async () => ageSealing((await key()).identity);
  return {
    key,
    sealing,
    async opened(object) {
      const decrypter = new Decrypter();
      decrypter.addIdentity((await key()).identity.secret);
      return decrypter.decrypt(await read(object));
    },
    async plantSealed(name, bytes) {
      const encrypter = new Encrypter();
      encrypter.addRecipient((await key()).identity.recipient);
      await write((await sealing()).objectOf(name), await encrypter.encrypt(bytes));
    },
  };
}

/** Behind a sealed store. */
export function behindSealed(objects: BucketObjects): Behind {
  const { opened, plantSealed } = unsealed(objects);
  return {
    plant: plantSealed,
    plantBundle: (name, bytes) => plantSealed(`library/${name}`, bytes),
    readAside: (asidePath) => opened(asidePath.slice(objects.address.length)),
    readChecksumList: async () => Buffer.from(await opened("sums.age")).toString(),
  };
}
