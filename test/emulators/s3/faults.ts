import type { Operation } from "./state.js";

/**
 * What goes wrong with a request:
 * - `slow-down`, `internal-error`: a refusal with that code; nothing is done. `retryAfter` in seconds.
 * - `refuse`: a refusal in the words of `refusal`; nothing is done.
 * - `reset`: the connection is cut before anything is done; `reset-after`: after it was done, before the answer.
 * - `cut`: the body of the answer ends in the middle; `silence`: it stops there and nothing follows.
 * - `flip`: one bit of the answer's body is wrong.
 * - `whole`: a GET of a part of an object is answered with all of it.
 * - `lie`: a PUT or a part is stored with one bit wrong, and called well.
 * - `late-error`: the answer begins as a success and is an error, as S3 does when finishing uploads.
 */
export type FaultKind =
  | "slow-down"
  | "internal-error"
  | "refuse"
  | "whole"
  | "reset"
  | "reset-after"
  | "cut"
  | "silence"
  | "flip"
  | "lie"
  | "late-error";

export interface Fault {
  readonly kind: FaultKind;
  readonly operation?: Operation;
  /** Only keys that hold this text. */
  readonly key?: string;
  /** So many requests; for ever unless given. */
  readonly times?: number;
  /** So many matching requests are let pass first. */
  readonly after?: number;
  readonly retryAfter?: number;
  /** The answer does not say how long it is. */
  readonly isUnsized?: boolean;
  readonly refusal?: { readonly status: number; readonly code: string; readonly message?: string };
}

/** Faults to come, each met by the first requests that it is for. */
export class Faults {
  #coming: { readonly fault: Fault; left: number; skip: number }[] = [];
  /** How many requests met one, by kind. */
  readonly met: Partial<Record<FaultKind, number>> = {};

  add(fault: Fault): void {
    this.#coming.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, skip: fault.after ?? 0 });
  }

  clear(): void {
    this.#coming = [];
  }

  /** The fault for this request, if there is one. */
  take(operation: Operation, key: string): Fault | null {
    for (const each of this.#coming) {
      const { fault } = each;
      if (each.left <= 0 || (fault.operation !== undefined && fault.operation !== operation)) continue;
      if (fault.key !== undefined && !key.includes(fault.key)) continue;
      if (each.skip > 0) {
        each.skip--;
        continue;
      }
      each.left--;
      this.met[fault.kind] = (this.met[fault.kind] ?? 0) + 1;
      return fault;
    }
    return null;
  }
}
