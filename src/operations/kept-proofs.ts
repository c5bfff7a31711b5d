import type { VerifyFinding } from "../phases/verify/finding.js";
import type { Arc } from "../phases/verify/sample.js";
import type { Session } from "./session.js";
import {
  arcOf,
  ProofTally,
  parseProof,
  proofAfter,
  roundPercent,
  type StoreProof,
  type Way,
} from "./store-proofs.js";
import type { VerifyResult } from "./verify-result.js";

const keyOf = (way: Way, store: string): string => `proof ${way} ${store}`;

/** What the last check of a store in this way came to, as this computer noted it; null where there was none. */
export const keptProof = (index: Session["index"], way: Way, store: string): StoreProof | null =>
  parseProof(index.checked.get(keyOf(way, store)));

/** Counts what a check finds in each of these stores, and notes it on this computer once the check is over. */
export class KeptProofs {
  readonly #index: Session["index"];
  readonly #way: Way;
  readonly #percent: number;
  readonly #tallies: ReadonlyMap<string, ProofTally>;
  /** The stretch of each store that is to be looked at; null where that is everything. */
  readonly samples: ReadonlyMap<string, Arc> | null;
  /** Stores of which some replicas could not be looked at. */
  readonly troubled = new Set<string>();

  constructor(index: Session["index"], stores: readonly string[], way: Way, percent: number) {
    this.#index = index;
    this.#way = way;
    this.#percent = percent;
    this.#tallies = new Map(stores.map((name) => [name, new ProofTally()]));
    this.samples =
      percent < 100
        ? new Map(stores.map((name) => [name, arcOf(keptProof(index, way, name), percent)]))
        : null;
  }

  add(finding: VerifyFinding): void {
    if (finding.kind === "unchecked") this.troubled.add(finding.store);
    else this.#tallies.get(finding.store)?.add(finding);
  }

  /** What the check that was begun at `at` came to; one that was cut short, or met trouble in a store, leaves no note of that store. */
  end(at: string, isCutShort: boolean): VerifyResult["proofs"] {
    const way = this.#way;
    const percent = this.#percent;
    return Array.from(this.#tallies, ([store, tally]) => {
      const is_whole = !this.troubled.has(store) && !isCutShort;
      const arc = this.samples?.get(store) ?? null;
      const proof = proofAfter(keptProof(this.#index, way, store), { at, percent, arc }, tally.counts());
      if (is_whole) {
        this.#index.checked.putSync(keyOf(way, store), JSON.stringify(proof));
        if (way === "deep" && proof.whole_since !== null)
          this.#index.checked.putSync(`verify ${store}`, proof.whole_since);
      }
      return { store, way, percent, ...tally.counts(), round_percent: roundPercent(proof), is_whole };
    });
  }
}
