import { failureOf, type PhotosyncError } from "../../../domain/errors.js";
import { isServiceDown } from "../../../infra/http/gave-up.js";
import type { ServiceStep, ServiceStepResult } from "./service-step.js";

/** So many failures in a row that each may pass by itself mean that the service is down. */
const DOWN_AFTER = 5;

const isForToday = (error: PhotosyncError): boolean => error.code.endsWith(".quota-used-up");

/** The failed step's result, with its error's words. */
export const failedStep = (step: ServiceStep, error: PhotosyncError): ServiceStepResult => ({
  step: step.id,
  outcome: "failed",
  failure: failureOf(step.photo_id, error),
  errorKind: error.kind,
});

/**
 * When a service is to be left alone for the rest of a run: sign-in needed, the day's requests used up, down, or one failure after
 * the other. The step that showed it is told of last, with the count of what is left over.
 */
class ServiceStop {
  #failuresInRow = 0;
  #blocked = 0;
  #last: { readonly step: ServiceStep; readonly error: PhotosyncError } | null = null;

  get hasStopped(): boolean {
    return this.#last !== null;
  }

  went(): void {
    this.#failuresInRow = 0;
  }

  /**
   * The step's result; null where the service has stopped with it, so that its result comes last. Steps that were under way then
   * and fail alike count as left over.
   */
  failed(step: ServiceStep, error: PhotosyncError): ServiceStepResult | null {
    if (this.#last?.error.code === error.code) return this.block(step);
    this.#failuresInRow = error.kind === "transient" ? this.#failuresInRow + 1 : 0;
    const isEnd =
      error.kind === "auth" || isServiceDown(error) || isForToday(error) || this.#failuresInRow >= DOWN_AFTER;
    if (!isEnd || this.#last !== null) return failedStep(step, error);
    this.#last = { step, error };
    return null;
  }

  /** The result of a step that is left over. */
  block(step: ServiceStep): ServiceStepResult {
    this.#blocked += 1;
    return { step: step.id, outcome: "blocked" };
  }

  /** What is to be told at the end. */
  *results(): Generator<ServiceStepResult> {
    if (this.#last === null) return;
    const { step, error } = this.#last;
    const failed = failedStep(step, error);
    const left = `Steps left over for ${step.target}: ${this.#blocked + 1}.`;
    const failure = failureOf(step.target, error);
    yield { ...failed, failure: { ...failure, message: `${failure.message} ${left}` } };
  }
}

/** The stops of a run's services. */
export class ServiceStops {
  readonly #stops = new Map<string, ServiceStop>();

  of(service: string): ServiceStop {
    const stop = this.#stops.get(service) ?? new ServiceStop();
    this.#stops.set(service, stop);
    return stop;
  }

  /** What is to be told of them once all else is done. */
  *results(): Generator<ServiceStepResult> {
    for (const stop of this.#stops.values()) yield* stop.results();
  }
}
