import { PhotosyncError } from "../../../domain/errors.js";
import { placeFile } from "../probing/place-file.js";
import type { S3Place } from "../settings/s3-place.js";

/**
 * Which key a store had when this computer last used it. A key file says nothing of who made it: whoever may write to the bucket could lock a key
 * of his own to the same recipients, and read all that is stored afterwards.
 */
export interface KnownKey {
  /** Where it is noted. */
  readonly path: string;
  /** Its recipient, `age1…`; null where none is known. */
  recall(): Promise<string | null>;
  remember(recipient: string): Promise<void>;
}

/** Noted in a file on this computer, for one place. */
export function knownKeyFile(path: string, place: S3Place): KnownKey {
  const file = placeFile(path, place);
  return {
    path,
    async recall() {
      const recipient = (await file.read())?.["recipient"];
      return typeof recipient === "string" ? recipient : null;
    },
    remember: (recipient) => file.write({ recipient }),
  };
}

/** Notes the first key that is met; throws `store.other-key` (integrity) for any other one afterwards. */
export async function requireKnown(known: KnownKey, recipient: string, store: string): Promise<void> {
  const before = await known.recall();
  if (before === null) {
    // A library that cannot be written to can be read from a store all the same.
    await known.remember(recipient).catch((error: unknown) => {
      if (!(error instanceof PhotosyncError)) throw error;
    });
    return;
  }
  if (before === recipient) return;
  throw new PhotosyncError({
    kind: "integrity",
    code: "store.other-key",
    message: `The key file of store ${store} holds another key than before. Whoever may write to the bucket could have put it there, to read what is stored from now on; nothing was read or written.`,
    next: [
      "Copy the newest of the other files in the bucket whose names begin with key- over key.age, or an earlier version of it.",
      `Only where you made the store anew yourself: remove ${known.path}, then run the same command again.`,
    ],
  });
}
