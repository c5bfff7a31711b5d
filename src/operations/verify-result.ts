import type { OperationResult, PlannedStep } from "./results.js";
import type { StoreProof, Way } from "./store-proofs.js";

export interface VerifyResult extends OperationResult {
  readonly counts: {
    readonly checked: number;
    readonly ok: number;
    readonly missing: number;
    readonly corrupt: number;
    /** Bytes that were really read and hashed; 0 without `--deep`. */
    readonly bytes_read: number;
    /** Replicas of which every byte was read in this run. */
    readonly read_whole: number;
    /** Of the missing and corrupt ones, those that hold the right bytes again; 0 without `--repair`. */
    readonly repaired: number;
    readonly unrepaired: number;
  };
  readonly deep: boolean;
  readonly checksums: boolean;
  /** What was looked at in each store. */
  readonly proofs: readonly (Pick<
    StoreProof,
    "percent" | "checked" | "ok" | "by_size" | "missing" | "corrupt"
  > & {
    readonly store: string;
    readonly way: Way;
    /** How far the present round of samples has come with this check; 100 where everything was looked at. */
    readonly round_percent: number;
    /** False where some could not be looked at. */
    readonly is_whole: boolean;
  })[];
  readonly repair: boolean;
  /** What `--repair` refills. */
  readonly plan: readonly PlannedStep[];
  /** Where wrong bytes are kept now. */
  readonly notes: readonly string[];
}
