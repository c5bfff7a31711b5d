import type { RestoreStep } from "../phases/restore/restore-plan.js";
import type { OperationResult } from "./results.js";

/** What came of asking archived originals back. */
export interface ThawResult {
  /** Can be read now. */
  readonly ready: number;
  /** Asked back by this run, or would be. */
  readonly asked: number;
  /** On their way since before. */
  readonly coming: number;
  /** After so many hours at most all can be read; null where nothing is on its way. */
  readonly hours: number | null;
}

export interface RecoverResult extends OperationResult {
  readonly counts: {
    readonly photos: number;
    readonly operations: number;
    /** Originals that were copied into the library's own stores, and their bytes. */
    readonly originals: number;
    readonly bytes: number;
  };
  /** The store that it came from: what it calls itself, and its address. */
  readonly store: { readonly name: string; readonly where: string };
  /** The bundle that the library was made from; null where nothing was made, or an earlier run had made it. */
  readonly generation: string | null;
  /** All bundles in the store, oldest first. */
  readonly generations: readonly {
    readonly name: string;
    readonly at: string;
    readonly commit: string;
    readonly bytes: number;
  }[];
  readonly notes: readonly string[];
}

export interface RestoreResult extends OperationResult {
  readonly counts: {
    /** Photos that were asked for. */
    readonly photos: number;
    /** Files and sidecars to write; done and failed ones are counted among them. */
    readonly planned: number;
    readonly done: number;
    /** Files and sidecars that stood there already, byte for byte. */
    readonly skipped: number;
    readonly failed: number;
    /** Files and sidecars that nothing was done about; each has a failure that says why. */
    readonly held: number;
    readonly bytes: number;
  };
  /** Absolute path of the folder that was restored to. */
  readonly to: string;
  readonly plan: readonly RestoreStep[];
  /** Only where that was asked for; nothing was written then. */
  readonly thaw?: ThawResult;
}
