/** What a fault does: an errno to fail with, or fewer bytes than asked for without any error. */
export type Fault = Errno | "short";

/** What the system may answer. */
export type Errno = "EIO" | "ENOSPC" | "EMFILE" | "EACCES" | "ENOENT";

/** Which operation is hit: by its place in the whole run, among those that change something, or at one call site. */
export type Target =
  | { readonly by: "number"; readonly number: number }
  | { readonly by: "change"; readonly number: number }
  | { readonly by: "site"; readonly site: string; readonly kind: string; readonly occurrence: number };

/** What the preloaded layer does, as `PHOTOSYNC_TEST_FS` says in JSON. */
export type Settings = {
  /** Only operations on paths at or below these are seen; absolute. */
  readonly roots: readonly string[];
  /** One line of JSON (`LoggedOperation`) is appended here for each operation, or only for the one that is hit. */
  readonly log: string;
} & (
  | { readonly mode: "count" }
  /** As `count`, and each line is written when the operation has ended, with the bytes that it wrote. */
  | { readonly mode: "record" }
  /** As a disk with a bad place: each reading of bytes at the roots fails with EIO, but for the first `after` of them. */
  | { readonly mode: "unreadable"; readonly after: number }
  | { readonly mode: "kill"; readonly target: Target; readonly when: "before" | "after" | "half" }
  | {
      readonly mode: "fail";
      readonly target: Target;
      readonly fault: Fault;
      /** Fails before, the first time that it is come to; only from then on the target is looked for. */
      readonly earlier?: EarlierFault;
      /** From the target on, every operation that needs room on the disk fails, as on a disk that is full. */
      readonly lasting?: boolean;
    }
);

/** A call site that fails so that another one is come to. */
export interface EarlierFault {
  readonly site: string;
  readonly kind: string;
  readonly fault: Errno;
}

/** The environment variable that carries the settings. */
export const SETTINGS_VARIABLE = "PHOTOSYNC_TEST_FS";

/** A line of the log. */
export interface LoggedOperation {
  /** 1 is the first operation of the process, all threads together. */
  readonly number: number;
  /** 1 is the first that changes something; 0 for those that do not. */
  readonly change: number;
  readonly kind: string;
  readonly path: string;
  /** The other path of `rename`, `link` and `copyFile`. */
  readonly to?: string;
  /** `infra/hash.js:12` below `dist/`: the nearest frame of ours, or where the file was opened; "" where there is none. */
  readonly site: string;
  /** The package that called, when a dependency did. */
  readonly dependency?: string;
  /** 0 is the main thread. */
  readonly thread: number;
  /** The operation carries bytes, so that it can be cut in the middle. */
  readonly carriesBytes?: boolean;
  /** Mode `record` only: how it ended (an errno, or null), what was written where, and how a file was opened. */
  readonly ended?: {
    readonly errno: string | null;
    /** The bytes that were written, base64. */
    readonly bytes?: string;
    /** Where in the file they begin; null is its end. */
    readonly position?: number | null;
    /** `open`: the flags, as a number of the system's `O_` constants; `truncate`: the new length. */
    readonly value?: number;
    /** The file descriptor that was opened or used. */
    readonly fd?: number;
  };
}

/** Reads the settings; null where the variable is not set. The sweeps write it, so it is trusted. */
export function settingsFrom(text: string | undefined): Settings | null {
  return text === undefined || text === "" ? null : JSON.parse(text);
}
