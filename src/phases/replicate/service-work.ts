import type { ServiceView } from "../../domain/service-wishes.js";
import type { PhotoTarget } from "../../ports/photo-service.js";
import type { UploadJournal } from "../../ports/upload-journal.js";
import type { ServiceDeps } from "./services/service-deps.js";

/** What replicating has to do with services: the accounts whose entry in the configuration lets photosync write there. */
export interface ServiceWork {
  /** All of them. */
  readonly views: readonly ServiceView[];
  /** Those that this run writes to, by name. */
  readonly targets: ReadonlyMap<string, PhotoTarget>;
  /** Those of which every photo is to be looked at anew. */
  readonly anew: ReadonlySet<string>;
  readonly journal: UploadJournal;
  readonly sleep: ServiceDeps["sleep"];
}
