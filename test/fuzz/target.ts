import { PhotosyncError } from "../../src/domain/errors.js";

/** One parser of outside data under attack. */
export interface Target {
  readonly name: string;
  /** How inputs are changed: as bytes, or as JSON with odd values in it. */
  readonly mutation: "bytes" | "json";
  /** Good inputs, made by our own code. */
  readonly seeds: () => Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  /** Signatures and tags of the format (latin-1). */
  readonly tokens?: readonly string[];
  /** Makes checksums fit again, so that changes get past them. */
  readonly repair?: (bytes: Buffer) => Buffer;
  /** Names of real files that suit this target. */
  readonly files?: RegExp;
  /**
   * Parses the input and checks what came out; `scratch` is a folder of its own. The result is JSON and the same each time.
   * A `PhotosyncError` with a code is a clean answer, unless its kind is `bug`; anything else thrown is a defect.
   */
  readonly run: (input: Buffer, scratch: string) => Promise<unknown> | unknown;
}

/** Says what does not hold. */
export class BrokenPromise extends Error {}

/** Throws when `holds` is false. */
export function promise(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BrokenPromise(what);
}

/** The code of a clean error; throws what is none. */
export function cleanError(error: unknown): { readonly code: string } {
  if (error instanceof PhotosyncError && error.code !== "" && error.kind !== "bug")
    return { code: error.code };
  throw error;
}

/** What `parse` gives, or the code of its clean error. */
export function answer<T>(parse: () => T): T | { readonly code: string } {
  try {
    return parse();
  } catch (error) {
    return cleanError(error);
  }
}
