import type { Failure } from "../../domain/errors.js";
import type { BlobKey, ContentHash, PhotoId } from "../../domain/ids.js";
import type { BlobRow } from "../../ports/catalog.js";

/** A replica as its document records it. */
export interface RecordedReplica {
  readonly photo_id: PhotoId;
  readonly key: BlobKey;
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly role: BlobRow["role"];
  /** True when the document records the replica under another key than `key`, which is the blob's own. */
  readonly misrecorded?: boolean;
}

interface OneReplica extends RecordedReplica {
  readonly store: string;
  /** Bytes of it that were read; 0 unless verifying deeply. */
  readonly bytes_read: number;
  /** True when every byte that the store holds of it was read in this run. */
  readonly read_whole: boolean;
}

/** What became of one recorded replica, or of all the replicas of a store that could not be asked. */
export type VerifyFinding =
  | (OneReplica & {
      readonly kind: "ok";
      /** True where the checksum that the store keeps was compared. */
      readonly by_checksum?: boolean;
    })
  | (OneReplica & {
      readonly kind: "missing" | "corrupt";
      readonly failure: Failure;
      /** Bytes under the blob's own key where only the record is wrong. */
      readonly held_bytes?: number;
    })
  | {
      readonly kind: "unchecked";
      readonly store: string;
      readonly replicas: number;
      readonly failure: Failure;
    };

/** A finding that has a failure to report. */
export type BadFinding = Exclude<VerifyFinding, { readonly kind: "ok" }>;

export interface VerifyCounts {
  /** Replicas that were looked at: ok + missing + corrupt. */
  readonly checked: number;
  readonly ok: number;
  readonly missing: number;
  readonly corrupt: number;
  /** Bytes that were really read and hashed, not those that should have been. */
  readonly bytes_read: number;
  /** Replicas that were read from their first byte to their last. */
  readonly read_whole: number;
  /** Replicas that could not be looked at, because their store could not be reached. */
  readonly unchecked: number;
}

export const NOTHING_VERIFIED: VerifyCounts = {
  checked: 0,
  ok: 0,
  missing: 0,
  corrupt: 0,
  bytes_read: 0,
  read_whole: 0,
  unchecked: 0,
};

/** The counts with one more finding. */
export function countFinding(counts: VerifyCounts, finding: VerifyFinding): VerifyCounts {
  if (finding.kind === "unchecked") return { ...counts, unchecked: counts.unchecked + finding.replicas };
  return {
    ...counts,
    checked: counts.checked + 1,
    [finding.kind]: counts[finding.kind] + 1,
    bytes_read: counts.bytes_read + finding.bytes_read,
    read_whole: counts.read_whole + Number(finding.read_whole),
  };
}
