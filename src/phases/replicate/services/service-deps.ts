import type { PhotoTarget } from "../../../ports/photo-service.js";
import type { UploadJournal } from "../../../ports/upload-journal.js";
import type { UploadStep } from "./service-step.js";

/** What carrying out steps on services takes. */
export interface ServiceDeps {
  readonly targets: ReadonlyMap<string, PhotoTarget>;
  readonly journal: UploadJournal;
  /**
   * The original's bytes from wherever they are at hand, proven while they are given out: where they prove wrong the last
   * chunk is never given, and `original.changed` or `original.not-found` is thrown. May be called again.
   */
  readonly openOriginal: (step: UploadStep) => AsyncIterable<Uint8Array>;
}
