import { basename } from "node:path";
import { IndexWrites } from "../control/index-writes.js";
import type { LocalIndex } from "../control/local-index.js";
import { digestOf } from "../infra/hash.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { StreamAccount } from "../ports/photo-source.js";
import type { StreamSum } from "./results.js";

interface Sum {
  readonly streams: number;
  readonly bytes: number;
}

/** LMDB keys end at 1,978 bytes; a UTF-16 unit takes three at most. */
const LONGEST_KEY = 600;

function count(sums: Map<string, Sum>, { verdict, sizeBytes }: StreamAccount): void {
  const { streams, bytes } = sums.get(verdict) ?? { streams: 0, bytes: 0 };
  sums.set(verdict, { streams: streams + 1, bytes: bytes + sizeBytes });
}

const sorted = (sums: ReadonlyMap<string, Sum>): readonly StreamSum[] =>
  [...sums].map(([verdict, sum]) => ({ verdict, ...sum })).sort((a, b) => (a.verdict < b.verdict ? -1 : 1));

/** Keeps what became of every byte stream of a run: sums in memory, the lines on disk. */
export class StreamAccounts {
  readonly #index: LocalIndex;
  readonly #writes: IndexWrites;
  readonly #sums = new Map<string, Sum>();
  readonly #namedSums = new Map<string, Sum>();
  readonly #unexplained: { readonly place: string; readonly account: StreamAccount }[] = [];
  #lines = 0;

  constructor(index: LocalIndex) {
    this.#index = index;
    this.#writes = new IndexWrites(index);
    index.streams.clearSync();
  }

  /** Takes one account; `named` ones are listed in the report. */
  add(account: StreamAccount, named: boolean): void {
    count(this.#sums, account);
    if (!named) return;
    count(this.#namedSums, account);
    this.#lines += 1;
    const place = `${account.location.path}#${account.location.entry ?? ""}#${this.#lines}`;
    if (account.verdict === "unexplained") this.#unexplained.push({ place, account });
    this.#writes.put(this.#index.streams, place.slice(-LONGEST_KEY), account);
  }

  /** Sums by verdict over all accounts, sorted by its name. */
  sums(): readonly StreamSum[] {
    return sorted(this.#sums);
  }

  /** The named accounts of streams that nothing explains, in the order of their places. */
  unexplained(): readonly StreamAccount[] {
    const sorted = [...this.#unexplained].sort((a, b) => (a.place < b.place ? -1 : 1));
    return sorted.map(({ account }) => account);
  }

  /** Resolves when every account so far is in what `report` gives. */
  async settled(): Promise<void> {
    await this.#writes.settled();
  }

  *#named(): Iterable<StreamAccount> {
    for (const { value } of this.#index.streams.getRange({})) yield value;
  }

  /**
   * The committed report on every stream of exports, or null when none was read. `day` (`2024-01-15`) begins its name, its
   * digest ends it: equal reports have equal names, whatever run made them.
   */
  report(day: string): FileEdit | null {
    if (this.#lines === 0) return null;
    const lines = Array.from(this.#named(), ({ location, sizeBytes, verdict, detail }) =>
      JSON.stringify({
        ...(location.entry === undefined ? {} : { archive: basename(location.path) }),
        entry: location.entry ?? location.path,
        bytes: sizeBytes,
        verdict,
        detail,
      }),
    );
    const sums = sorted(this.#namedSums).map((sum) => JSON.stringify(sum));
    const text = `{\n"schema_version": 1,\n"sums": [\n${sums.join(",\n")}\n],\n"streams": [\n${lines.join(",\n")}\n]\n}\n`;
    const path = `reports/${day}-discover-${digestOf(text).slice(0, 12)}.json`;
    return { path, bytes: new TextEncoder().encode(text) };
  }
}
