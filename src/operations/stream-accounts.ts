import { basename } from "node:path";
import type { LocalIndex } from "../control/local-index.js";
import type { FileEdit } from "../ports/control-plane.js";
import type { StreamAccount } from "../ports/photo-source.js";
import type { StreamSum } from "./results.js";

/** Keeps what became of every byte stream of a run: sums in memory, the lines on disk. */
export class StreamAccounts {
  readonly #index: LocalIndex;
  readonly #sums = new Map<string, { streams: number; bytes: number }>();
  #lines = 0;

  constructor(index: LocalIndex) {
    this.#index = index;
    index.streams.clearSync();
  }

  add(account: StreamAccount): void {
    const sum = this.#sums.get(account.verdict) ?? { streams: 0, bytes: 0 };
    this.#sums.set(account.verdict, { streams: sum.streams + 1, bytes: sum.bytes + account.sizeBytes });
    if (account.location.entry === undefined) return;
    this.#lines += 1;
    void this.#index.streams.put(
      `${account.location.path}#${account.location.entry}#${this.#lines}`.slice(-600),
      account,
    );
  }

  /** Sums by verdict, sorted by its name. */
  sums(): readonly StreamSum[] {
    return [...this.#sums]
      .map(([verdict, sum]) => ({ verdict, ...sum }))
      .sort((a, b) => (a.verdict < b.verdict ? -1 : 1));
  }

  /** Resolves when every account so far can be read back by `lines` and `report`. */
  async settled(): Promise<void> {
    await this.#index.root.committed;
  }

  /** Every account, archives' only, in the order of their places. */
  *lines(): Iterable<StreamAccount> {
    for (const { value } of this.#index.streams.getRange({})) yield value;
  }

  /** The committed report on every stream of the archives, or null when no archive was read. */
  report(path: string): FileEdit | null {
    if (this.#lines === 0) return null;
    const lines = Array.from(this.lines(), ({ location, sizeBytes, verdict, detail }) =>
      JSON.stringify({
        archive: basename(location.path),
        entry: location.entry,
        bytes: sizeBytes,
        verdict,
        detail,
      }),
    );
    const sums = this.sums().map((sum) => JSON.stringify(sum));
    const text = `{\n"schema_version": 1,\n"sums": [\n${sums.join(",\n")}\n],\n"streams": [\n${lines.join(",\n")}\n]\n}\n`;
    return { path, bytes: new TextEncoder().encode(text) };
  }
}
