import { exposures } from "../domain/audit.js";
import type { CatalogSums, PhotoRow } from "../ports/catalog.js";
import type { LocalIndex } from "./local-index.js";

const KEY = "sums";

type State = PhotoRow["processing_state"];

/** Sums over photos that follow as photos come and go, so that `status` need not decode the row of each. */
export class RunningSums implements CatalogSums {
  photos = 0;
  blobs = 0;
  bytes = 0;
  conflicts = 0;
  discrepancies = 0;
  unresolved = 0;
  readonly states: Record<State, number> = { discovered: 0, resolved: 0, replicated: 0 };
  readonly byService = new Map<string, number>();
  readonly byStore = new Map<string, number>();

  /** The sums over these photos. */
  static of(rows: Iterable<PhotoRow>): RunningSums {
    const sums = new RunningSums();
    for (const row of rows) sums.count(row, 1);
    return sums;
  }

  /** The sums that the index has of the rows it describes; null where it has none. */
  static kept(index: LocalIndex): RunningSums | null {
    const text = index.state.get(KEY);
    if (text === undefined) return null;
    const { states, byService, byStore, ...plain }: Kept = JSON.parse(text);
    const sums = Object.assign(new RunningSums(), plain);
    Object.assign(sums.states, states);
    for (const [name, count] of byService) sums.byService.set(name, count);
    for (const [name, count] of byStore) sums.byStore.set(name, count);
    return sums;
  }

  /** To be called in the transaction that changes the rows. */
  keep(index: LocalIndex): void {
    const kept: Kept = { ...this, byService: [...this.byService], byStore: [...this.byStore] };
    index.state.putSync(KEY, JSON.stringify(kept));
  }

  /** Takes one photo in (1) or out (-1). */
  count(row: PhotoRow, sign: 1 | -1): void {
    const { processing_state: state } = row;
    this.photos += sign;
    this.states[state] += sign;
    this.conflicts += sign * row.conflicts;
    this.discrepancies += sign * exposures(row).length;
    if (state === "discovered" && row.conflicts === 0) this.unresolved += sign;
    for (const service of row.services) add(this.byService, service, sign);
    for (const blob of row.blobs) {
      this.blobs += sign;
      this.bytes += sign * blob.bytes;
      for (const store of Object.keys(blob.stores)) add(this.byStore, store, sign);
    }
  }
}

type Pairs = readonly (readonly [string, number])[];
type Kept = Omit<CatalogSums, "byService" | "byStore"> & {
  readonly byService: Pairs;
  readonly byStore: Pairs;
};

function add(counts: Map<string, number>, name: string, sign: 1 | -1): void {
  const count = (counts.get(name) ?? 0) + sign;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
