import type { Failure } from "../domain/errors.js";
import type { Call } from "./call.js";

/** One action of a plan. `id` is unique in its plan; `why` is for people. */
export interface Step {
  readonly id: string;
  readonly action: string;
  readonly photo_id: string;
  readonly target: string;
  readonly why: string;
}

/** Something that will not happen, and why. */
export interface HeldBack {
  readonly subject: string;
  readonly why: string;
  /** The account, where it is a service that does not take it: nothing is wrong with the library then. */
  readonly service?: string;
}

/** What will happen, all of it, in order; what will not, and why. Made without clock or randomness. */
export interface Plan<S extends Step> {
  readonly phase: "discover" | "resolve" | "replicate";
  /** The revision that was observed; executing on another one is refused. */
  readonly base: string;
  readonly steps: readonly S[];
  readonly held: readonly HeldBack[];
  /** SHA-256 of the canonical JSON of everything above. */
  readonly digest: string;
}

export interface StepResult {
  readonly step: string;
  readonly outcome: "done" | "already" | "blocked" | "failed";
  readonly bytes?: number;
  readonly failure?: Failure;
}

/** Time, given in so that tests can turn it. */
export interface Clock {
  /** RFC 3339 in UTC with seconds: `2024-01-15T10:30:00Z`. */
  now(): string;
}

/** How much there is, or was done: so many of what the stage goes through, and so many bytes. */
export interface Amount {
  readonly count?: number;
  readonly bytes?: number;
}

/** So much more was done; `failed` are among the `count`. */
export interface Advance extends Amount {
  readonly failed?: number;
}

/** Takes progress reports; never throws, may be called at any rate. */
export interface Progress {
  /**
   * A new stage, with its total where it is known. Stages that go on side by side each name their `lane`, such as an account; one
   * without a lane ends them all.
   */
  stage(label: string, total: Amount, lane?: string): void;
  advance(by: Advance, lane?: string): void;
  note(line: string): void;
}

/** What one run of a command hands to its phase. */
export interface Run extends Call {
  readonly clock: Clock;
  readonly progress: Progress;
}

/** observe (reads only) → plan (pure) → execute (acts, knows only the plan). */
export interface Phase<Seen, S extends Step, R extends StepResult = StepResult> {
  observe(run: Run): Promise<Seen>;
  plan(seen: Seen): Plan<S>;
  execute(plan: Plan<S>, run: Run): AsyncIterable<R>;
}
