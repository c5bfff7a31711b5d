import { PhotosyncError } from "../../domain/errors.js";
import { withDeadline } from "../../infra/http/attempt.js";
import { unavailable } from "../../infra/http/failures.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import { STORE_CODES } from "./s3-errors.js";
import type { ProbedGround, ProbedParts, S3Ground } from "./s3-parts.js";
import { withSealing } from "./s3-parts.js";
import { s3Url } from "./s3-place.js";
import { PLAIN, type Sealing } from "./sealing.js";

/**
 * What marks a bucket and prefix as a store: `store` whose name and ways are known, `unmarked` where the mark is missing and blobs are there,
 * `none` where nothing shows that it was ever used, `unreadable` where it is not understood.
 */
export type Marked =
  | { readonly kind: "store"; readonly name: string; readonly sealing: Sealing }
  | { readonly kind: "unmarked"; readonly sealing: Sealing }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string };

/** How a kind of store is marked. */
export interface Marking {
  /** How its objects are read, where that is known without a look. */
  readonly sealing: Sealing | null;
  /** Throws what requests throw, and for a sealed store what keeps it from being opened. */
  read(call: Call): Promise<Marked>;
  /** Marks a store that is not; another computer may come first, which is no error. */
  write(parts: ProbedParts, call: Call): Promise<void>;
}

type Standing =
  | { readonly kind: "ready"; readonly marked: boolean; readonly sealing: Sealing }
  | { readonly kind: "new" }
  | { readonly kind: "gone"; readonly error: PhotosyncError };

/** Whether a bucket and prefix can be believed to be the store. */
export interface S3Root {
  /** Asks now. Throws `cancelled` and defects only. */
  look(call: Call): Promise<Standing>;
  /** What the last look that ended in `gone` was told, or what was met since. */
  trouble(): PhotosyncError | null;
  /** Notes why the store could not be asked after all. */
  met(error: unknown): void;
  /** Throws `store.unavailable` unless the store is there and used. Once it was, it is believed: a bucket is not unplugged. */
  requireReady(call: Call): Promise<Sealing>;
  /** How its objects are read, without a look where that is known anyway. Throws as `requireReady` does. */
  sealing(call: Call): Promise<Sealing>;
  /** What the store that is there calls itself; null where none does. Throws what requests throw, and what keeps a sealed one from being opened. */
  nameThere(call: Call): Promise<string | null>;
  /** Makes a `new` store a used one. Throws what keeps it from being one. */
  start(probed: () => Promise<ProbedGround>, call: Call): Promise<Sealing>;
}

/** The same failure as `store.unavailable`, which is how the port says that a store cannot be asked; other errors as they are. */
export function asUnavailable(error: unknown, name: string): unknown {
  if (!(error instanceof PhotosyncError) || ["bug", "cancelled", "integrity"].includes(error.kind))
    return error;
  // That one object lies in an archive says nothing of the store.
  if (
    error.code === "store.unavailable" ||
    error.code === "store.archived" ||
    !error.code.startsWith("store.")
  )
    return error;
  return new PhotosyncError({
    kind: "transient",
    code: "store.unavailable",
    message: `Store ${name} cannot be used now: ${error.message}`,
    next: error.next,
    data: { ...error.data, because: error.code },
    cause: error,
  });
}

/** `store.sealed` (user): it is encrypted, and the settings say that it is not. */
export const sealedElsewhere = (name: string, where: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.sealed",
    message: `What is at ${where} is encrypted, and the settings of store ${name} say nothing of it; nothing is stored there in the clear.`,
    next: [
      'Give the store "encryption" in config/user-preferences.json as it was made with, or another bucket or prefix.',
    ],
  });

/** However often its requests are repeated, a server that has not said by then whether the store is there is out of reach. */
const LOOK_MS = 60_000;

export function s3Root({ name, requests, time }: S3Ground, marking: Marking): S3Root {
  const where = s3Url(requests.place);
  let seen: Sealing | null = null;
  let isStarted = false;
  let trouble: PhotosyncError | null = null;

  async function inspect(call: Call): Promise<Standing> {
    const read = await marking.read(call);
    if (read.kind === "unreadable") return gone(read.why);
    if (read.kind === "unmarked") return { kind: "ready", marked: false, sealing: read.sealing };
    if (read.kind === "none") return seen === null ? { kind: "new" } : gone("it was there a moment ago.");
    return read.name === name
      ? { kind: "ready", marked: true, sealing: read.sealing }
      : gone(`what is at ${where} is the store "${read.name}", as it says itself.`);
  }

  const unusable = (why: string): PhotosyncError =>
    new PhotosyncError({
      kind: "user",
      code: "store.unavailable",
      message: `Store ${name} cannot be used: ${why}`,
      next: [
        "Correct its bucket and prefix in config/user-preferences.json, then run the same command again.",
      ],
    });
  const gone = (why: string): Standing => ({ kind: "gone", error: unusable(why) });

  const silent = () =>
    unavailable({
      account: STORE_CODES,
      message: `Store ${name} has not answered for ${LOOK_MS / 1000} s.`,
    });

  async function look(call: Call): Promise<Standing> {
    throwIfAborted(call);
    let standing: Standing;
    try {
      standing = await withDeadline(inspect, { ms: LOOK_MS, error: silent }, time, call);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled")
        throw error;
      standing = { kind: "gone", error };
    }
    if (standing.kind === "ready") {
      seen = standing.sealing;
      isStarted ||= standing.marked;
    }
    trouble = standing.kind === "gone" ? standing.error : null;
    return standing;
  }

  async function requireReady(call: Call): Promise<Sealing> {
    throwIfAborted(call);
    if (seen !== null) return seen;
    const standing = await look(call);
    if (standing.kind === "ready") return standing.sealing;
    if (standing.kind === "gone") throw asUnavailable(standing.error, name);
    throw new PhotosyncError({
      kind: "transient",
      code: "store.unavailable",
      message: `No photosync store is at ${where}.`,
      next: [
        "Correct its bucket and prefix in config/user-preferences.json, then run the same command again.",
      ],
    });
  }

  return {
    look,
    trouble: () => trouble,
    met(error) {
      if (error instanceof PhotosyncError && error.kind !== "cancelled") trouble = error;
    },
    requireReady,
    async nameThere(call) {
      throwIfAborted(call);
      const read = await marking.read(call);
      if (read.kind === "unreadable") throw unusable(read.why);
      return read.kind === "store" ? read.name : null;
    },
    sealing: async (call) => marking.sealing ?? requireReady(call),
    async start(probed, call) {
      throwIfAborted(call);
      if (isStarted && seen !== null) return seen;
      const standing = await look(call);
      if (standing.kind === "gone") throw standing.error;
      if (standing.kind === "ready" && standing.marked) return standing.sealing;
      await marking.write(withSealing(await probed(), PLAIN), call);
      // Another computer may have come first, with another store's name.
      const now = await look(call);
      if (now.kind === "gone") throw now.error;
      if (now.kind === "ready") return now.sealing;
      throw new PhotosyncError({
        kind: "integrity",
        code: "store.unreliable",
        message: `Store ${name} does not show what had just been written to it.`,
        next: ["Do not rely on this store; report this message to its provider."],
      });
    },
  };
}
