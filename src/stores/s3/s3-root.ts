import { PhotosyncError } from "../../domain/errors.js";
import { throwIfAborted } from "../../infra/until-aborted.js";
import type { Call } from "../../ports/call.js";
import { MARKER, type MarkerReading, markerText, parseMarker } from "../store-marker.js";
import { readObject } from "./read-object.js";
import { listObjects } from "./s3-objects.js";
import type { ProbedParts, S3Parts } from "./s3-parts.js";
import { s3Url } from "./s3-place.js";
import { storeObject } from "./store-object.js";

type Standing =
  | { readonly kind: "ready"; readonly marked: boolean }
  | { readonly kind: "new" }
  | { readonly kind: "gone"; readonly error: PhotosyncError };

const USED = /^(?:\d{4}|undated)\/$/;
const LARGEST_MARKER_BYTES = 64 * 1024;

/** Whether a bucket and prefix can be believed to be the store. */
export interface S3Root {
  /** Asks now. Throws `cancelled` and defects only. */
  look(call: Call): Promise<Standing>;
  /** What the last look that ended in `gone` was told. */
  trouble(): PhotosyncError | null;
  /** Throws `store.unavailable` unless the store is there and used. Once it was, it is believed: a bucket is not unplugged. */
  requireReady(call: Call): Promise<void>;
  /** Makes a `new` store a used one. Throws what keeps it from being one. */
  start(probed: () => Promise<ProbedParts>, call: Call): Promise<void>;
}

/** The same failure as `store.unavailable`, which is how the port says that a store cannot be asked; other errors as they are. */
export function asUnavailable(error: unknown, name: string): unknown {
  if (!(error instanceof PhotosyncError) || ["bug", "cancelled", "integrity"].includes(error.kind))
    return error;
  if (error.code === "store.unavailable" || !error.code.startsWith("store.")) return error;
  return new PhotosyncError({
    kind: "transient",
    code: "store.unavailable",
    message: `Store ${name} cannot be used now: ${error.message}`,
    next: error.next,
    data: { ...error.data, because: error.code },
    cause: error,
  });
}

export function s3Root(parts: S3Parts): S3Root {
  const { name, requests } = parts;
  let seenReady = false;
  let isStarted = false;
  let trouble: PhotosyncError | null = null;

  async function marker(call: Call): Promise<MarkerReading> {
    const none = new Error("no marker");
    const chunks: Uint8Array[] = [];
    const range = [0, LARGEST_MARKER_BYTES - 1] as const;
    try {
      for await (const chunk of readObject(
        requests,
        parts.objectOf(MARKER),
        range,
        async () => none,
        parts,
        call,
      ))
        chunks.push(chunk);
    } catch (error) {
      if (error === none) return { kind: "none" };
      throw error;
    }
    return parseMarker(Buffer.concat(chunks).toString("utf8"), s3Url(requests.place, MARKER));
  }

  async function inspect(call: Call): Promise<Standing> {
    const read = await marker(call);
    if (read.kind === "unreadable") return gone(read.why);
    if (read.kind === "store")
      return read.name === name
        ? { kind: "ready", marked: true }
        : gone(`what is at ${s3Url(requests.place)} is the store "${read.name}", as ${MARKER} there says.`);
    const { prefix } = requests.place;
    const page = await listObjects(requests, { prefix, delimiter: "/" }, call);
    if (page.folders.some((folder) => USED.test(folder.slice(prefix.length))))
      return { kind: "ready", marked: false };
    return seenReady ? gone("it was there a moment ago.") : { kind: "new" };
  }

  const gone = (why: string): Standing => ({
    kind: "gone",
    error: new PhotosyncError({
      kind: "user",
      code: "store.unavailable",
      message: `Store ${name} cannot be used: ${why}`,
      next: [
        "Correct its bucket and prefix in config/user-preferences.json, then run the same command again.",
      ],
    }),
  });

  async function look(call: Call): Promise<Standing> {
    throwIfAborted(call);
    let standing: Standing;
    try {
      standing = await inspect(call);
    } catch (error) {
      if (!(error instanceof PhotosyncError) || error.kind === "bug" || error.kind === "cancelled")
        throw error;
      standing = { kind: "gone", error };
    }
    seenReady ||= standing.kind === "ready";
    isStarted ||= standing.kind === "ready" && standing.marked;
    trouble = standing.kind === "gone" ? standing.error : null;
    return standing;
  }

  return {
    look,
    trouble: () => trouble,
    async requireReady(call) {
      throwIfAborted(call);
      if (seenReady) return;
      const standing = await look(call);
      if (standing.kind === "gone") throw asUnavailable(standing.error, name);
      if (standing.kind === "new") {
        throw new PhotosyncError({
          kind: "transient",
          code: "store.unavailable",
          message: `No photosync store is at ${s3Url(requests.place)}.`,
          next: [
            "Correct its bucket and prefix in config/user-preferences.json, then run the same command again.",
          ],
        });
      }
    },
    async start(probed, call) {
      throwIfAborted(call);
      if (isStarted) return;
      const standing = await look(call);
      if (standing.kind === "gone") throw standing.error;
      if (standing.kind === "ready" && standing.marked) return;
      const text = new TextEncoder().encode(markerText(name));
      await storeObject(
        await probed(),
        {
          key: parts.objectOf(MARKER),
          async *open() {
            yield text;
          },
          sizeBytes: text.length,
          accept: async () => true,
          ifAbsent: true,
          blob: null,
        },
        call,
      );
      // Another computer may have come first, with another store's name.
      const now = await look(call);
      if (now.kind === "gone") throw now.error;
    },
  };
}
