import type { PhotosyncError } from "../../../domain/errors.js";
import type { Call } from "../../../ports/call.js";
import type { PhotoTarget } from "../../../ports/photo-service.js";
import type { UploadJournal } from "../../../ports/upload-journal.js";
import type { UploadStep } from "./service-step.js";
import type { ServiceStops } from "./service-stop.js";

/** An original on its way to a service, from the places that hold it, one after the other. */
export interface OriginalBytes {
  /**
   * The bytes from the place whose turn it is, proven while they are given out: where they prove wrong the last chunk is
   * never given, `failure` is set, and it is thrown. May be called again.
   */
  open(): AsyncIterable<Uint8Array>;
  /** Why the place whose turn it is gave no bytes or wrong ones: `original.changed` or `original.not-found` (partial). */
  readonly failure: PhotosyncError | null;
  /** True where no place is left. */
  readonly isExhausted: boolean;
  /** Goes on to the next place; `failure` is null again. */
  nextPlace(): void;
}

/** What carrying out steps on services takes. */
export interface ServiceDeps {
  readonly targets: ReadonlyMap<string, PhotoTarget>;
  /** Shared by all that a run does, and told by the caller in the end. */
  readonly stops: ServiceStops;
  readonly journal: UploadJournal;
  /** Resolves after so many milliseconds; an abort ends it at once with `cancelled`. */
  readonly sleep: (ms: number, call: Call) => Promise<void>;
  readonly originalOf: (step: UploadStep, call: Call) => OriginalBytes;
}
