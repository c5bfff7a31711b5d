import { isRecord } from "../domain/is-record.js";
import type { VerifyFinding } from "../phases/verify/finding.js";
import { type Arc, endOf, nextArc, RING } from "../phases/verify/sample.js";

/** How replicas are proven: by what a listing says, by the checksums that the store keeps, or by reading their bytes. */
export const WAYS = ["listing", "checksums", "deep"] as const;
export type Way = (typeof WAYS)[number];

/** What the last check of a store in one way came to. Kept on this computer alone. */
export interface StoreProof {
  /** When it was begun. */
  readonly at: string;
  /** Percent of the replicas that it was to look at; 100 for all. */
  readonly percent: number;
  readonly checked: number;
  readonly ok: number;
  /** Of the good ones, those for which the store had no checksum to compare: only their sizes were. */
  readonly by_size: number;
  readonly missing: number;
  readonly corrupt: number;
  /** Since then every replica that was there all the time has been looked at; null where the samples have not come round yet. */
  readonly whole_since: string | null;
  /** Where the next sample begins, and when and where the present round of samples began. */
  readonly next: number;
  readonly round: { readonly at: string; readonly length: number };
}

const numbers = ["percent", "checked", "ok", "by_size", "missing", "corrupt", "next"] as const;

/** What was noted of a store; null for anything else. */
export function parseProof(text: string | undefined): StoreProof | null {
  if (text === undefined) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(read) || !isRecord(read["round"])) return null;
  const { at, whole_since: whole, round } = read;
  const figures = numbers.map((name) => read[name]);
  const isWhole = whole === null || typeof whole === "string";
  if (typeof at !== "string" || !isWhole || typeof round["at"] !== "string") return null;
  if (![...figures, round["length"]].every(Number.isFinite)) return null;
  const [percent = 0, checked = 0, ok = 0, by_size = 0, missing = 0, corrupt = 0, next = 0] =
    figures.map(Number);
  return {
    at,
    percent,
    checked,
    ok,
    by_size,
    missing,
    corrupt,
    whole_since: whole,
    next,
    round: { at: round["at"], length: Number(round["length"]) },
  };
}

/** How far the present round of samples has come; 100 where it ended with this check, or where that looked at everything. */
export const roundPercent = ({ round: { length } }: StoreProof): number =>
  length === 0 ? 100 : Math.floor((100 * length) / RING);

/** The stretch to look at now. */
export const arcOf = (last: StoreProof | null, percent: number): Arc => nextArc(last?.next ?? 0, percent);

/** Counts the findings of one store. */
export class ProofTally {
  #checked = 0;
  #ok = 0;
  #bySize = 0;
  #missing = 0;
  #corrupt = 0;

  add(finding: Exclude<VerifyFinding, { readonly kind: "unchecked" }>): void {
    this.#checked++;
    if (finding.kind === "ok") this.#ok++;
    if (finding.kind === "ok" && !finding.by_checksum && !finding.read_whole) this.#bySize++;
    if (finding.kind === "missing") this.#missing++;
    if (finding.kind === "corrupt") this.#corrupt++;
  }

  counts(): Pick<StoreProof, "checked" | "ok" | "by_size" | "missing" | "corrupt"> {
    return {
      checked: this.#checked,
      ok: this.#ok,
      by_size: this.#bySize,
      missing: this.#missing,
      corrupt: this.#corrupt,
    };
  }
}

/** What is to be noted after a check that was not cut short: the samples go on from there, and come round in the end. */
export function proofAfter(
  last: StoreProof | null,
  done: { readonly at: string; readonly percent: number; readonly arc: Arc | null },
  counts: ReturnType<ProofTally["counts"]>,
): StoreProof {
  const { at, percent, arc } = done;
  if (arc === null) {
    const round = { at, length: 0 };
    return { at, percent, ...counts, whole_since: at, next: last?.next ?? 0, round };
  }
  const begun = last === null || last.round.length === 0 ? { at, length: 0 } : last.round;
  const round = { at: begun.at, length: begun.length + arc.length };
  const isRound = round.length >= RING;
  return {
    at,
    percent,
    ...counts,
    whole_since: isRound ? round.at : (last?.whole_since ?? null),
    next: endOf(arc),
    round: isRound ? { at, length: 0 } : round,
  };
}
