/** What a fuzzing process is told to do, as JSON in its last argument. */
export interface Order {
  /** Names of targets, tried one after the other: starting a process costs more than a thousand inputs. */
  readonly targets: readonly string[];
  readonly seed: number;
  /** For each target. */
  readonly seconds: number;
  /** Stop after this many mutated inputs, however much time is left; 0 for no limit. */
  readonly executions: number;
  /** Measure which code is reached and breed from inputs that reach new code. */
  readonly isGuided: boolean;
  /** Keep inputs that reach new code in the corpus. */
  readonly keep: boolean;
  /** A folder of real files to begin with, besides the seeds; nothing bred from them is kept. */
  readonly extra: string | null;
  /** Where the current input stands while it runs, for whoever finds this process hung or dead. */
  readonly currentPath: string;
}

/** What a fuzzing process reports. */
export type Report =
  | { readonly kind: "alive" }
  | { readonly kind: "begin"; readonly target: string }
  | { readonly kind: "failure"; readonly what: string; readonly path: string; readonly sizeBytes: number }
  | {
      readonly kind: "done";
      readonly executions: number;
      readonly seconds: number;
      readonly corpus: number;
      readonly found: number;
      readonly newCode: number;
    };
