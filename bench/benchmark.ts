/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly photosync: string;
  /** What it is compared with, its figure included; a dash where the bar is an absolute one. */
  readonly alternative: string;
  readonly ratio: string;
  readonly bar: string;
  /** Null where nothing could be compared, or no bar is set. */
  readonly isMet: boolean | null;
}

/** What a benchmark is given to work with. */
export interface Bench {
  /** A folder of the benchmark's own, empty at first and removed after it. */
  readonly dir: string;
  /** The full number, or a hundredth of it in a smoke run; at least 1. */
  size(full: number): number;
  /** How often to repeat: the full number, or once in a smoke run. */
  rounds(full: number): number;
  /** Says on stderr what is going on. */
  log(text: string): void;
  /**
   * A folder that several benchmarks use, made once by `make`. It goes after the last of the benchmarks to run that names it in
   * `uses`, or stays for further runs with `--keep`. One that was left half-made is made again.
   */
  prepared(name: string, make: (folder: string) => Promise<void>): Promise<string>;
}

/** A named group of measurements whose rows belong together. */
export interface Benchmark {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** Names of the prepared folders that it asks for. */
  readonly uses: readonly string[];
  /** True where it needs what not every machine has: it runs only when it is named. */
  readonly isOnlyByName?: boolean;
  run(bench: Bench): Promise<readonly Row[]>;
}
