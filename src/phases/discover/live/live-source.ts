import type { Run } from "../../../ports/phase.js";
import type { ScanOutcome, ScanSink } from "../scan.js";

/** An account of a service, as `discover` reads it: it lists, downloads what is new, and tells findings. */
export interface LiveSource {
  readonly service: string;
  /**
   * Reads the account. What goes wrong there is a failure of the outcome, and keeps no other source from being read; only an
   * abort, and a disk that cannot be used, are thrown.
   */
  look(sink: Pick<ScanSink, "finding" | "media">, run: Run): Promise<ScanOutcome>;
}
