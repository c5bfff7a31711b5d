import { PhotosyncError } from "../../domain/errors.js";
import type { Person } from "../../services/sign-in/way.js";
import type { Surroundings } from "../service-account.js";

/** What was said of a new store before anything is asked. */
export interface GivenStore {
  readonly type?: "local" | "s3";
  /** Absolute. */
  readonly path?: string;
  readonly preset?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly bucket?: string;
  /** Make the bucket. */
  readonly create: boolean;
  readonly versioning: boolean;
  readonly prefix?: string;
  readonly storageClass?: string;
  readonly serverSideEncryption?: string;
  readonly encryption?: "none" | "passphrase" | "recipients";
  readonly recipients: readonly string[];
  readonly maxUploadRate?: string;
  readonly concurrency?: number;
  readonly profile?: string;
  readonly machineRole: boolean;
}

export interface AddStoreOptions {
  readonly name?: string;
  readonly given: GivenStore;
  /** Secrets that are not known are read from standard input, one a line, in the order in which they would be asked. */
  readonly secretsFromInput: boolean;
  readonly test: boolean;
  readonly dryRun: boolean;
  readonly person: Person;
  readonly surroundings: Surroundings;
}

/** True where the flags leave open what kind of store it is, so that a person is led through everything. */
export const isOpen = ({ type, preset, endpoint, path, bucket }: GivenStore): boolean =>
  [type, preset, endpoint, path, bucket].every((each) => each === undefined);

/** `store.missing` (user): what has to be said and was not. */
export const missing = (what: readonly string[]): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.missing",
    message: `To add a store, these are missing: ${what.join(", ")}.`,
    next: ["Give them, or run photosync store add in a terminal, which asks for them."],
  });
