import type { ContentHash, PhotoId } from "../domain/ids.js";

/** An upload that was begun and is not in the library's documents yet. */
export interface PendingUpload {
  readonly photoId: PhotoId;
  /** Absent where the note was damaged. */
  readonly hash?: ContentHash;
  /** When the first attempt was begun, RFC 3339 UTC. */
  readonly begunAt: string;
  /** The id that the service gave, once it is known. */
  readonly instanceId?: string;
}

/**
 * Remembers uploads from before their first byte until the commit that records them, so that whatever happens in between,
 * nothing is sent twice. One entry for each photo and account. Every call survives a power cut once it has resolved.
 */
export interface UploadJournal {
  pending(account: string): Promise<ReadonlyMap<PhotoId, PendingUpload>>;
  /** Notes that an upload begins. One that is noted already keeps its first time. */
  begin(account: string, upload: Required<Omit<PendingUpload, "instanceId">>): Promise<PendingUpload>;
  /** Notes the id that the service gave. */
  arrived(account: string, photoId: PhotoId, instanceId: string): Promise<void>;
  /** Forgets an upload that is recorded, or that certainly never happened. Forgetting twice is no error. */
  settle(account: string, photoId: PhotoId): Promise<void>;
}
