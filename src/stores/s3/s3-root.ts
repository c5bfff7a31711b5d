import { PhotosyncError } from "../../domain/errors.js";
import { withDeadline } from "../../infra/http/attempt.js";
import { unavailable } from "../../infra/http/failures.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import { asUnavailable } from "../as-unavailable.js";
import { holdsOne, type RecordedBlob } from "../holds-one.js";
import { otherLibrary } from "../store-marker.js";
import { sizesInBucket } from "./reading/list-bucket.js";
import { STORE_CODES } from "./requests/s3-errors.js";
import type { ProbedGround, ProbedParts, S3Ground } from "./s3-parts.js";
import { withSealing } from "./s3-parts.js";
import { PLAIN, type Sealing } from "./sealing/sealing.js";
import { WHERE_SETTINGS_ARE } from "./settings/bad-settings.js";
import { s3Url } from "./settings/s3-place.js";

/**
 * What marks a bucket and prefix as a store: `store` whose name and ways are known, `unmarked` where the mark is missing and blobs are there,
 * `none` where nothing shows that it was ever used, `unreadable` where it is not understood.
 */
export type Marked =
  | {
      readonly kind: "store";
      readonly name: string;
      /** The first commit of its library; null where it was marked before that was said. */
      readonly library: string | null;
      readonly sealing: Sealing;
    }
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
  write(parts: ProbedParts, library: string | null, call: Call): Promise<void>;
  /** Says in the mark whose store it is; not there where that is done in another way. */
  sign?(parts: ProbedParts, library: string, call: Call): Promise<void>;
}

type Standing =
  | { readonly kind: "ready"; readonly marked: boolean; readonly signed: boolean; readonly sealing: Sealing }
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
  /** Says in a mark that did not when it was last looked at that the store is this library's, where one of these blobs is in it. */
  sign(
    recorded: () => Iterable<RecordedBlob>,
    probed: () => Promise<ProbedGround>,
    call: Call,
  ): Promise<void>;
  /** Makes a `new` store a used one. Throws what keeps it from being one. */
  start(probed: () => Promise<ProbedGround>, call: Call): Promise<Sealing>;
}

/** `store.sealed` (user): it is encrypted, and the settings say that it is not. */
export const sealedElsewhere = (name: string, where: string): PhotosyncError =>
  new PhotosyncError({
    kind: "user",
    code: "store.sealed",
    message: `What is at ${where} is encrypted, and the settings of store ${name} say nothing of it; nothing is stored there in the clear.`,
    next: [
      `Give the store "encryption" as it was made with, or another bucket or prefix, ${WHERE_SETTINGS_ARE}.`,
    ],
  });

/** However often its requests are repeated, a server that has not said by then whether the store is there is out of reach. */
const LOOK_MS = 60_000;

export function s3Root(ground: S3Ground, marking: Marking): S3Root {
  const { name, requests, time, library } = ground;
  const where = s3Url(requests.place);
  let seen: Sealing | null = null;
  let isStarted = false;
  let isSigned = false;
  let trouble: PhotosyncError | null = null;

  async function inspect(call: Call): Promise<Standing> {
    const read = await marking.read(call);
    if (read.kind === "unreadable") return gone(read.why);
    if (read.kind === "unmarked")
      return { kind: "ready", marked: false, signed: false, sealing: read.sealing };
    if (read.kind === "none") return seen === null ? { kind: "new" } : gone("it was there a moment ago.");
    if (read.name !== name)
      return gone(`what is at ${where} is the store "${read.name}", as it says itself.`);
    const { library: first, sealing } = read;
    if (first !== null && library !== null && !(await library.knows(first)))
      return { kind: "gone", error: otherLibrary(name, where, first) };
    return { kind: "ready", marked: true, signed: first !== null, sealing };
  }

  const unusable = (why: string): PhotosyncError =>
    new PhotosyncError({
      kind: "user",
      code: "store.unavailable",
      message: `Store ${name} cannot be used: ${why}`,
      next: [`Correct its bucket and prefix ${WHERE_SETTINGS_ARE}, then run the same command again.`],
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
      isSigned = standing.signed;
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
      next: [`Correct its bucket and prefix ${WHERE_SETTINGS_ARE}, then run the same command again.`],
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
    async sign(recorded, probed, call) {
      if (library === null || marking.sign === undefined) return;
      const parts = withSealing(ground, await requireReady(call));
      if (isSigned || !(await holdsOne(recorded(), (keys) => sizesInBucket(parts, keys, call)))) return;
      const first = await library.first(call);
      // Another library may have come first since.
      const now = await look(call);
      if (first === null || now.kind !== "ready" || now.signed) return;
      await marking.sign(withSealing(await probed(), PLAIN), first, call);
      isSigned = true;
    },
    async start(probed, call) {
      throwIfAborted(call);
      if (isStarted && seen !== null) return seen;
      const standing = await look(call);
      if (standing.kind === "gone") throw standing.error;
      if (standing.kind === "ready" && standing.marked) return standing.sealing;
      // What only looks like a store may be anybody's.
      const first = standing.kind === "new" ? ((await library?.first(call)) ?? null) : null;
      await marking.write(withSealing(await probed(), PLAIN), first, call);
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
