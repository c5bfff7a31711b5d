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
 * nothing is sent twice; and what arrived for good, so that an upload whose record was undone is known again. One entry
 * for each photo and account. Every call survives a power cut once it has resolved.
 */
export interface UploadJournal {
  /** The uploads under way. */
  pending(account: string): Promise<ReadonlyMap<PhotoId, PendingUpload>>;
  /** What is known of a photo's upload: the one under way, else the last that was settled with an id; null for neither. */
  known(account: string, photoId: PhotoId): Promise<PendingUpload | null>;
  /** Notes that an upload begins. One that is under way already keeps its first time. */
  begin(account: string, upload: Required<Omit<PendingUpload, "instanceId">>): Promise<PendingUpload>;
  /** Notes the id that the service gave to an upload under way. */
  arrived(account: string, photoId: PhotoId, instanceId: string): Promise<void>;
  /**
   * Ends uploads that are recorded, which stay `known` by their ids, or that certainly never happened, which have none and are
   * forgotten. Settling twice is no error.
   */
  settle(account: string, photoIds: readonly PhotoId[]): Promise<void>;
}
