import type { ContentHash } from "../domain/ids.js";
import type { Call } from "./call.js";

/** What stands under a path of a tree. */
export type Standing =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly sizeBytes: number }
  /** Nothing that a file may be written to: a folder, a link, or a path through one. */
  | { readonly kind: "foreign"; readonly what: string };

/** A file as it is to stand. */
export interface FileToWrite {
  /** Relative to the tree's root, with `/`. */
  readonly path: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  /** Time of last change that it gets, in milliseconds since 1970; null leaves the time of writing. */
  readonly modifiedMs: number | null;
  /** Whether a file of that name may be replaced. */
  readonly replaces: boolean;
}

export type Written =
  | { readonly kind: "written" }
  /** Somebody put a file there since it was looked at; it was left alone. */
  | { readonly kind: "taken" }
  /** The source gave other bytes; nothing was written under the name. */
  | { readonly kind: "wrong-bytes"; readonly found: string };

/**
 * A folder of files that belong to a person: nothing in it is touched that was not asked for, and nothing outside it is, also where somebody puts a link
 * in a folder's place meanwhile (but for the instant between a look and a file's making). A file is
 * under its name whole and durable, or not at all. Any number of calls may run at once. Errors: `restore.no-space`,
 * `restore.cannot-write` (user or transient), `restore.cannot-read`, `cancelled`. What a source throws passes unchanged.
 */
export interface FileTree {
  /** Absolute path. */
  readonly root: string;
  /** Makes the root where it is missing: what keeps everything from being written is told once, before anything is. */
  start(): Promise<void>;
  look(path: string): Promise<Standing>;
  /** Removes what killed runs left half-written beside a file that stands; what cannot be removed stays. */
  tidy(path: string): Promise<void>;
  /** The content hash of the file under a path. */
  hash(path: string, call: Call): Promise<ContentHash>;
  /** Bytes that can still be written to its disk. */
  freeBytes(): Promise<number>;
  write(file: FileToWrite, chunks: AsyncIterable<Uint8Array>, call: Call): Promise<Written>;
  /** Gives the file under `from` a second name; `apart` where the file system knows no links. */
  link(from: string, to: Pick<FileToWrite, "path" | "replaces">): Promise<Written["kind"] | "apart">;
}
