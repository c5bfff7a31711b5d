import type { ContentHash } from "../../domain/ids.js";

/** How far the bytes of an original got. Addresses and tokens let anybody with the account's sign-in use them: not for Git, not for logs. */
export type UploadNote =
  /** A resumable upload that was begun. */
  | { readonly kind: "begun"; readonly url: string; readonly at: string }
  /** All bytes are there and wait for `batchCreate`, for a day. */
  | { readonly kind: "sent"; readonly token: string; readonly at: string };

/** Remembers begun uploads by the hash of their bytes, so that a film of gigabytes goes on where it stopped. Losing a note costs time alone. */
export interface UploadNotes {
  read(hash: ContentHash): Promise<UploadNote | null>;
  write(hash: ContentHash, note: UploadNote): Promise<void>;
  forget(hash: ContentHash): Promise<void>;
}

/** Notes that last as long as the process. */
export function memoryUploadNotes(): UploadNotes {
  const notes = new Map<ContentHash, UploadNote>();
  return {
    read: async (hash) => notes.get(hash) ?? null,
    write: async (hash, note) => {
      notes.set(hash, note);
    },
    forget: async (hash) => {
      notes.delete(hash);
    },
  };
}
