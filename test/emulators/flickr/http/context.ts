import type { FlickrMachine } from "../machine/machine.js";
import type { FileStore } from "./file-store.js";
import type { HttpOptions } from "./options.js";

/** What every endpoint works on. */
export interface Context {
  readonly machine: FlickrMachine;
  readonly files: FileStore;
  readonly options: HttpOptions;
}
